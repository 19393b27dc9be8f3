using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace CanPay.Iso8583;

#pragma warning disable CA1001 // a SemaphoreSlim whose wait handle nobody asks for holds nothing; requests may still be waiting on it
/// <summary>One connection of a <see cref="SwitchLine"/>, from connect to drop.</summary>
internal sealed partial class LineConnection(
#pragma warning restore CA1001
    Stream stream,
    MessageFormat format,
    IMessageAuthenticator authenticator,
    ISwitchLineObserver observer,
    TimeProvider clock,
    RecentKeys over,
    SwitchLineOptions options)
{
    private readonly ConcurrentDictionary<CorrelationKey, Pending> _pending = new();
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly byte[] _outgoing = new byte[MessageFraming.MaxPrefixLength + MessageCodec.MaxLength];
    private readonly int _prefixLength = MessageFraming.LengthOf(options.LengthPrefix);
    private volatile string? _ended;
    private volatile bool _peerIsAway;
    private int _businessUnderWay;

    /// <summary>A timestamp of the clock.</summary>
    public long LastHeard { get; private set; } = clock.GetTimestamp();

    /// <summary>Requests may be sent: the connection stands, and the switch has not signed off.</summary>
    public bool IsOpen => _ended is null && !_peerIsAway;

    /// <summary>As <see cref="AskAsync"/>, within the number of requests that may be under way.</summary>
    public async Task<LineAnswer> AskBusinessAsync(IsoMessage request, TimeSpan timeout)
    {
        if (!IsOpen)
        {
            return new LineAnswer.NotSent(_ended ?? "the switch signed off");
        }

        try
        {
            return Interlocked.Increment(ref _businessUnderWay) > options.MaxInFlight
                ? new LineAnswer.NotSent("too many requests are under way")
                : await AskAsync(request, timeout).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _businessUnderWay);
        }
    }

    /// <summary>Sends a request and waits for its answer.</summary>
    public async Task<LineAnswer> AskAsync(IsoMessage request, TimeSpan timeout)
    {
        if (!CorrelationKey.TryOfRequest(request, out var key))
        {
            return new LineAnswer.NotSent("the request has no trace number or no time");
        }

        var pending = new Pending(EchoedFields.Of(request));
        if (!_pending.TryAdd(key, pending))
        {
            return new LineAnswer.NotSent("a request with this trace number and time is under way");
        }

        try
        {
            var answer = await SendAndWait(request, pending, timeout).ConfigureAwait(false);
            if (answer is not LineAnswer.NotSent)
            {
                over.Add(key, pending.Echoed, answered: answer is LineAnswer.Answered);
            }

            return answer;
        }
        finally
        {
            _pending.TryRemove(key, out _);
        }
    }

    private async Task<LineAnswer> SendAndWait(IsoMessage request, Pending pending, TimeSpan timeout)
    {
        var started = clock.GetTimestamp();
        if (await Send(request, timeout).ConfigureAwait(false) is { } failure)
        {
            return failure;
        }

        // Whoever ends the connection completes what it finds pending; this looks after one that came too late for that.
        if (_ended is { } reason)
        {
            pending.Complete(new LineAnswer.NoAnswer(reason));
        }

        var left = timeout - clock.GetElapsedTime(started);
        try
        {
            return await pending.Answer.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, clock).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // One that comes at this very moment is either the answer or, after this, a late one: it is never lost.
            pending.Complete(new LineAnswer.NoAnswer("no answer in time"));
            return await pending.Answer.ConfigureAwait(false);
        }
    }

    /// <summary>Reads until the connection ends, tells all who wait, and returns why it did.</summary>
    public async Task<string> ReadUntilEnd(CancellationToken ct)
    {
        var reason = "the line broke down";
        try
        {
            return reason = await Read(ct).ConfigureAwait(false);
        }
        finally
        {
            End(reason);
        }
    }

    private async Task<string> Read(CancellationToken ct)
    {
        var reader = PipeReader.Create(stream);
        var bytes = new byte[MessageCodec.MaxLength];
        try
        {
            while (true)
            {
                var length = await MessageFraming.ReadAsync(reader, bytes, options.LengthPrefix, ct).ConfigureAwait(false);
                if (length < 0)
                {
                    return "the switch closed the connection";
                }

                LastHeard = clock.GetTimestamp();
                await Take(bytes.AsMemory(0, length)).ConfigureAwait(false);
            }
        }
        catch (IsoFormatException e)
        {
            Notice(LineEventKind.Malformed, e.Message);
            return "the switch sent something that is no message: " + e.Message;
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            return "the connection broke";
        }
        catch (CryptographicException)
        {
            return "authentication codes cannot be computed";
        }
        finally
        {
            await reader.CompleteAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Nothing more will come: whoever waits hears so at once.</summary>
    private void End(string reason)
    {
        _ended = reason;
        foreach (var pending in _pending.Values)
        {
            pending.Complete(new LineAnswer.NoAnswer(reason));
        }
    }

    /// <returns>Null where the whole message was handed to the connection.</returns>
    private async Task<LineAnswer?> Send(IsoMessage message, TimeSpan timeout)
    {
        using var patience = new CancellationTokenSource(timeout, clock);
        try
        {
            await _writing.WaitAsync(patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return new LineAnswer.NotSent("the line was busy for too long");
        }

        try
        {
            int length;
            try
            {
                length = format.EncodeWithMac(message, authenticator, _outgoing.AsSpan(_prefixLength));
            }
            catch (IsoFormatException e)
            {
                return new LineAnswer.NotSent(e.Message);
            }
            catch (CryptographicException)
            {
                return new LineAnswer.NotSent("authentication codes cannot be computed");
            }

            if (_ended is { } reason)
            {
                return new LineAnswer.NotSent(reason);
            }

            MessageFraming.WritePrefix(length, _outgoing, options.LengthPrefix);
            await stream.WriteAsync(_outgoing.AsMemory(0, _prefixLength + length), patience.Token).ConfigureAwait(false);
            return null;
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // A part of it may be out: the place of the next message is lost, so the connection is of no more use.
            await stream.DisposeAsync().ConfigureAwait(false);
            return new LineAnswer.NoAnswer("the connection broke while the request was sent");
        }
        finally
        {
            Array.Clear(_outgoing);
            _writing.Release();
        }
    }

    private void Notice(LineEventKind kind, IsoMessage message) => observer.Noticed(new LineEvent(
        kind,
        clock.GetUtcNow(),
        message.Mti,
        message.GetText(11),
        message.GetText(37),
        message.TryGetNumber(39, out var code) ? (int)code : null,
        message.Describe(format)));

    private void Notice(LineEventKind kind, string summary) =>
        observer.Noticed(new LineEvent(kind, clock.GetUtcNow(), 0, null, null, null, summary));

    private sealed class Pending(EchoedFields echoed)
    {
        private readonly TaskCompletionSource<LineAnswer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public EchoedFields Echoed => echoed;

        public Task<LineAnswer> Answer => _answer.Task;

        public bool Complete(LineAnswer answer) => _answer.TrySetResult(answer);
    }
}
