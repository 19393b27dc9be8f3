using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using CanPay.Iso8583;
using Microsoft.Extensions.Options;

namespace CanPay.Simulator;

/// <summary>The switch: takes acquirers' connections and answers each message when its issuer has decided.</summary>
internal sealed class SwitchServer(Issuer issuer, IOptions<SimulatorOptions> options, TimeProvider clock, ILogger<SwitchServer> log)
    : IHostedService, IDisposable
{
    private readonly MessageFormat _format = MessageFormat.Shetab;
    private readonly RetailMac _mac = new(SandboxKeys.Mac);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<int, Peer> _peers = new();
    private TcpListener? _listener;
    private int _count;

    /// <summary>The TCP port that is listened on.</summary>
    public int Port => ((IPEndPoint)_listener!.LocalEndpoint).Port;

    public IReadOnlyCollection<Peer> Peers => [.. _peers.Values];

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _listener = new TcpListener(IPAddress.Loopback, options.Value.IsoPort);
        _listener.Start();
        log.Listening(Port);
        _ = Accept();
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        _listener?.Stop();
        DropLines();
    }

    /// <summary>Breaks every connection, as a network does.</summary>
    public void DropLines()
    {
        foreach (var peer in _peers.Values)
        {
            peer.Client.Close();
        }
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _listener?.Dispose();
        _mac.Dispose();
    }

    private async Task Accept()
    {
        while (!_stopping.IsCancellationRequested)
        {
            TcpClient client;
            try
            {
                client = await _listener!.AcceptTcpClientAsync(_stopping.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }

            client.NoDelay = true;
            var peer = new Peer(Interlocked.Increment(ref _count), client, clock.GetUtcNow());
            _peers[peer.Id] = peer;
            _ = Serve(peer);
        }
    }

    private async Task Serve(Peer peer)
    {
        var reader = PipeReader.Create(peer.Client.GetStream());
        var bytes = new byte[MessageCodec.MaxLength];
        try
        {
            while (await MessageFraming.ReadAsync(reader, bytes, _stopping.Token) is var length and >= 0)
            {
                Take(peer, bytes.AsSpan(0, length));
            }
        }
        catch (Exception e) when (e is IsoFormatException or IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            log.PeerGone(peer.Id, e.Message);
        }
        finally
        {
            _peers.TryRemove(peer.Id, out _);
            await reader.CompleteAsync();
            peer.Dispose();
        }
    }

    private void Take(Peer peer, ReadOnlySpan<byte> bytes)
    {
        if (!MessageAuthentication.HasValidMac(bytes, _mac))
        {
            log.WrongMac(peer.Id);
            return;
        }

        var message = new IsoMessage();
        if (!_format.TryDecode(bytes, message, out var error))
        {
            log.Malformed(peer.Id, error.ToString());
            return;
        }

        _ = Handle(peer, message);
    }

    private async Task Handle(Peer peer, IsoMessage message)
    {
        try
        {
            await (message.Mti switch
            {
                Mti.NetworkRequest => Network(peer, message),
                Mti.FinancialRequest or Mti.ReversalAdvice when !IsComplete(message) =>
                    Answer(peer, message, ActionCode.FieldError, approval: null),
                Mti.FinancialRequest when message.GetText(24) != "200" || message.GetText(3) != "000000" =>
                    Answer(peer, message, ActionCode.NotSupported, approval: null),
                Mti.FinancialRequest => Purchase(peer, message),
                Mti.ReversalAdvice => Reverse(peer, message),
                _ => Task.CompletedTask,
            });
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            log.PeerGone(peer.Id, e.Message);
        }
    }

    private static bool IsComplete(IsoMessage message)
    {
        foreach (var field in (ReadOnlySpan<int>)[2, 3, 4, 11, 12, 24, 37, 41, 42, 49])
        {
            if (!message.Has(field))
            {
                return false;
            }
        }

        return message.GetText(49) == "364" && message.TryGetNumber(4, out var amount) && amount > 0;
    }

    private async Task Network(Peer peer, IsoMessage request)
    {
        peer.LastEcho = clock.GetUtcNow();
        peer.SignedOn = request.GetText(24) != "802";
        var answer = Echo(request, 11, 12, 24, 93, 94);
        answer.SetNumber(39, ActionCode.NetworkAccepted, 3);
        await peer.Send(_format, answer, _mac);
    }

    private async Task Purchase(Peer peer, IsoMessage request)
    {
        var booked = await issuer.Purchase(request);
        var behaviour = TestCard.Find(request.GetText(2)!) is { } card && booked.Outcome is Entry.Approved
            ? card.Behaviour
            : Behaviour.Approve;
        if (behaviour is Behaviour.DropLine)
        {
            peer.Client.Close();
            return;
        }

        if (!booked.Answered)
        {
            return;
        }

        if (behaviour is Behaviour.AnswerLate)
        {
            await Task.Delay(TimeSpan.FromSeconds(options.Value.SlowApprovalSeconds), clock, _stopping.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await Answer(peer, request, booked.ActionCode, booked.Outcome is Entry.Approved ? booked.Stan : null);
    }

    private async Task Reverse(Peer peer, IsoMessage advice)
    {
        var booked = await issuer.Reverse(advice);
        await Answer(peer, advice, booked.ActionCode, approval: null);
    }

    private Task Answer(Peer peer, IsoMessage request, int actionCode, string? approval)
    {
        var answer = Echo(request, 2, 3, 4, 11, 12, 32, 37, 41, 42, 49);
        answer.Set(15, clock.GetUtcNow().ToString("yyMMdd", CultureInfo.InvariantCulture));
        answer.SetNumber(39, actionCode, 3);
        if (approval is not null)
        {
            answer.Set(38, approval);
        }

        return peer.Send(_format, answer, _mac);
    }

    private static IsoMessage Echo(IsoMessage request, params ReadOnlySpan<int> fields)
    {
        var answer = new IsoMessage { Mti = Mti.AnswerTo(request.Mti) };
        foreach (var field in fields)
        {
            if (request.Has(field))
            {
                answer.Set(field, request.Get(field));
            }
        }

        return answer;
    }

    /// <summary>An acquirer's connection.</summary>
    internal sealed class Peer(int id, TcpClient client, DateTimeOffset since) : IDisposable
    {
        private readonly SemaphoreSlim _writing = new(1, 1);

        public int Id => id;

        public TcpClient Client => client;

        public DateTimeOffset Since => since;

        public void Dispose()
        {
            client.Dispose();
            _writing.Dispose();
        }

        public bool SignedOn { get; set; }

        public DateTimeOffset? LastEcho { get; set; }

        public async Task Send(MessageFormat format, IsoMessage message, IMessageAuthenticator mac)
        {
            var bytes = new byte[MessageFraming.MaxPrefixLength + MessageCodec.MaxLength];
            var length = format.EncodeWithMac(message, mac, bytes.AsSpan(MessageFraming.MaxPrefixLength));
            MessageFraming.WritePrefix(length, bytes);
            await _writing.WaitAsync();
            try
            {
                await client.GetStream().WriteAsync(bytes.AsMemory(0, MessageFraming.MaxPrefixLength + length));
            }
            catch (InvalidOperationException)
            {
                // The connection was closed meanwhile: the answer is lost, as answers are.
            }
            finally
            {
                _writing.Release();
            }
        }
    }
}
