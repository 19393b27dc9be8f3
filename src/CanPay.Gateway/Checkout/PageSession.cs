using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using CanPay.Gateway.Kernel;

namespace CanPay.Gateway.Checkout;

/// <summary>One browser at one payment. Lives in a signed cookie, so that no node must remember it.</summary>
/// <param name="Token">The payment; a cookie copied to another payment is worth nothing.</param>
/// <param name="Id">128 random bits.</param>
/// <param name="HasArrived">The payer came from the shop, or said "continue" on the page that explains.</param>
internal sealed record PageSession(string Token, string Id, bool HasArrived)
{
    private const string Purpose = "page-session";
    private const string Arrived = "1";
    private const string NotArrived = "0";
    private const int FormKeyLength = 16;
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    /// <summary>What the payment is bound to when this browser pays or cancels.</summary>
    public string BrowserHash => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(Id)));

    /// <summary>
    /// Stands in every form that we give to this browser: a foreign page can send our form, but knows neither the cookie's id
    /// nor what follows from it. Our pages go out compressed, and whoever watches their length while steering a part of them
    /// (BREACH) could guess a text that stays the same. So the key never stands there itself: a random mask, and the key under it.
    /// </summary>
    public string NewFormKey()
    {
        Span<byte> text = stackalloc byte[2 * FormKeyLength];
        RandomNumberGenerator.Fill(text[..FormKeyLength]);
        Cover(text[..FormKeyLength], FormKey(), text[FormKeyLength..]);
        return Convert.ToHexStringLower(text);
    }

    /// <summary>The form was given to this browser for this payment.</summary>
    public bool Gave(string? formKey)
    {
        Span<byte> text = stackalloc byte[2 * FormKeyLength];
        if (formKey?.Length != 2 * text.Length || Convert.FromHexString(formKey, text, out _, out _) is not OperationStatus.Done)
        {
            return false;
        }

        Span<byte> key = stackalloc byte[FormKeyLength];
        Cover(text[..FormKeyLength], text[FormKeyLength..], key);
        return CryptographicOperations.FixedTimeEquals(key, FormKey());
    }

    /// <summary>The session of this browser at this payment, if it has one.</summary>
    public static PageSession? Read(HttpContext context, string token)
    {
        if (!context.Request.Cookies.TryGetValue(CookieName(context, token), out var cookie))
        {
            return null;
        }

        return cookie.Split('.') is [var id, var hasArrived, var signature] && Secret(context).Signed(Purpose, Text(token, id, hasArrived), signature)
            ? new PageSession(token, id, hasArrived == Arrived)
            : null;
    }

    /// <summary>Gives this browser a session, or the one that it has a new state.</summary>
    public static PageSession Issue(HttpContext context, string token, PageSession? known, bool hasArrived)
    {
        var session = new PageSession(token, known?.Id ?? RandomNumberGenerator.GetHexString(32, lowercase: true), hasArrived);
        var state = hasArrived ? Arrived : NotArrived;
        context.Response.Cookies.Append(
            CookieName(context, token),
            $"{session.Id}.{state}.{Secret(context).Sign(Purpose, Text(token, session.Id, state))}",
            PageHeaders.Cookie(context, Lifetime));
        return session;
    }

    private ReadOnlySpan<byte> FormKey() => SHA256.HashData(Encoding.ASCII.GetBytes("form|" + Id)).AsSpan(0, FormKeyLength);

    private static void Cover(ReadOnlySpan<byte> mask, ReadOnlySpan<byte> bytes, Span<byte> target)
    {
        for (var i = 0; i < target.Length; i++)
        {
            target[i] = (byte)(mask[i] ^ bytes[i]);
        }
    }

    /// <summary>One cookie a payment: two payments in two tabs do not disturb each other. The prefix holds off other hosts.</summary>
    private static string CookieName(HttpContext context, string token) =>
        (context.Request.IsHttps ? "__Host-cp-" : "cp-") + Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(token)))[..8];

    private static string Text(string token, string id, string state) => $"{token}.{id}.{state}";

    private static InstallationSecret Secret(HttpContext context) => context.RequestServices.GetRequiredService<InstallationSecret>();
}
