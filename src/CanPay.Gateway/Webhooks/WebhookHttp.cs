using System.Net;
using System.Net.Sockets;

namespace CanPay.Gateway.Webhooks;

/// <summary>Makes connections to endpoints: a name is resolved once, and the very addresses that were judged are connected to.</summary>
/// <param name="resolve">The addresses of a name.</param>
internal sealed class WebhookHttp(AddressRules rules, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
{
    /// <summary>No redirects, no cookies, no proxy: each would lead elsewhere than where was judged.</summary>
    public SocketsHttpHandler Handler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        AutomaticDecompression = DecompressionMethods.None,
        MaxResponseHeadersLength = 16,
        MaxResponseDrainSize = 0,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        ActivityHeadersPropagator = null,
        ConnectCallback = Connect,
    };

    private async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var url = context.InitialRequestMessage.RequestUri!;
        var host = context.DnsEndPoint.Host;
        var addresses = IPAddress.TryParse(host, out var written) ? [written] : await resolve(host, ct);
        if (addresses.Length == 0)
        {
            throw new RefusedAddressException("the name leads nowhere");
        }

        // One that may not be is enough: a name that leads to us among others is meant to.
        foreach (var address in addresses)
        {
            if (rules.Refuses(url) is { } reason || (reason = rules.Refuses(address, url)) is not null)
            {
                throw new RefusedAddressException(reason);
            }
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>The endpoint leads to where it must not.</summary>
internal sealed class RefusedAddressException(string reason) : IOException(reason);
