using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CanPay.Gateway.Kernel;

namespace CanPay.Gateway.Merchants;

/// <summary>Reads what an operator writes about a merchant; what is wrong is said in one line.</summary>
internal static class MerchantDetails
{
    /// <summary>Twelve random digits, as <c>xxx-xxx-xxx-xxx</c>.</summary>
    public static string NewCode()
    {
        var digits = RandomNumberGenerator.GetInt32(0, 1_000_000).ToString("000000", CultureInfo.InvariantCulture)
            + RandomNumberGenerator.GetInt32(0, 1_000_000).ToString("000000", CultureInfo.InvariantCulture);
        return string.Join('-', digits.Chunk(3).Select(group => new string(group)));
    }

    public static string Code(string text) =>
        text.Length is >= 1 and <= 64 && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
            ? text
            : throw new StartException($"'{text}' is no merchant code: 1 to 64 letters, digits and dashes.");

    public static string Addresses(IEnumerable<string> texts) => string.Join(' ', texts.Select(text =>
        AddressRange.TryParse(text, out var range)
            ? range.Value.ToString()
            : throw new StartException($"'{text}' is neither an address nor a CIDR block. Examples: 192.0.2.7, 192.0.2.0/24, 2001:db8::/32.")));

    /// <summary>Lower case and punycode, without scheme, port and path.</summary>
    public static string Domains(IEnumerable<string> texts) => string.Join(' ', texts.Select(text =>
    {
        var host = text.Trim().TrimEnd('.').ToLowerInvariant();
        return Uri.CheckHostName(host) is UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6
            && AsRead(host)?.TrimEnd('.') is { Length: > 0 } name
            && Ascii.IsValid(name) && !name.Contains('%', StringComparison.Ordinal) // zones of addresses are nobody's
            && AsRead(name) == name // letters that are not seen may fall away, and leave what is another name: "00" is the address 0.0.0.0
                ? name
                : throw new StartException($"'{text}' is no domain. Write only the name, for example site.com.");
    }));

    private static string? AsRead(string host) =>
        Uri.TryCreate($"http://{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}/", UriKind.Absolute, out var url)
            ? WebAddress.HostOf(url)
            : null;

    /// <summary>What a test merchant begins with.</summary>
    public const string TestTerminal = Acquiring.Terminal.TestPrefix + "0001";

    public static bool IsTest(string terminalId) => terminalId.StartsWith(Acquiring.Terminal.TestPrefix, StringComparison.Ordinal);

    /// <summary>A merchant is for tests or it is not: payments of both kinds under one code would be taken for each other.</summary>
    public static string Terminal(string text, string before) => IsTest(Sized(text, 8, "terminal")) == IsTest(before)
        ? text
        : throw new StartException($"Terminals of test merchants begin with {Acquiring.Terminal.TestPrefix}, no others do, and a merchant stays what it is. Add a merchant with --test.");

    public static string Sized(string text, int length, string what) => text.Length == length && text.All(char.IsAsciiLetterOrDigit)
        ? text
        : throw new StartException($"'{text}' is no {what}: it takes {length} letters or digits.");

    public static string Name(string text) => text.Trim() is { Length: >= 1 and <= 100 } name
        ? name
        : throw new StartException("A merchant's name has 1 to 100 characters.");
}
