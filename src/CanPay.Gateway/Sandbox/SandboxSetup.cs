using System.Globalization;
using System.Security.Cryptography;
using CanPay.Gateway.Api;
using CanPay.Gateway.Http;
using CanPay.Gateway.Payments;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace CanPay.Gateway.Sandbox;

internal static class SandboxSetup
{
    private const string Root = "/sandbox";
    private static readonly byte[] Style = Load("sandbox.css");
    private static readonly string StyleAddress = $"{Root}/assets/sandbox.{Convert.ToHexStringLower(SHA256.HashData(Style))[..10]}.css";

    public static IServiceCollection AddSandbox(this IServiceCollection services)
    {
        services.AddRazorComponents();
        services.AddSingleton<CallRecorder>();
        services.AddSingleton<ICallRecorder>(provider => provider.GetRequiredService<CallRecorder>());
        return services.AddHostedService(provider => provider.GetRequiredService<CallRecorder>());
    }

    /// <summary>What became of a payment that moves no money, step by step, for whoever has its token.</summary>
    public static void MapSandbox(this WebApplication app)
    {
        app.MapGet(StyleAddress, (HttpContext context) =>
        {
            context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
            return Results.Bytes(Style, "text/css; charset=utf-8");
        }).WithMetadata(new AccessAttribute(Caller.Anyone));
        app.MapGet(Root + "/{token}", Show).WithMetadata(new AccessAttribute(Caller.TestTokenHolder));
        app.MapPost(Root + "/{token}/advance", Advance)
            .WithMetadata(new AccessAttribute(Caller.TestTokenHolder) { MaxBodyBytes = GatewayHost.MaxBodyBytes });
    }

    private static async Task<IResult> Show(
        string token, HttpContext context, IPaymentStore payments, ISandboxStore store, IOptions<SandboxOptions> sandbox, CancellationToken ct)
    {
        if (await Find(token, payments, sandbox, ct) is not { } payment)
        {
            return Results.NotFound();
        }

        SetHeaders(context);
        var words = SandboxWords.Of(context.Request);
        return new RazorComponentResult<SandboxPage>(new
        {
            Payment = payment,
            Steps = await store.Steps(payment.Id, token, ct),
            Words = words,
            StyleAddress,
        });
    }

    private static async Task<IResult> Advance(
        string token, HttpContext context, PublicUrl url, IPaymentStore payments, ITestClock clock, JobSignal jobs, IOptions<SandboxOptions> sandbox, CancellationToken ct)
    {
        // Whoever has the token may; another site in a browser may not.
        if (context.Request.Headers.Origin.ToString() is { Length: > 0 } origin && origin != url.Origin)
        {
            return Results.StatusCode(StatusCodes.Status403Forbidden);
        }

        if (await Find(token, payments, sandbox, ct) is not { } payment)
        {
            return Results.NotFound();
        }

        var form = await context.Request.ReadFormAsync(ct);
        if (int.TryParse(form["seconds"], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= 86_400)
        {
            await clock.Advance(payment.MerchantId, TimeSpan.FromSeconds(seconds), ct);
            jobs.Wake();
        }

        return Results.Redirect($"{Root}/{token}{context.Request.QueryString}");
    }

    private static async Task<Payment?> Find(string token, IPaymentStore payments, IOptions<SandboxOptions> sandbox, CancellationToken ct) =>
        PaymentToken.IsWellFormed(token) && await payments.Find(token, ct) is { } payment && (payment.IsTest || sandbox.Value.Enabled) ? payment : null;

    private static void SetHeaders(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers["X-Robots-Tag"] = "noindex, nofollow";
    }

    private static byte[] Load(string name)
    {
        using var stream = typeof(SandboxSetup).Assembly.GetManifestResourceStream("CanPay.Gateway.Sandbox." + name)!;
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }
}
