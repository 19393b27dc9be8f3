using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using Microsoft.Extensions.Options;
using Microsoft.Security.AntiSSRF;

namespace CanPay.Gateway.Webhooks;

/// <summary>Which addresses an endpoint may have: whoever names an endpoint must not reach what only we can reach.</summary>
/// <param name="ports">That may be connected to.</param>
/// <param name="allowLoopback">This machine may be connected to, by http and on any port.</param>
/// <param name="ownAddresses">Of this machine.</param>
internal sealed class AddressRules(IReadOnlySet<int> ports, bool allowLoopback, Func<IEnumerable<IPAddress>> ownAddresses)
{
    /// <summary>Private, link-local, shared, metadata, multicast and every other special range, kept up to date by others.</summary>
    private static readonly IPNetwork[] Special = [.. IPAddressRanges.recommendedLatest.Select(range => IPNetwork.Parse(range))];

    /// <summary>IPv4 addresses in the clothes of IPv6 (RFC 4291, the deprecated compatible form).</summary>
    private static readonly IPNetwork Compatible = IPNetwork.Parse("::/96");

    public static AddressRules From(IOptions<WebhookOptions> webhooks, IOptions<SandboxOptions> sandbox) => new(
        webhooks.Value.AllowedPorts.Split(',').Select(port => int.Parse(port, CultureInfo.InvariantCulture)).ToHashSet(),
        webhooks.Value.AllowLoopback ?? sandbox.Value.Enabled,
        OwnAddresses);

    /// <summary>Why the address may not be asked at all, whatever its name leads to.</summary>
    public string? Refuses(Uri url) =>
        url.Scheme == Uri.UriSchemeHttps ? allowLoopback || ports.Contains(url.Port) ? null : $"the port {url.Port} is not allowed"
        : url.Scheme == Uri.UriSchemeHttp && allowLoopback && url.IsLoopback ? null
        : "it is not https";

    /// <summary>Why this address may not be connected to.</summary>
    /// <param name="url">What leads there.</param>
    public string? Refuses(IPAddress address, Uri url)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (IPAddress.IsLoopback(plain))
        {
            return allowLoopback ? null : "it is this machine";
        }

        if (url.Scheme != Uri.UriSchemeHttps)
        {
            return "it is not https";
        }

        if (!ports.Contains(url.Port))
        {
            return $"the port {url.Port} is not allowed";
        }

        return Special.Any(range => range.Contains(plain)) || Compatible.Contains(plain) ? "it is no public address"
            : ownAddresses().Any(own => own.Equals(plain)) ? "it is this machine"
            : null;
    }

    private static IEnumerable<IPAddress> OwnAddresses() => NetworkInterface.GetAllNetworkInterfaces()
        .SelectMany(card => card.GetIPProperties().UnicastAddresses)
        .Select(own => own.Address.IsIPv4MappedToIPv6 ? own.Address.MapToIPv4() : own.Address);
}
