using System.Globalization;
using System.Threading.Channels;
using CanPay.Gateway.Kernel;
using CanPay.Iso8583;
using Microsoft.Extensions.Options;

namespace CanPay.Gateway.Acquiring.Direct;

/// <summary>This node's line to the switch, for as long as the node lives; what it notices goes into the journal.</summary>
internal sealed class SwitchConnection : IHostedService, ISwitchLineObserver, IAsyncDisposable
{
    private const int EventsThatMayWait = 10_000;
    private static readonly TimeSpan SignOffPatience = TimeSpan.FromSeconds(5);
    private const int MaxRecordTries = 600;
    private static readonly TimeSpan RetryRecord = TimeSpan.FromSeconds(1);

    private readonly IAcquiringStore _store;
    private readonly TimeProvider _clock;
    private readonly ILogger<SwitchConnection> _log;
    private readonly SwitchLine _line;
    private readonly Channel<NetworkMessage> _noticed = Channel.CreateBounded<NetworkMessage>(
        new BoundedChannelOptions(EventsThatMayWait) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });

    private Task _keeping = Task.CompletedTask;
    private bool _isAway;
    private volatile bool _isStopping;

    /// <param name="adapt">What is to be otherwise on this line than the settings make it.</param>
    public SwitchConnection(
        IAcquiringStore store,
        IHsm hsm,
        IOptions<AcquiringOptions> options,
        TimeProvider clock,
        ILogger<SwitchConnection> log,
        Func<SwitchLineOptions, SwitchLineOptions>? adapt = null)
    {
        _store = store;
        _clock = clock;
        _log = log;
        var line = new SwitchLineOptions
        {
            Host = options.Value.SwitchHost,
            Port = options.Value.SwitchPort,
            InstitutionId = options.Value.AcquirerId,
            EchoInterval = TimeSpan.FromSeconds(options.Value.EchoSeconds),
            MaxInFlight = options.Value.MaxInFlight,
            LocalTime = Tehran.Zone,
        };
        _line = new SwitchLine(adapt?.Invoke(line) ?? line, MessageFormat.Shetab, hsm, this, clock);
    }

    public bool IsSignedOn => _line.State is LineState.SignedOn;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _keeping = Keep();
        _line.Start();
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _line.DisposeAsync().AsTask().WaitAsync(SignOffPatience, CancellationToken.None)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _isStopping = true;
        _noticed.Writer.TryComplete();
        await _keeping;
    }

    public Task<LineAnswer> Send(IsoMessage request, TimeSpan timeout) => _line.SendAsync(request, timeout);

    /// <summary>Writes to the journal, soon, what is kept with no row of the books.</summary>
    public void Record(IReadOnlyList<NetworkMessage> messages)
    {
        var lost = messages.Count(message => !_noticed.Writer.TryWrite(message));
        if (lost > 0)
        {
            _log.MessagesNotKept(lost);
        }
    }

    public void Noticed(LineEvent lineEvent)
    {
        // A switch that is away for hours is one fact, not one for each attempt.
        var isNews = lineEvent.Kind != LineEventKind.ConnectFailed || !_isAway;
        _isAway = lineEvent.Kind is LineEventKind.ConnectFailed || (_isAway && lineEvent.Kind is not LineEventKind.SignedOn);
        if (!isNews)
        {
            return;
        }

        _log.LineNoticed(lineEvent.Kind, lineEvent.Summary);
        var kept = _noticed.Writer.TryWrite(new NetworkMessage(
            lineEvent.At.ToMilliseconds(),
            Name(lineEvent.Kind),
            lineEvent.Mti == 0 ? "" : lineEvent.Mti.ToString("0000", CultureInfo.InvariantCulture),
            lineEvent.Stan,
            lineEvent.Rrn,
            lineEvent.ActionCode,
            PaymentId: null,
            lineEvent.Summary));
        if (!kept)
        {
            _log.LineEventNotKept(lineEvent.Kind);
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None);

    private static string Name(LineEventKind kind) => kind switch
    {
        LineEventKind.SignedOn => "signed_on",
        LineEventKind.SignedOff => "signed_off",
        LineEventKind.Dropped => "dropped",
        LineEventKind.ConnectFailed => "connect_failed",
        LineEventKind.LateAnswer => "late",
        LineEventKind.DuplicateAnswer => "duplicate",
        LineEventKind.ForeignAnswer => "foreign",
        LineEventKind.Malformed => "malformed",
        LineEventKind.WrongMac => "wrong_mac",
    };

    private async Task Keep()
    {
        var waiting = new List<NetworkMessage>();
        while (await _noticed.Reader.WaitToReadAsync(CancellationToken.None))
        {
            waiting.Clear();
            while (waiting.Count < 100 && _noticed.Reader.TryRead(out var message))
            {
                waiting.Add(message);
            }

#pragma warning disable CA1031 // the journal of oddities must not end the line; the log has them as well
            for (var tries = 1; waiting.Count > 0; tries++)
            {
                try
                {
                    await _store.Record([.. waiting], CancellationToken.None);
                    waiting.Clear();
                }
                catch (Exception) when (tries < MaxRecordTries && !_isStopping)
                {
                    // A store that is away says so itself. What it took without acknowledging it is written twice.
                    await Task.Delay(RetryRecord, _clock, CancellationToken.None);
                }
                catch (Exception e)
                {
                    _log.JournalFailed(e, waiting.Count);
                    waiting.Clear();
                }
            }
#pragma warning restore CA1031
        }
    }
}
