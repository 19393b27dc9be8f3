using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;

namespace CanPay.Gateway.Checkout;

/// <summary>One browser at one payment. Lives in a cookie that only we can write, so that no node must remember it.</summary>
/// <param name="Token">The payment; a cookie copied to another payment is worth nothing.</param>
/// <param name="Id">128 random bits.</param>
/// <param name="HasArrived">The payer came from the shop, or said "continue" on the page that explains.</param>
internal sealed record PageSession(string Token, string Id, bool HasArrived)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    /// <summary>What the payment is bound to when this browser pays or cancels.</summary>
    public string BrowserHash => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(Id)));

    /// <summary>
    /// Stands in every form that we give to this browser: a foreign page can send our form, but knows neither the cookie's id
    /// nor what follows from it.
    /// </summary>
    public string FormKey => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes("form|" + Id)));

    /// <summary>The form was given to this browser for this payment.</summary>
    public bool Gave(string? formKey) =>
        formKey is not null && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(FormKey), Encoding.UTF8.GetBytes(formKey));

    /// <summary>The session of this browser at this payment, if it has one.</summary>
    public static PageSession? Read(HttpContext context, string token)
    {
        if (!context.Request.Cookies.TryGetValue(CookieName(context, token), out var cookie))
        {
            return null;
        }

        try
        {
            var parts = Protector(context).Unprotect(cookie).Split('|');
            return parts.Length == 3 && parts[0] == token ? new PageSession(token, parts[1], parts[2] == "1") : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>Gives this browser a session, or the one that it has a new state.</summary>
    public static PageSession Issue(HttpContext context, string token, PageSession? known, bool hasArrived)
    {
        var session = new PageSession(token, known?.Id ?? RandomNumberGenerator.GetHexString(32, lowercase: true), hasArrived);
        context.Response.Cookies.Append(
            CookieName(context, token),
            Protector(context).Protect($"{token}|{session.Id}|{(hasArrived ? 1 : 0)}"),
            new CookieOptions
            {
                HttpOnly = true,
                IsEssential = true,
                Secure = context.Request.IsHttps,
                SameSite = SameSiteMode.Lax,
                Path = "/",
                MaxAge = Lifetime,
            });
        return session;
    }

    /// <summary>One cookie a payment: two payments in two tabs do not disturb each other. The prefix holds off other hosts.</summary>
    private static string CookieName(HttpContext context, string token) =>
        (context.Request.IsHttps ? "__Host-cp-" : "cp-") + Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(token)))[..8];

    private static IDataProtector Protector(HttpContext context) =>
        context.RequestServices.GetRequiredService<IDataProtectionProvider>().CreateProtector("Checkout.PageSession");
}
