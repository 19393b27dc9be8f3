using System.Security.Cryptography;

namespace CanPay.Samples.Shop;

/// <summary>Recognises a browser, so that it finds its own orders again.</summary>
internal static class Browser
{
    private const string Cookie = "shop-visitor";

    public static string Id(HttpContext context)
    {
        if (context.Request.Cookies.TryGetValue(Cookie, out var known) && known.Length == 32)
        {
            return known;
        }

        var id = RandomNumberGenerator.GetHexString(32, lowercase: true);
        context.Response.Cookies.Append(
            Cookie, id, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Lax, MaxAge = TimeSpan.FromDays(365) });
        return id;
    }
}
