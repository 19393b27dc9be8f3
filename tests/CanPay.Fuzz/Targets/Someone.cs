using CanPay.Gateway.Acquiring;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Merchants;

namespace CanPay.Fuzz.Targets;

/// <summary>A merchant of site.com, and what must be true of an address that is said to be its own.</summary>
internal static class Someone
{
    private static readonly string[] Domains = ["site.com", "xn--mgba3a4f16a.ir", "203.0.113.9", "2001:db8::9"];

    public static ApiKey Key { get; } = new("key_1", ApiKey.Hash("cpk_live_that-nobody-knows"), [ApiScope.Read], null);

    public static Merchant Merchant { get; } = new(default, "111", "A shop", new Terminal("00000001", "000000000000001", "5999"))
    {
        MinAmount = new Rials(1_000),
        MaxAmount = new Rials(2_000_000_000),
        Domains = [.. Domains],
        AllowHttpCallback = true,
        Keys = [Key],
    };

    /// <summary>By letters alone, as a careful person would read it, and not by the rules under test.</summary>
    public static void MustBeOwned(string address)
    {
        var start = address.IndexOf("//", StringComparison.Ordinal) + 2;
        var end = address.AsSpan(start).IndexOfAny("/?");
        var authority = end < 0 ? address[start..] : address.Substring(start, end);
        var port = authority.LastIndexOf(':');
        var host = port > authority.LastIndexOf(']') ? authority[..port] : authority;
        if (authority.ContainsAny('@', '\\') || authority.Any(char.IsWhiteSpace))
        {
            throw new Engine.PropertyException("an address has no user and no space");
        }

        host = host.Trim('[', ']');
        if (!System.Text.Ascii.IsValid(host))
        {
            // What letters beyond ASCII mean is the platform's to say, and the browser's; the same tables.
            try
            {
                host = new System.Globalization.IdnMapping().GetAscii(host);
            }
            catch (ArgumentException)
            {
                // A label that no registry would take; below it, it is the merchant's own as it is written.
            }
        }

        if (!Domains.Any(domain => host.Equals(domain, StringComparison.OrdinalIgnoreCase)
            || (!domain.Contains(':', StringComparison.Ordinal) && !char.IsAsciiDigit(domain[0]) && host.EndsWith("." + domain, StringComparison.OrdinalIgnoreCase))))
        {
            // The same IPv6 address has several spellings.
            if (!System.Net.IPAddress.TryParse(host, out var ip) || !ip.Equals(System.Net.IPAddress.Parse("2001:db8::9")))
            {
                throw new Engine.PropertyException("a callback goes to the merchant's own domains");
            }
        }
    }
}
