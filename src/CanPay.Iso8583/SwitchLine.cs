using System.Net.Sockets;

namespace CanPay.Iso8583;

/// <summary>
/// The line to a switch: one TCP connection with many requests under way, kept up for ever. Signs on after connecting, tests a
/// silent line by echoes, connects again with growing waits, and hands each answer to the request that it belongs to.
/// </summary>
public sealed class SwitchLine : IAsyncDisposable
{
    private const int RemembersRequests = 20_000;

    private readonly SwitchLineOptions _options;
    private readonly MessageFormat _format;
    private readonly IMessageAuthenticator _authenticator;
    private readonly ISwitchLineObserver _observer;
    private readonly TimeProvider _clock;
    private readonly RecentKeys _over = new(RemembersRequests);
    private readonly CancellationTokenSource _stopping = new();
    private volatile LineConnection? _signedOn;
    private Task _running = Task.CompletedTask;
    private int _networkTrace;
    private bool _isDisposed;

    /// <summary>Makes a line; <see cref="Start"/> connects it.</summary>
    /// <param name="options">Where to and how patiently.</param>
    /// <param name="format">The switch's dialect.</param>
    /// <param name="authenticator">Of field 128, both ways.</param>
    /// <param name="observer">Hears what is not an answer.</param>
    /// <param name="clock">For time-outs and waits.</param>
    public SwitchLine(
        SwitchLineOptions options,
        MessageFormat format,
        IMessageAuthenticator authenticator,
        ISwitchLineObserver observer,
        TimeProvider clock)
    {
        _options = options;
        _format = format;
        _authenticator = authenticator;
        _observer = observer;
        _clock = clock;
    }

    /// <summary>Where the line stands.</summary>
    public LineState State =>
        _signedOn is { } connection ? connection.IsOpen ? LineState.SignedOn : LineState.SignedOff
        : _running.IsCompleted ? LineState.Stopped : LineState.Connecting;

    /// <summary>Begins to connect; returns at once.</summary>
    public void Start() => _running = Task.Run(() => KeepUp(_stopping.Token));

    /// <summary>Sends a request and waits for its answer. Never throws for trouble on the line.</summary>
    /// <param name="request">Needs fields 11 and 12; is not used any more when this returns.</param>
    /// <param name="timeout">From now, waiting to be sent included.</param>
    public async Task<LineAnswer> SendAsync(IsoMessage request, TimeSpan timeout)
    {
        ArgumentNullException.ThrowIfNull(request);
        return _signedOn is { } connection
            ? await connection.AskBusinessAsync(request, timeout).ConfigureAwait(false)
            : new LineAnswer.NotSent("the line is not signed on");
    }

    /// <summary>Signs off and ends the line. Requests under way have no answer. A second time does nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
        {
            return;
        }

        if (_signedOn is { } connection)
        {
            _signedOn = null;
            await connection.AskAsync(NetworkRequest(FunctionCode.SignOff), _options.ConnectTimeout).ConfigureAwait(false);
        }

