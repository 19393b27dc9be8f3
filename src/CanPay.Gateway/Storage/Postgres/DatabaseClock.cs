using System.Diagnostics;
using Npgsql;

namespace CanPay.Gateway.Storage.Postgres;

/// <summary>
/// The present by the database's clock, so that all nodes agree on every deadline whatever their own clocks say. The row
/// decides by the same clock again when it is written.
/// </summary>
internal sealed class DatabaseClock : TimeProvider
{
    private long _aheadTicks;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Ahead;

    /// <summary>How far the database's clock is ahead of this machine's.</summary>
    public TimeSpan Ahead => TimeSpan.FromTicks(Interlocked.Read(ref _aheadTicks));

    /// <summary>Asks the database. Half of the round trip is the error at the most.</summary>
    /// <exception cref="NpgsqlException">It did not answer.</exception>
    public async Task Compare(PostgresDatabase database, CancellationToken ct)
    {
        await using var session = await database.Open(ct);
        await using var command = new NpgsqlCommand("SELECT now_ms()", session.Connection);
        var before = System.GetUtcNow();
        var begun = Stopwatch.GetTimestamp();
        var theirs = DateTimeOffset.FromUnixTimeMilliseconds((long)(await command.ExecuteScalarAsync(ct))!);
        Interlocked.Exchange(ref _aheadTicks, (theirs - (before + (Stopwatch.GetElapsedTime(begun) / 2))).Ticks);
    }
}

/// <summary>Keeps the clock of this node on the database's.</summary>
internal sealed class DatabaseClockLoop(DatabaseClock clock, PostgresDatabase database, ILogger<DatabaseClockLoop> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan WorthAWord = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every);
        do
        {
            try
            {
                var before = clock.Ahead;
                await clock.Compare(database, stoppingToken);
                if ((clock.Ahead - before).Duration() > WorthAWord)
                {
                    log.ClockDiffers(clock.Ahead.TotalSeconds);
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
