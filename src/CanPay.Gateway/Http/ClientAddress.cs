using System.Net;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Merchants;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace CanPay.Gateway.Http;

/// <summary>Who calls: the peer of the socket, or what trusted proxies say of it; never a header of somebody else.</summary>
internal static class ClientAddress
{
    /// <summary>Believes X-Forwarded-For and -Proto of the configured proxies, from the nearest one outwards.</summary>
    public static void UseTrustedProxies(this WebApplication app)
    {
        var proxies = Parse(app.Services.GetRequiredService<IOptions<HttpOptions>>().Value.TrustedProxies);
        if (proxies.Count == 0)
        {
            return;
        }

        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
            ForwardLimit = null,
        };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in proxies)
        {
            options.KnownIPNetworks.Add(proxy.Network);
        }

        app.UseForwardedHeaders(options);
    }

    /// <summary>The caller's address; IPv4 in IPv6 clothes counts as IPv4.</summary>
    public static IPAddress Of(HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }

    private static List<AddressRange> Parse(string list)
    {
        var ranges = new List<AddressRange>();
        foreach (var text in list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            ranges.Add(AddressRange.TryParse(text, out var range)
                ? range.Value
                : throw new StartException($"Http:TrustedProxies has '{text}', which is neither an address nor a CIDR block."));
        }

        return ranges;
    }
}
