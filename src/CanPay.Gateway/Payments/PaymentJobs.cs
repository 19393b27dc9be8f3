using CanPay.Gateway.Kernel;
using Microsoft.Extensions.Options;

namespace CanPay.Gateway.Payments;

/// <summary>
/// Looks after payments and refunds whose time has come. The row is the job: any node may take any, one at a time has it, and
/// what a worker that stalled wants to write later is refused.
/// </summary>
public sealed class PaymentJobs(
    IPaymentStore store,
    IEnumerable<IDueWork> kinds,
    JobSignal signal,
    TimeProvider clock,
    IOptions<JobOptions> options,
    ILogger<PaymentJobs> log) : BackgroundService
{
    /// <summary>The loop's name among the heartbeats.</summary>
    public const string LoopName = "payments";

    private static readonly TimeSpan BeatEvery = TimeSpan.FromSeconds(5);

    private readonly (IDueWork Work, SemaphoreSlim Places)[] _kinds = [.. kinds.Select(work => (work, new SemaphoreSlim(work.Places)))];
    private DateTimeOffset _beatAt;

    /// <summary>When the loop last came round; stale means that it hangs.</summary>
    public DateTimeOffset LastRound { get; private set; }

    public override void Dispose()
    {
        Array.ForEach(_kinds, kind => kind.Places.Dispose());
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var more = false;
#pragma warning disable CA1031 // the loop outlives whatever one round meets
            try
            {
                more = await Round(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (StoreUnavailableException)
            {
                // The store says so itself, and not in every round.
            }
            catch (Exception e)
            {
                log.JobRoundFailed(e);
            }
#pragma warning restore CA1031

            if (!more)
            {
                await signal.Wait(TimeSpan.FromMilliseconds(options.Value.PollMs), clock, stoppingToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        // Work that was begun is finished: the places come back one by one.
        foreach (var (work, places) in _kinds)
        {
            for (var i = 0; i < work.Places; i++)
            {
                await places.WaitAsync(CancellationToken.None);
            }
        }
    }

    /// <returns>There may be more to do at once.</returns>
    private async Task<bool> Round(CancellationToken ct)
    {
        var now = clock.Now();
        if (now - _beatAt >= BeatEvery)
        {
            await store.Beat(LoopName, Environment.MachineName, now, ct);
            _beatAt = now;
        }

        LastRound = now;
        var more = false;
        foreach (var (work, places) in _kinds)
        {
            var free = places.CurrentCount;
            if (free == 0)
            {
                continue;
            }

            var claimed = await work.Claim(free, TimeSpan.FromSeconds(options.Value.LeaseSeconds), ct);
            foreach (var one in claimed)
            {
                await places.WaitAsync(CancellationToken.None);
                _ = LookAfter(one, places);
            }

            more |= claimed.Count == free;
        }

        return more;
    }

    private async Task LookAfter(ClaimedWork claimed, SemaphoreSlim places)
    {
#pragma warning disable CA1031 // logged and counted; a store that is away lets the lease end, and another round tries again
        try
        {
            try
            {
                await claimed.LookAfter();
            }
            catch (Exception e) when (e is not StoreUnavailableException)
            {
                log.JobFailed(e, claimed.Name);
                await claimed.CountFailure(e);
            }
        }
        catch (StoreUnavailableException e)
        {
            log.JobPutOff(claimed.Name, e.Message);
        }
        catch (Exception e)
        {
            log.JobFailed(e, claimed.Name);
        }
        finally
        {
            places.Release();
            signal.Wake();
        }
#pragma warning restore CA1031
    }
}
