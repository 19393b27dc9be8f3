using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using CanPay.Iso8583;
using Microsoft.Extensions.Options;

namespace CanPay.Simulator;

/// <summary>The switch's door: takes acquirers' connections, reads messages off them, believes those whose MAC is right.</summary>
internal sealed class SwitchServer(
    SwitchDesk desk, IMessageAuthenticator mac, IOptions<SimulatorOptions> options, ILogger<SwitchServer> log)
    : IHostedService, IDisposable
{
    private const int StopLooks = 150;
    private static readonly TimeSpan BetweenStopLooks = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<int, Peer> _peers = new();
    private TcpListener? _listener;
    private int _count;
    private int _underWay;

    /// <summary>The TCP port that is listened on.</summary>
    public int Port => ((IPEndPoint)_listener!.LocalEndpoint).Port;

    public IReadOnlyCollection<Peer> Peers => [.. _peers.Values];

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _listener = new TcpListener(IPAddress.Loopback, options.Value.IsoPort);
        _listener.Start();
        log.Listening(Port);
        _ = Accept(_stopping.Token);
        return Task.CompletedTask;
    }

    /// <summary>Takes nothing more, answers what is under way, breaks the connections.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        _listener?.Stop();
        for (var i = 0; i < StopLooks && Volatile.Read(ref _underWay) > 0 && !cancellationToken.IsCancellationRequested; i++)
        {
            await Task.Delay(BetweenStopLooks, CancellationToken.None);
        }

        DropLines();
    }

    /// <summary>Breaks every connection, as a network does.</summary>
    public void DropLines()
    {
        foreach (var peer in _peers.Values)
        {
            peer.Drop();
        }
    }

    public void Dispose()
    {
        // Cancelled, not disposed: what is under way still looks at it.
        _stopping.Cancel();
        _listener?.Dispose();
        DropLines();
    }

    private async Task Accept(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                var client = await _listener!.AcceptTcpClientAsync(ct);
                client.NoDelay = true;
                var peer = new Peer(Interlocked.Increment(ref _count), client);
                _peers[peer.Id] = peer;
                _ = Serve(peer, ct);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (Exception e) when (e is SocketException or IOException or InvalidOperationException)
            {
                // Whoever called hung up at once, or files ran out for a moment: the next call may do better.
                log.AcceptFailed(e.Message);
                await Task.Delay(TimeSpan.FromMilliseconds(50), CancellationToken.None);
            }
        }
    }

    private async Task Serve(Peer peer, CancellationToken ct)
    {
        var reader = PipeReader.Create(peer.Stream, new StreamPipeReaderOptions(leaveOpen: true));
        var bytes = new byte[MessageCodec.MaxLength];
        var reason = "closed by the other side";
        try
        {
            while (await MessageFraming.ReadAsync(reader, bytes, ct) is var length and >= 0)
            {
                if (Read(peer, bytes.AsSpan(0, length)) is { } message)
                {
                    await peer.Enter(ct);
                    _ = Handle(peer, message, ct);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Answers of what is under way may still go out; whoever stops us drops the line.
            await reader.CompleteAsync();
            return;
        }
        catch (Exception e) when (e is IsoFormatException or IOException or SocketException or ObjectDisposedException)
        {
            reason = e.Message;
        }

        log.PeerGone(peer.Id, reason);
        _peers.TryRemove(peer.Id, out _);
        await reader.CompleteAsync();
        peer.Drop();
    }

    /// <returns>Null where the bytes are not believed or are no message: neither has a sender who could be answered.</returns>
    private IsoMessage? Read(Peer peer, ReadOnlySpan<byte> bytes)
    {
        if (!MessageAuthentication.HasValidMac(bytes, mac))
        {
            log.WrongMac(peer.Id);
            return null;
        }

        var message = new IsoMessage();
        if (MessageFormat.Shetab.TryDecode(bytes, message, out var error))
        {
            return message;
        }

        log.Malformed(peer.Id, error.ToString());
        return null;
    }

    private async Task Handle(Peer peer, IsoMessage message, CancellationToken stopping)
    {
        Interlocked.Increment(ref _underWay);
        try
        {
            await desk.Handle(peer, message, stopping);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            log.NotAnswered(peer.Id, message.Mti, e.Message);
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
            peer.Leave();
        }
    }
}
