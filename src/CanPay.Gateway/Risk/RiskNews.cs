using CanPay.Gateway.Kernel;

namespace CanPay.Gateway.Risk;

/// <summary>Counts what other nodes' issuers declined, and after a start what was declined before.</summary>
internal sealed class RiskNews(IRiskStore store, Counters counters, TimeProvider clock, ILogger<RiskNews> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    /// <summary>The longest window.</summary>
    private static readonly TimeSpan LookBack = TimeSpan.FromDays(1);

    /// <summary>For so long a row may be on its way into the books, and two nodes' clocks may differ.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan SweepEvery = TimeSpan.FromMinutes(1);

    private readonly Dictionary<long, DateTimeOffset> _counted = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        DateTimeOffset? heardAt = null;
        var sweptAt = clock.Now();
        var isSilent = false;
        do
        {
            var now = clock.Now();
#pragma warning disable CA1031 // a node that hears nothing goes on with what it sees itself
            try
            {
                Count(await store.Since(heardAt is { } at ? at - Overlap : now - LookBack, stoppingToken));
                (heardAt, isSilent) = (now, false);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                if (!isSilent)
                {
                    log.NothingHeard(e.GetBaseException().Message);
                }

                isSilent = true;
            }
            catch (OperationCanceledException)
            {
                return;
            }
#pragma warning restore CA1031

            if (now - sweptAt >= SweepEvery)
            {
                sweptAt = now;
                counters.Sweep(now.ToUnixTimeMilliseconds());
                foreach (var id in _counted.Where(pair => pair.Value < now - LookBack).Select(pair => pair.Key).ToList())
                {
                    _counted.Remove(id);
                }
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private void Count(IReadOnlyList<DeclinedAttempt> declined)
    {
        foreach (var one in declined)
        {
            if (_counted.TryAdd(one.Id, one.At))
            {
                counters.Add(one.Attempt, one.At.ToUnixTimeMilliseconds());
            }
        }
    }
}
