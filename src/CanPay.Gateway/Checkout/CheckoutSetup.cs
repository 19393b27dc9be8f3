using Microsoft.AspNetCore.Mvc.Razor;

namespace CanPay.Gateway.Checkout;

internal static class CheckoutSetup
{
    public static IServiceCollection AddCheckout(this IServiceCollection services)
    {
        services.AddRazorPages(pages => pages.RootDirectory = "/Checkout/Pages");
        services.Configure<RazorViewEngineOptions>(razor => razor.PageViewLocationFormats.Add("/Checkout/Pages/{0}.cshtml"));
        // Persian goes out as it is, not as numbers of characters: half the bytes.
        services.Configure<Microsoft.Extensions.WebEncoders.WebEncoderOptions>(encoders =>
            encoders.TextEncoderSettings = new System.Text.Encodings.Web.TextEncoderSettings(System.Text.Unicode.UnicodeRanges.All));
        services.AddSingleton<ReceiptLinks>();
        services.AddSingleton<Captchas>();
        return services;
    }

    public static void MapCheckout(this WebApplication app)
    {
        Assets.Map(app);
        app.MapRazorPages();
    }
}
