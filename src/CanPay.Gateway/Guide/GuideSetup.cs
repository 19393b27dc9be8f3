using CanPay.Gateway.Checkout;
using CanPay.Gateway.Http;
using Scalar.AspNetCore;

namespace CanPay.Gateway.Guide;

/// <summary>The merchants' guide at <c>/documents</c>, its PDF, <c>openapi.json</c>, and a page to try the calls out.</summary>
internal static class GuideSetup
{
    private const string Root = "/documents";
    private const string Reference = Root + "/api";
    private const string Again = "public, max-age=300";
    private const string ForEver = "public, max-age=31536000, immutable";

    /// <summary>As strict as the payer's page; nothing of ours is inline.</summary>
    private const string Policy =
        "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self'; "
        + "form-action 'none'; frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    /// <summary>Scalar writes styles and a script into its page and compiles templates; only this one page may, and it still loads nothing from elsewhere.</summary>
    private const string ReferencePolicy =
        "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; font-src 'self' data:; "
        + "img-src 'self' data: blob:; connect-src 'self'; worker-src 'self' blob:; form-action 'none'; frame-ancestors 'none'; base-uri 'none'";

    public static IServiceCollection AddGuide(this IServiceCollection services) => services.AddSingleton<GuideLibrary>();

    public static void MapGuide(this WebApplication app)
    {
        app.MapMethods(Root, [HttpMethods.Get, HttpMethods.Head], Page)
            .WithMetadata(new AccessAttribute(Caller.Anyone) { Cookies = Cookies.Language });
        app.MapMethods(Root + "/{file}", [HttpMethods.Get, HttpMethods.Head], File).WithMetadata(new AccessAttribute(Caller.Anyone));
        app.MapGet(Root + "/address", (HttpContext context) =>
        {
            SetHeaders(context, Policy);
            context.Response.Headers.CacheControl = "no-store";
            return Results.Text(ClientAddress.Of(context) + "\n", "text/plain; charset=utf-8");
        }).WithMetadata(new AccessAttribute(Caller.Anyone));
        app.MapMethods(Root + "/openapi.json", [HttpMethods.Get, HttpMethods.Head], (HttpContext context, GuideLibrary library) =>
        {
            SetHeaders(context, Policy);
            return library.OpenApi(context.Request.Query["lang"] == "fa" ? "fa" : "en").Send(context, Again);
        }).WithMetadata(new AccessAttribute(Caller.Anyone));
        app.MapScalarApiReference(Reference, Configure).WithMetadata(new AccessAttribute(Caller.Anyone));
    }

    /// <summary>Scalar's page sends its answer itself, so its headers are put on before.</summary>
    public static void UseGuideHeaders(this WebApplication app) => app.Use((context, next) =>
    {
        if (context.Request.Path.StartsWithSegments(Reference, StringComparison.Ordinal))
        {
            SetHeaders(context, ReferencePolicy);
        }

        return next(context);
    });

    private static void Configure(ScalarOptions options, HttpContext context)
    {
        var language = Languages.Of(context.Request).Language;
        options
            .WithTitle(GuideWords.Of(language).Reference)
            .WithOpenApiRoutePattern($"{Root}/openapi.json?lang={language}")
            .DisableDefaultFonts()
            .DisableTelemetry()
            .DisableAgent();
    }

    private static Task Page(HttpContext context, GuideLibrary library)
    {
        SetHeaders(context, Policy);
        Languages.Remember(context);
        var words = Languages.Of(context.Request);
        context.Response.Headers.ContentLanguage = words.Language;
        context.Response.Headers.Vary = "Accept-Language, Cookie";
        return library.Page(words.Language).Send(context, "private, no-cache");
    }

    private static Task File(string file, HttpContext context, GuideLibrary library)
    {
        if (library.Find(file) is not { } found)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        SetHeaders(context, Policy);
        return found.Send(context, file.EndsWith(".pdf", StringComparison.Ordinal) ? Again : ForEver);
    }

    private static void SetHeaders(HttpContext context, string policy)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "strict-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
        headers.XFrameOptions = "DENY";
        if (context.Request.IsHttps)
        {
            headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains";
        }
    }
}
