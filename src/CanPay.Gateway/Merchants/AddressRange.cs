using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace CanPay.Gateway.Merchants;

/// <summary>One address or a CIDR block, IPv4 or IPv6. IPv4-mapped IPv6 addresses count as the IPv4 address.</summary>
public readonly record struct AddressRange(IPNetwork Network)
{
    public bool Contains(IPAddress address) =>
        Network.Contains(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);

    /// <summary>Reads <c>192.0.2.7</c>, <c>192.0.2.0/24</c>, <c>2001:db8::/32</c>. Host bits after the prefix are refused.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out AddressRange? range)
    {
        range = null;
        var trimmed = text.Trim();

        // "1.2.3" and "0x7f.1" are addresses to the platform's parser and typing errors to everybody else.
        if (!trimmed.Contains(':', StringComparison.Ordinal) && trimmed.Split('/')[0].Split('.') is not { Length: 4 })
        {
            return false;
        }

        if (trimmed.Contains('/', StringComparison.Ordinal))
        {
            if (!IPNetwork.TryParse(trimmed, out var network))
            {
                return false;
            }

            range = new AddressRange(network);
            return true;
        }

        if (!IPAddress.TryParse(trimmed, out var address))
        {
            return false;
        }

        var single = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        range = new AddressRange(new IPNetwork(single, single.GetAddressBytes().Length * 8));
        return true;
    }

    /// <summary>As it was written: a block with its prefix, a single address without.</summary>
    public override string ToString() =>
        Network.PrefixLength == Network.BaseAddress.GetAddressBytes().Length * 8
            ? Network.BaseAddress.ToString()
            : Network.ToString();
}
