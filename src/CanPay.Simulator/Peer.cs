using System.Net.Sockets;
using CanPay.Iso8583;

namespace CanPay.Simulator;

#pragma warning disable CA1001 // semaphores whose wait handles nobody asks for hold nothing, and answers may still wait on them
/// <summary>An acquirer's connection.</summary>
internal sealed class Peer(int id, TcpClient client)
#pragma warning restore CA1001
{
    private const int MaxInFlight = 5_000;

    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly SemaphoreSlim _room = new(MaxInFlight, MaxInFlight);

    public int Id => id;

    /// <summary>The institution that it signed on as.</summary>
    public string? Acquirer { get; set; }

    public bool IsSignedOn { get; set; }

    public DateTimeOffset? LastEcho { get; set; }

    public NetworkStream Stream { get; } = client.GetStream();

    /// <summary>Waits where too many messages are under way: the next is left in the connection.</summary>
    public Task Enter(CancellationToken ct) => _room.WaitAsync(ct);

    public void Leave() => _room.Release();

    /// <summary>Breaks the connection, as a network does. May be called at any time and again.</summary>
    public void Drop() => client.Close();

    /// <exception cref="IOException">The connection is gone: the answer is lost, as answers are.</exception>
    public async Task Send(MessageFormat format, IsoMessage message, IMessageAuthenticator mac, bool withWrongMac = false)
    {
        var bytes = new byte[MessageFraming.MaxPrefixLength + MessageCodec.MaxLength];
        var length = format.EncodeWithMac(message, mac, bytes.AsSpan(MessageFraming.MaxPrefixLength));
        MessageFraming.WritePrefix(length, bytes);
        var last = MessageFraming.MaxPrefixLength + length - 1;
        if (withWrongMac)
        {
            bytes[last] = bytes[last] == (byte)'0' ? (byte)'1' : (byte)'0';
        }

        await _writing.WaitAsync();
        try
        {
            await Stream.WriteAsync(bytes.AsMemory(0, last + 1));
        }
        finally
        {
            _writing.Release();
        }
    }
}
