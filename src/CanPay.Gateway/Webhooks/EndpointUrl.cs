using System.Buffers;
using System.Globalization;
using System.Net;
using CanPay.Gateway.Kernel;

namespace CanPay.Gateway.Webhooks;

/// <summary>Where a merchant may want to be told: a public https address. What a name leads to is judged when it is connected to.</summary>
internal static class EndpointUrl
{
    private const int MaxLength = 2_000;

    private static readonly SearchValues<char> Forbidden = SearchValues.Create("\\#<>\"`@");

    /// <param name="text">As an operator wrote it.</param>
    /// <exception cref="StartException">It may not be an endpoint, and why.</exception>
    public static Uri Parse(string text, AddressRules rules)
    {
        if (text.Length > MaxLength || text.AsSpan().ContainsAny(Forbidden)
            || text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Format)
            || !Uri.TryCreate(text, UriKind.Absolute, out var url)
            || url.Scheme != Uri.UriSchemeHttps && url.Scheme != Uri.UriSchemeHttp
            || !text.StartsWith(url.Scheme + "://", StringComparison.OrdinalIgnoreCase)
            || url.UserInfo.Length > 0 || WebAddress.HostOf(url) is not { Length: > 0 } host || WebAddress.HasStrayLetters(text, url)
            || url.HostNameType is UriHostNameType.Unknown or UriHostNameType.Basic)
        {
            throw new StartException($"'{text}' is no address of an endpoint. Example: https://site.com/canpay/webhook");
        }

        // "0x7f.1" and "2130706433" are addresses to whoever connects: what is written must be what is meant.
        if (url.HostNameType is UriHostNameType.IPv4 && !text.AsSpan(text.IndexOf("//", StringComparison.Ordinal) + 2).StartsWith(url.Host))
        {
            throw new StartException($"'{text}' writes an address otherwise than with four decimal numbers.");
        }

        if (rules.Refuses(url) is { } reason)
        {
            throw new StartException($"'{text}' may not be an endpoint: {reason}.");
        }

        if (IPAddress.TryParse(host, out var address) && rules.Refuses(address, url) is { } unreachable)
        {
            throw new StartException($"'{text}' may not be an endpoint: {unreachable}.");
        }

        return url;
    }
}
