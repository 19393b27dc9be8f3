using CanPay.Client;
using Microsoft.Extensions.Options;

namespace CanPay.Samples.Shop;

internal static class ShopHost
{
    private const string DemoMerchant = "111-222-333-444";

    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? customize = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = args,
            ApplicationName = typeof(ShopHost).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("System.Net.Http", LogLevel.Warning);
        builder.Services.Configure<ShopOptions>(builder.Configuration.GetSection(ShopOptions.Section));
        builder.Services.AddCanPay(canPay =>
        {
            canPay.BaseUrl = new Uri("http://127.0.0.1:5080/");
            canPay.Merchant = DemoMerchant;
            builder.Configuration.GetSection(CanPayOptions.Section).Bind(canPay);
        });
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(services =>
            new Orders(services.GetRequiredService<IOptions<ShopOptions>>().Value.Folder(), services.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton<Payments>();
        builder.Services.AddHostedService<OpenOrders>();
        builder.Services.AddRazorPages();
        builder.Services.Configure<Microsoft.Extensions.WebEncoders.WebEncoderOptions>(encoders =>
            encoders.TextEncoderSettings = new System.Text.Encodings.Web.TextEncoderSettings(System.Text.Unicode.UnicodeRanges.All));
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        customize?.Invoke(builder);

        var app = builder.Build();
        app.Urls.Clear();
        app.Urls.Add(app.Services.GetRequiredService<IOptions<ShopOptions>>().Value.Url);
        app.Services.GetRequiredService<Orders>().Prepare();
        app.MapGet("/health", () => Results.Text("ok"));
        app.MapGet("/shop.css", () => Results.Content(Looks.Css, "text/css; charset=utf-8"));
        app.MapMethods(Payments.CallbackPath, ["GET", "POST"], ComeBack);
        app.MapPost(Webhook.Path, Webhook.Take);
        app.MapRazorPages();
        return app;
    }

    /// <summary>
    /// A cross-site POST: the browser sends no SameSite=Lax cookies and no antiforgery token of ours. The order is found by what
    /// comes back, and believed only after the gateway was asked.
    /// </summary>
    private static async Task<IResult> ComeBack(HttpRequest request, Payments payments, CancellationToken ct)
    {
        var form = request.HasFormContentType ? await request.ReadFormAsync(ct) : null;
        var callback = PaymentCallback.Parse(name => form is not null ? form[name] : request.Query[name]);
        return callback is not null && await payments.ComeBack(callback, ct) is { } order
            ? new SeeOther($"/orders/{order.Key}")
            : Results.Content(Looks.NotACallback, "text/html; charset=utf-8", statusCode: StatusCodes.Status400BadRequest);
    }

    private sealed class SeeOther(string url) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
            httpContext.Response.Headers.Location = url;
            return Task.CompletedTask;
        }
    }
}
