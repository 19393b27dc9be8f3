namespace CanPay.Gateway.Http;

/// <summary>What every answer tells a browser, whatever it is and whichever slice makes it. Pages say more (<c>PageHeaders</c>).</summary>
internal static class SafeHeaders
{
    /// <summary>Stands behind what knows the scheme, and before everything that answers.</summary>
    public static void UseSafeHeaders(this WebApplication app) => app.Use((context, next) =>
    {
        Say(context);
        return next(context);
    });

    /// <summary>Again, after an answer was begun anew.</summary>
    public static void Say(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "frame-ancestors 'none'; base-uri 'none'";
        if (context.Request.IsHttps)
        {
            headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains";
        }
    }
}