        await _stopping.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task KeepUp(CancellationToken ct)
    {
        var failures = 0;
        while (!ct.IsCancellationRequested)
        {
            try
            {
                if (await ConnectAndServe(ct).ConfigureAwait(false))
                {
                    failures = 0;
                }
            }
            catch (Exception e) when (e is SocketException or IOException or OperationCanceledException or TimeoutException)
            {
                Notice(LineEventKind.ConnectFailed, e is OperationCanceledException ? "no connection in time" : e.Message);
            }
#pragma warning disable CA1031 // a defect in one connection, also the observer's, must not be the end of the line
            catch (Exception e)
            {
                Notice(LineEventKind.ConnectFailed, "a defect: " + e.GetType().Name);
            }
#pragma warning restore CA1031

            if (!ct.IsCancellationRequested)
            {
                var wait = WaitAfter(failures++, _options, _options.Chance());
                await Task.Delay(wait, _clock, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <returns>True where the line had been signed on.</returns>
    private async Task<bool> ConnectAndServe(CancellationToken ct)
    {
        Stream stream;
        using (var patience = new CancellationTokenSource(_options.ConnectTimeout, _clock))
        using (var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, ct))
        {
            stream = await (_options.Connect ?? ConnectByTcp)(either.Token).ConfigureAwait(false);
        }

        var connection = new LineConnection(
            stream, _format, _authenticator, _observer, _clock, _over, _options);
        var reading = connection.ReadUntilEnd(ct);
        try
        {
            var answer = await connection.AskAsync(NetworkRequest(FunctionCode.SignOn), _options.ConnectTimeout).ConfigureAwait(false);
            if (!IsAccepted(answer))
            {
                Notice(LineEventKind.ConnectFailed, "the switch did not accept the sign-on: " + Describe(answer));
                return false;
            }

            _signedOn = connection;
            Notice(LineEventKind.SignedOn, "signed on");
            await TestWhileSilent(connection, reading, ct).ConfigureAwait(false);
            return true;
        }
        finally
        {
            var wasSignedOn = Interlocked.CompareExchange(ref _signedOn, null, connection) == connection;
            await stream.DisposeAsync().ConfigureAwait(false);
            var reason = await reading.ConfigureAwait(false);
            if (wasSignedOn)
            {
                Notice(LineEventKind.Dropped, reason);
            }
        }
    }

    private async Task<Stream> ConnectByTcp(CancellationToken ct)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(_options.Host, _options.Port, ct).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Returns when the connection has ended or an echo stayed without an answer.</summary>
    private async Task TestWhileSilent(LineConnection connection, Task reading, CancellationToken ct)
    {
        while (!reading.IsCompleted)
        {
            var silence = _clock.GetElapsedTime(connection.LastHeard);
            if (silence >= _options.EchoInterval)
            {
                var answer = await connection.AskAsync(NetworkRequest(FunctionCode.Echo), _options.EchoInterval).ConfigureAwait(false);
                if (!IsAccepted(answer))
                {
                    return;
                }

                continue;
            }

            using var enough = CancellationTokenSource.CreateLinkedTokenSource(ct);
            // Whole milliseconds: what is left of one Task.Delay takes for no time at all, and this would turn until it is over.
            var left = TimeSpan.FromMilliseconds(Math.Ceiling((_options.EchoInterval - silence).TotalMilliseconds));
            var wait = Task.Delay(left, _clock, enough.Token);
            await Task.WhenAny(reading, wait).ConfigureAwait(false);
            await enough.CancelAsync().ConfigureAwait(false);
            if (ct.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>Doubles with each failure up to the longest wait; the random half keeps nodes from coming all at once.</summary>
    /// <param name="failures">In a row before, from 0.</param>
    /// <param name="options">The first wait and the longest.</param>
    /// <param name="chance">0 to 1.</param>
    internal static TimeSpan WaitAfter(int failures, SwitchLineOptions options, double chance)
    {
        var doubled = options.ReconnectDelay * Math.Pow(2, Math.Min(failures, 16));
        var wait = doubled < options.MaxReconnectDelay ? doubled : options.MaxReconnectDelay;
        return wait * (0.5 + (0.5 * chance));
    }

    private IsoMessage NetworkRequest(int function)
    {
        var local = TimeZoneInfo.ConvertTime(_clock.GetUtcNow(), _options.LocalTime);
        var message = new IsoMessage { Mti = Mti.NetworkRequest };
        message.SetNumber(11, (Interlocked.Increment(ref _networkTrace) % 999_999) + 1, 6);
        message.Set(12, local.ToString("yyMMddHHmmss", System.Globalization.CultureInfo.InvariantCulture));
        message.SetNumber(24, function, 3);
        message.Set(94, _options.InstitutionId);
        return message;
    }

    private static bool IsAccepted(LineAnswer answer) =>
        answer is LineAnswer.Answered { Message: var message }
        && message.TryGetNumber(39, out var code) && code is ActionCode.NetworkAccepted or ActionCode.Approved;

    private static string Describe(LineAnswer answer) => answer switch
    {
        LineAnswer.Answered answered => "action code " + answered.Message.GetText(39),
        LineAnswer.NotSent notSent => notSent.Reason,
        LineAnswer.NoAnswer noAnswer => noAnswer.Reason,
        _ => "",
    };

    private void Notice(LineEventKind kind, string summary) =>
        _observer.Noticed(new LineEvent(kind, _clock.GetUtcNow(), 0, null, null, null, summary));
}
