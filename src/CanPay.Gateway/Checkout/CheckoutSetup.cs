using System.IO.Compression;
using Microsoft.AspNetCore.Mvc.Razor;
using Microsoft.AspNetCore.ResponseCompression;

namespace CanPay.Gateway.Checkout;

internal static class CheckoutSetup
{
    public static IServiceCollection AddCheckout(this IServiceCollection services)
    {
        services.AddRazorPages(pages =>
        {
            pages.RootDirectory = "/Checkout/Pages";
            pages.Conventions.ConfigureFilter(new OnlyKnownMethods());
        });
        services.Configure<RazorViewEngineOptions>(razor => razor.PageViewLocationFormats.Add("/Checkout/Pages/{0}.cshtml"));
        // Persian goes out as it is, not as numbers of characters: half the bytes.
        services.Configure<Microsoft.Extensions.WebEncoders.WebEncoderOptions>(encoders =>
            encoders.TextEncoderSettings = new System.Text.Encodings.Web.TextEncoderSettings(System.Text.Unicode.UnicodeRanges.All));
        services.AddSingleton<ReceiptLinks>();
        services.AddSingleton<Captchas>();
        services.AddResponseCompression(compression =>
        {
            // Over TLS, too: the one secret of a page, the key of its forms, is another text each time (PageSession), cookies
            // do not come with requests that other sites make in the background, and requests are counted by address.
            compression.EnableForHttps = true;
            compression.MimeTypes = ["text/html"];
        });
        services.Configure<BrotliCompressionProviderOptions>(brotli => brotli.Level = CompressionLevel.Optimal);
        return services;
    }

    /// <summary>Stands before whatever writes pages. Assets are compressed once, and the merchants' API is none of a page's business.</summary>
    public static void UsePageCompression(this WebApplication app) => app.UseWhen(
        context => context.Request.Path.StartsWithSegments("/ipg", StringComparison.Ordinal) || context.Request.Path.StartsWithSegments("/r", StringComparison.Ordinal),
        pages => pages.UseResponseCompression());

    public static void MapCheckout(this WebApplication app)
    {
        Assets.Map(app);
        app.MapRazorPages();
    }
}
