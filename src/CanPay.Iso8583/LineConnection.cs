using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net.Sockets;

namespace CanPay.Iso8583;

#pragma warning disable CA1001 // a SemaphoreSlim whose wait handle nobody asks for holds nothing; requests may still be waiting on it
/// <summary>One connection of a <see cref="SwitchLine"/>, from connect to drop.</summary>
internal sealed class LineConnection(
#pragma warning restore CA1001
    NetworkStream stream,
    MessageFormat format,
    IMessageAuthenticator authenticator,
    ISwitchLineObserver observer,
    TimeProvider clock,
    RecentKeys over,
    int maxInFlight)
{
    /// <summary>Fields of an answer that must be those of its request, where the request has them: amount, reference, currency.</summary>
    private static readonly int[] MustEcho = [4, 37, 49];

    private readonly ConcurrentDictionary<CorrelationKey, Pending> _pending = new();
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly byte[] _outgoing = new byte[MessageFraming.PrefixLength + MessageCodec.MaxLength];
    private volatile string? _ended;

    /// <summary>A timestamp of the clock.</summary>
    public long LastHeard { get; private set; } = clock.GetTimestamp();

    public async Task<LineAnswer> AskAsync(IsoMessage request, TimeSpan timeout)
    {
        if (!CorrelationKey.TryOfRequest(request, out var key))
        {
            return new LineAnswer.NotSent("the request has no trace number or no time");
        }

        if (_pending.Count >= maxInFlight)
        {
            return new LineAnswer.NotSent("too many requests are under way");
        }

        var pending = new Pending(Echoes(request));
        if (!_pending.TryAdd(key, pending))
        {
            return new LineAnswer.NotSent("a request with this trace number and time is under way");
        }

        var started = clock.GetTimestamp();
        try
        {
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
            return await pending.Answer.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, clock).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return new LineAnswer.NoAnswer("no answer in time");
        }
        finally
        {
            _pending.TryRemove(key, out _);
            over.Add(key, answered: pending.Answer is { IsCompletedSuccessfully: true, Result: LineAnswer.Answered });
        }
    }

    /// <summary>Reads until the connection ends; returns why it did.</summary>
    public async Task<string> ReadUntilEnd(CancellationToken ct)
    {
        var reader = PipeReader.Create(stream);
        var bytes = new byte[MessageCodec.MaxLength];
        try
        {
            while (true)
            {
                var length = await MessageFraming.ReadAsync(reader, bytes, ct).ConfigureAwait(false);
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
        finally
        {
            await reader.CompleteAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Nothing more will come: whoever waits hears so at once.</summary>
    public void End(string reason)
    {
        _ended = reason;
        foreach (var pending in _pending.Values)
        {
            pending.Complete(new LineAnswer.NoAnswer(reason));
        }
    }

    private static (int Field, byte[] Value)[] Echoes(IsoMessage request)
    {
        var echoes = new List<(int, byte[])>(MustEcho.Length);
        foreach (var field in MustEcho)
        {
            if (request.Has(field))
            {
                echoes.Add((field, request.Get(field).ToArray()));
            }
        }

        return [.. echoes];
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
                length = format.EncodeWithMac(message, authenticator, _outgoing.AsSpan(MessageFraming.PrefixLength));
            }
            catch (IsoFormatException e)
            {
                return new LineAnswer.NotSent(e.Message);
            }

            if (_ended is { } reason)
            {
                return new LineAnswer.NotSent(reason);
            }

            MessageFraming.WritePrefix(length, _outgoing);
            await stream.WriteAsync(_outgoing.AsMemory(0, MessageFraming.PrefixLength + length), patience.Token).ConfigureAwait(false);
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

    private async Task Take(ReadOnlyMemory<byte> bytes)
    {
        if (!MessageAuthentication.HasValidMac(bytes.Span, authenticator))
        {
            Notice(LineEventKind.WrongMac, $"{bytes.Length} bytes");
            return;
        }

        var message = new IsoMessage();
        if (!format.TryDecode(bytes.Span, message, out var error))
        {
            Notice(LineEventKind.Malformed, error.ToString());
            return;
        }

        if (message.Mti == Mti.NetworkRequest)
        {
            await AnswerPeer(message).ConfigureAwait(false);
            return;
        }

        if (!Mti.IsAnswer(message.Mti) || !CorrelationKey.TryOfAnswer(message, out var key))
        {
            Notice(LineEventKind.ForeignAnswer, message);
            return;
        }

        if (!_pending.TryGetValue(key, out var pending))
        {
            Notice(over.Judge(key), message);
        }
        else if (!pending.Fits(message))
        {
            Notice(LineEventKind.ForeignAnswer, message);
        }
        else if (!pending.Complete(new LineAnswer.Answered(message)))
        {
            Notice(LineEventKind.DuplicateAnswer, message);
        }
    }

    /// <summary>The switch's own echo or sign-on: answered with what it asked.</summary>
    private async Task AnswerPeer(IsoMessage request)
    {
        var answer = new IsoMessage { Mti = Mti.NetworkResponse };
        foreach (var field in (ReadOnlySpan<int>)[11, 12, 24, 93, 94])
        {
            if (request.Has(field))
            {
                answer.Set(field, request.Get(field));
            }
        }

        answer.SetNumber(39, ActionCode.NetworkAccepted, 3);
        await Send(answer, TimeSpan.FromSeconds(5)).ConfigureAwait(false);
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

    private sealed class Pending((int Field, byte[] Value)[] echoes)
    {
        private readonly TaskCompletionSource<LineAnswer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<LineAnswer> Answer => _answer.Task;

        public bool Complete(LineAnswer answer) => _answer.TrySetResult(answer);

        public bool Fits(IsoMessage answer)
        {
            foreach (var (field, value) in echoes)
            {
                if (!answer.Get(field).SequenceEqual(value))
                {
                    return false;
                }
            }

            return true;
        }
    }
}
