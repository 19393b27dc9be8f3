using System.Net;
using CanPay.Fuzz.Engine;
using CanPay.Gateway.Api;
using CanPay.Gateway.Checkout;
using CanPay.Gateway.Http;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Merchants;
using CanPay.Gateway.Webhooks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace CanPay.Fuzz.Targets;

/// <summary>Pieces that addresses are made of, and addresses made of them.</summary>
internal static class Addresses
{
    public static readonly string[] Words =
    [
        "https://", "http://", "site.com", "www.", ".site.com", "evil-site.com", "site.com.evil.org", "xn--mgba3a4f16a.ir", "xn--", "203.0.113.9", "[2001:db8::9]",
        "0x7f.1", "2130706433", "127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "localhost", "169.254.169.254", ":443", ":80", ":99999", "@", "/", "?", "#", "\\", "%2e", "%40", "。", "．", "ß", "ſ",
        "\u00AD", "\u200D", "\t", "..", "-", "//", "javascript:", "file:///", "user:pass@",
    ];

    private static readonly string[] Schemes = ["https://", "http://", "HTTPS://", "https:/", "https:\\\\", "ftp://", "//"];
    private static readonly string[] Hosts =
        ["site.com", "www.site.com", "SITE.COM", "evil.org", "site.com.evil.org", "evilsite.com", "203.0.113.9", "[2001:db8::9]", "ایران.ir", "xn--mgba3a4f16a.ir", "127.0.0.1", "localhost", "a_b.site.com", "سایت.site.com"];

    private static readonly string[] Tails = ["", "/", "/back", "?a=1", "/back?x=%20", ":443/", ":8080", "/ا", "/%2e%2e/", ":0", "/a?b=c&"];

    public static int Build(Rng rng, Span<byte> room)
    {
        var text = (rng.OneIn(4) ? rng.Of(Schemes) : "https://") + (rng.OneIn(12) ? "site.com@" : "") + rng.Of(Hosts) + rng.Of(Tails);
        return System.Text.Encoding.UTF8.GetBytes(text, room);
    }
}

internal sealed class CallbackUrlTarget() : Target(
    "callback-url", "an accepted callback address goes to a domain of the merchant, by any reading; the payer's way back goes to the same host", Addresses.Words)
{
    public override int MaxLength => 300;

    public override int Build(Rng rng, Span<byte> room) => Addresses.Build(rng, room);

    public override bool Run(ReadOnlySpan<byte> input)
    {
        var text = Text(input);
        if (CallbackUrl.Parse(text, Someone.Merchant, sandbox: true).Refused(out var refusal, out var url))
        {
            Must(refusal.HttpStatus is 422, "an address that is none is refused so");
            return false;
        }

        Someone.MustBeOwned(text);
        var back = text + (text.Contains('?', StringComparison.Ordinal) ? "&" : "?") + "success=1&token=A";
        Must(Uri.TryCreate(back, UriKind.Absolute, out var way) && way.IdnHost == url.IdnHost && way.Port == url.Port && way.Scheme == url.Scheme, "the way back goes to the same host");
        Must(CallbackUrl.Parse(text, Someone.Merchant, sandbox: false).Refused(out _, out _) == (url.Scheme == "http"), "outside the sandbox it is https");
        return true;
    }
}

/// <summary>Three lines: Origin, Referer, Host.</summary>
internal sealed class ReferrerTarget() : Target("referrer", "a payer is welcome only from a domain of the shop; our own pages are known by their origin alone", Addresses.Words)
{
    private static readonly PublicUrl Us = new(Options.Create(new Gateway.HttpOptions { PublicUrl = "https://pay.example" }));

    private static readonly Merchant Strict = Someone.Merchant with { ReferrerPolicy = ReferrerPolicy.Strict };

    private readonly DefaultHttpContext _context = new();

    public override int MaxLength => 300;

    public override int Build(Rng rng, Span<byte> room)
    {
        var length = rng.OneIn(2) ? 0 : Addresses.Build(rng, room);
        room[length++] = (byte)'\n';
        length += Addresses.Build(rng, room[length..]);
        return length;
    }

    public override bool Run(ReadOnlySpan<byte> input)
    {
        var (origin, referer, host) = (Text(TakeLine(ref input)), Text(TakeLine(ref input)), Text(TakeLine(ref input)));
        _context.Request.Scheme = "https";
        _context.Request.Headers.Origin = origin.Length > 0 ? origin : default;
        _context.Request.Headers.Referer = referer.Length > 0 ? referer : default;

        // Kestrel lets nothing else through.
        _context.Request.Headers.Host = host.Length > 0 && host.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or ':' or '_' or '[' or ']') ? host : "pay.example";
        var isOurs = Referrer.IsFromOurselves(_context.Request, Us);
        Must(!isOurs || origin.Length == 0 || origin.Equals(Us.Origin, StringComparison.OrdinalIgnoreCase)
            || origin.Equals("https://" + _context.Request.Headers.Host, StringComparison.OrdinalIgnoreCase), "our own form has our origin");
        switch (Referrer.Of(_context.Request, Strict, Us))
        {
            case Referrer.Welcome:
                Must(Says(origin) || Says(referer), "who is welcome comes from the shop");
                return true;
            case Referrer.Refused refused:
                Must(refused.Host is null || !Someone.Merchant.Owns(refused.Host), "who comes from the shop is welcome");
                return false;
            default:
                throw new PropertyException("a strict shop wants a referrer");
        }

        // The platform reads an address: what it must not do is to take a foreign one for one of the shop's.
        static bool Says(string address) => address.StartsWith("http", StringComparison.OrdinalIgnoreCase) && Uri.TryCreate(address, UriKind.Absolute, out var url)
            && url.Scheme is "http" or "https" && Someone.Merchant.Owns(WebAddress.HostOf(url)?.TrimEnd('.') ?? "");
    }
}

internal sealed class WebhookUrlTarget() : Target(
    "webhook-url", "an endpoint is https, on an allowed port, and no special address; else an operator is told why", Addresses.Words)
{
    private static readonly AddressRules Rules = new(new HashSet<int> { 443, 8443 }, allowLoopback: false, () => [IPAddress.Parse("203.0.113.77")]);

    public override int MaxLength => 200;

    public override int Build(Rng rng, Span<byte> room) => Addresses.Build(rng, room);

    public override bool Run(ReadOnlySpan<byte> input)
    {
        try
        {
            var url = EndpointUrl.Parse(Text(input), Rules);
            Must(url is { Scheme: "https", Port: 443 or 8443, UserInfo: "" }, "an endpoint is https, on an allowed port");
            Must(!IPAddress.TryParse(url.IdnHost.Trim('[', ']'), out var address) || IsPublic(address), "an endpoint is a public address; what a name leads to is judged later");
            return true;
        }
        catch (StartException)
        {
            return false;
        }
    }

    private static bool IsPublic(IPAddress address) => address.IsIPv4MappedToIPv6 ? IsPublic(address.MapToIPv4())
        : !IPAddress.IsLoopback(address) && !address.IsIPv6LinkLocal
            && address.GetAddressBytes() is not ([10 or 127 or 0 or >= 224, _, _, _] or [192, 168, _, _] or [169, 254, _, _] or [172, >= 16 and < 32, _, _] or [100, >= 64 and < 128, _, _]);
}
