using System.Security.Cryptography;
using System.Text;
using CanPay.Fuzz.Engine;
using CanPay.Gateway.Checkout;
using CanPay.Gateway.Http;
using CanPay.Gateway.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CanPay.Fuzz.Targets;

/// <summary>What a browser brings back. Lines: the cookie's value, the form's key, a receipt's code, the query.</summary>
internal sealed class PageCookieTarget() : Target(
    "page-cookie",
    "nobody makes a session, a form's key or a receipt's code, nor changes a letter of one that we gave; languages are ours",
    "0123456789abcdef", ".1.", ".0.", "lang=en", "lang=", "cp-lang=en", "AAAAAAAAAAAAAAAA", "?", "&", "=", "_-", ";", "%")
{
    private const string Token = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    private static readonly InstallationSecret Secret = Opened();
    private static readonly ServiceProvider Services = new ServiceCollection().AddSingleton(Secret).BuildServiceProvider();
    private static readonly string Cookie = "cp-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(Token)))[..8];
    private static readonly PageSession Known = new(Token, "0123456789abcdef0123456789abcdef", HasArrived: true);

    private readonly ReceiptLinks _links = new(Secret, new PublicUrl(Options.Create(new Gateway.HttpOptions())));
    private readonly DefaultHttpContext _context = new() { RequestServices = Services };

    public override int MaxLength => 300;

    public override bool Run(ReadOnlySpan<byte> input)
    {
        var (cookie, key, code, query) = (
            Encoding.Latin1.GetString(TakeLine(ref input)), Text(TakeLine(ref input)), Text(TakeLine(ref input)), Text(TakeLine(ref input)));
        _context.Request.Headers.Cookie = $"{Cookie}={cookie}";
        _context.Request.QueryString = new QueryString(query.Length > 0 ? "?" + query : "");
        Must(PageSession.Read(_context, Token) is null, "nobody makes a session");
        Must(!Known.Gave(key), "nobody makes a form's key");
        Must(_links.Read(code) is null, "nobody makes a receipt's code");
        var words = Languages.Of(_context.Request);
        Must(Languages.All.Contains(words), "a page is in one of our languages");
        var kept = Languages.Keep(_context.Request, "/ipg/" + Token);
        Must(kept.Length <= 43 && kept.StartsWith("/ipg/" + Token, StringComparison.Ordinal), "only the language is kept");
        Must(Languages.Switch(_context.Request, words).StartsWith('?'), "another language is the same page");
        return words.Language == "en";
    }

    private static InstallationSecret Opened()
    {
        var secret = new InstallationSecret();
        secret.Open("a secret of thirty-two bytes ...."u8[..InstallationSecret.Length]);
        return secret;
    }
}
