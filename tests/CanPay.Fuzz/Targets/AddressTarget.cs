using System.Net;
using CanPay.Fuzz.Engine;
using CanPay.Gateway;
using CanPay.Gateway.Http;
using CanPay.Gateway.Merchants;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CanPay.Fuzz.Targets;

/// <summary>Who calls. Lines: the allowed range, X-Forwarded-For, X-Forwarded-Proto; the first byte chooses the peer.</summary>
internal sealed class ClientAddressTarget() : Target(
    "client-address",
    "a stranger's header changes nothing; of a trusted proxy's, what the nearest proxies say; a range has the addresses of its own bits only",
    "10.0.0.1", "10.0.0.2", "192.0.2.7", "203.0.113.5", "127.0.0.1", "::1", "::ffff:10.0.0.1", "[2001:db8::1]:443", "2001:db8::/32", "192.0.2.0/24", "0.0.0.0/0", "/32", "/0", "/129", ":80", ", ", ",", "unknown", "https", "%eth0")
{
    private static readonly IPAddress[] Peers = [IPAddress.Parse("10.0.0.1"), IPAddress.Parse("203.0.113.50"), IPAddress.Parse("::ffff:10.0.0.1"), IPAddress.Parse("2001:db8:1::1")];

    private readonly Lazy<RequestDelegate> _proxies = new(() =>
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.Configure<HttpOptions>(http => http.TrustedProxies = "10.0.0.0/24, 2001:db8:1::/48");
        var app = builder.Build();
        app.UseTrustedProxies();
        app.Run(_ => Task.CompletedTask);
        return ((IApplicationBuilder)app).Build();
    });

    public override int MaxLength => 256;

    public override bool Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
        {
            return false;
        }

        var peer = Peers[input[0] % Peers.Length];
        input = input[1..];

        // Kestrel lets no control characters through.
        var (range, forwarded, scheme) = (Text(TakeLine(ref input)), Shown(Text(TakeLine(ref input))), Shown(Text(TakeLine(ref input))));
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = peer;
        context.Request.Scheme = "http";
        context.Request.Headers["X-Forwarded-For"] = forwarded;
        context.Request.Headers["X-Forwarded-Proto"] = scheme;
        var done = _proxies.Value(context);
        Must(done.IsCompletedSuccessfully, "there is nothing to wait for");
        var caller = ClientAddress.Of(context);
        Must(!caller.IsIPv4MappedToIPv6, "an IPv4 caller is one");
        if (!IsTrusted(peer))
        {
            Must(caller.Equals(Plain(peer)) && context.Request.Scheme == "http", "a stranger's header changes nothing");
        }
        else
        {
            Must(caller.Equals(Plain(peer)) || forwarded.Split(',').Any(part => Said(part) is { } said && Plain(said).Equals(caller)), "a caller is somebody of whom a proxy told");
        }

        return Range(range, caller);
    }

    private static bool Range(string text, IPAddress caller)
    {
        if (!AddressRange.TryParse(text, out var read))
        {
            return false;
        }

        var range = read.Value;
        Must(AddressRange.TryParse(range.ToString(), out var again) && again == range, "a range that is written is read as the same");
        var bytes = range.Network.BaseAddress.GetAddressBytes();
        Must(range.Contains(range.Network.BaseAddress), "a range has its own first address");
        if (range.Network.PrefixLength > 0)
        {
            bytes[(range.Network.PrefixLength - 1) / 8] ^= (byte)(0x80 >> ((range.Network.PrefixLength - 1) % 8));
            Must(!range.Contains(new IPAddress(bytes)), "a range has no address with another bit");
        }

        _ = range.Contains(caller);
        return true;
    }

    private static string Shown(string text) => string.Concat(text.Where(c => c is >= ' ' and < '\x7F'));

    private static bool IsTrusted(IPAddress peer) => !peer.Equals(Peers[1]);

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private static IPAddress? Said(string part) => IPEndPoint.TryParse(part.Trim(), out var point) ? point.Address : IPAddress.TryParse(part.Trim(), out var address) ? address : null;
}
