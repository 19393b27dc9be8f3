using Microsoft.Extensions.Primitives;

namespace CanPay.Gateway.Http;

/// <summary>What every answer says to a browser, whoever wrote it: errors, assets and the merchants' API as well as pages.</summary>
internal static class AnswerHeaders
{
    /// <summary>For what is no page: nothing is loaded, run or framed.</summary>
    private const string Nothing = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private const string OnlyHttps = "max-age=31536000; includeSubDomains";

    /// <summary>Stands before everything that answers. Pages set a policy of their own, and keep it.</summary>
    public static void UseAnswerHeaders(this WebApplication app) => app.Use((context, next) =>
    {
        context.Response.OnStarting(Add, context);
        return next(context);
    });

    private static Task Add(object state)
    {
        var context = (HttpContext)state;
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        if (StringValues.IsNullOrEmpty(headers.ContentSecurityPolicy))
        {
            headers.ContentSecurityPolicy = Nothing;
        }

        if (context.Response.ContentType is "text/html" or "text/javascript") // Scalar's
        {
            context.Response.ContentType += "; charset=utf-8";
        }

        if (context.Request.IsHttps)
        {
            headers.StrictTransportSecurity = OnlyHttps;
        }

        return Task.CompletedTask;
    }
}
