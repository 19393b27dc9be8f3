namespace CanPay.Gateway.Checkout;

/// <summary>What every page says to the browser.</summary>
internal static class PageHeaders
{
    /// <summary>Sets the headers of a page.</summary>
    /// <param name="formTarget">Origin of the payment's callback: the only place outside ours that a form may be sent to.</param>
    public static void Set(HttpContext context, string? formTarget)
    {
        foreach (var (name, value) in Of(context.Request.IsHttps, formTarget))
        {
            context.Response.Headers[name] = value;
        }
    }

    /// <summary>Of every cookie of ours: for this site only, and no script reads it.</summary>
    public static CookieOptions Cookie(HttpContext context, TimeSpan lifetime) => new()
    {
        HttpOnly = true,
        IsEssential = true, // the page needs it, or the payer asked for it by name
        Secure = context.Request.IsHttps,
        SameSite = SameSiteMode.Lax,
        Path = "/",
        MaxAge = lifetime,
    };

    public static IEnumerable<(string Name, string Value)> Of(bool isHttps, string? formTarget)
    {
        yield return ("Content-Security-Policy",
            "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; img-src 'self' data:; media-src 'self'; connect-src 'self'; "
            + $"form-action 'self'{(formTarget is null ? "" : " " + formTarget)}; frame-ancestors 'none'; base-uri 'none'; "
            + "require-trusted-types-for 'script'; trusted-types 'none'");
        yield return ("Cache-Control", "no-store");
        yield return ("Pragma", "no-cache");
        yield return ("Referrer-Policy", "strict-origin");
        yield return ("X-Frame-Options", "DENY");
        yield return ("X-Content-Type-Options", "nosniff");
        yield return ("Cross-Origin-Opener-Policy", "same-origin");
        yield return ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
        yield return ("X-Robots-Tag", "noindex, nofollow");
        if (isHttps)
        {
            yield return ("Strict-Transport-Security", "max-age=31536000; includeSubDomains");
        }
    }
}
