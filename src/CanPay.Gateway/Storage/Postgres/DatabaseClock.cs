using Npgsql;

namespace CanPay.Gateway.Storage.Postgres;

/// <summary>
/// The present by the database's clock, so that all nodes agree on every deadline whatever their own clocks say. The row
/// decides by the same clock again when it is written.
/// </summary>
/// <remarks>
/// Between two looks at the database time goes on by the machine's counter, not by its clock: one that is set by an hour moves no
/// deadline.
/// </remarks>
/// <param name="machine">Its clock counts only until the database was asked for the first time.</param>
internal sealed class DatabaseClock(TimeProvider machine) : TimeProvider
{
    private volatile Look _last = new(machine.GetUtcNow(), machine.GetTimestamp());

    public override long TimestampFrequency => machine.TimestampFrequency;

    public override DateTimeOffset GetUtcNow()
    {
        var last = _last;
        return last.Theirs + machine.GetElapsedTime(last.Timestamp);
    }

    public override long GetTimestamp() => machine.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        machine.CreateTimer(callback, state, dueTime, period);

    /// <summary>How far the database's clock is ahead of this machine's.</summary>
    public TimeSpan Ahead => GetUtcNow() - machine.GetUtcNow();

    /// <summary>Takes what the database said. Half of the round trip is the error at the most.</summary>
    /// <param name="asked">The machine's counter before it was asked.</param>
    public void Set(DateTimeOffset theirs, long asked)
    {
        var now = machine.GetTimestamp();
        _last = new Look(theirs + (machine.GetElapsedTime(asked, now) / 2), now);
    }

    /// <summary>Asks the database.</summary>
    /// <exception cref="NpgsqlException">It did not answer.</exception>
    public async Task Compare(PostgresDatabase database, CancellationToken ct)
    {
        await using var session = await database.Open(ct);
        await using var command = new NpgsqlCommand("SELECT now_ms()", session.Connection);
        var asked = GetTimestamp();
        Set(DateTimeOffset.FromUnixTimeMilliseconds((long)(await command.ExecuteScalarAsync(ct))!), asked);
    }

    private sealed record Look(DateTimeOffset Theirs, long Timestamp);
}

/// <summary>Keeps the clock of this node on the database's.</summary>
internal sealed class DatabaseClockLoop(DatabaseClock clock, PostgresDatabase database, ILogger<DatabaseClockLoop> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan WorthAWord = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var said = TimeSpan.Zero;
        using var timer = new PeriodicTimer(Every);
        do
        {
            try
            {
                await clock.Compare(database, stoppingToken);
                if ((clock.Ahead - said).Duration() > WorthAWord)
                {
                    said = clock.Ahead;
                    log.ClockDiffers(said.TotalSeconds);
                }
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
            {
                // The clocks go on; others say that the database is away.
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
