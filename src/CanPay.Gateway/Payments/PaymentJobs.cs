using CanPay.Gateway.Kernel;
using Microsoft.Extensions.Options;

namespace CanPay.Gateway.Payments;

/// <summary>
/// Looks after payments whose time has come. A payment's row is its job: any node may take any, one at a time has it, and
/// what a worker that stalled wants to write later is refused.
/// </summary>
public sealed class PaymentJobs(
    IPaymentStore store,
    DuePayments due,
    JobSignal signal,
    TimeProvider clock,
    IOptions<JobOptions> options,
    ILogger<PaymentJobs> log) : BackgroundService
{
    /// <summary>The loop's name among the heartbeats.</summary>
    public const string LoopName = "payments";

    private static readonly TimeSpan BeatEvery = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _places = new(options.Value.MaxAtOnce);
    private DateTimeOffset _beatAt;

    /// <summary>When the loop last came round; stale means that it hangs.</summary>
    public DateTimeOffset LastRound { get; private set; }

    public override void Dispose()
    {
        _places.Dispose();
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
        for (var i = 0; i < options.Value.MaxAtOnce; i++)
        {
            await _places.WaitAsync(CancellationToken.None);
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
        var free = _places.CurrentCount;
        if (free == 0)
        {
            return false;
        }

        var claimed = await store.ClaimDue(free, TimeSpan.FromSeconds(options.Value.LeaseSeconds), ct);
        foreach (var payment in claimed)
        {
            await _places.WaitAsync(CancellationToken.None);
            _ = LookAfter(payment);
        }

        return claimed.Count == free;
    }

    private async Task LookAfter(Payment payment)
    {
#pragma warning disable CA1031 // logged and counted; a store that is away lets the lease end, and another round tries again
        try
        {
            try
            {
                await due.LookAfter(payment);
            }
            catch (Exception e) when (e is not StoreUnavailableException)
            {
                log.JobFailed(e, payment.Id.Value, payment.Status);
                await due.CountFailure(payment, e);
            }
        }
        catch (StoreUnavailableException e)
        {
            log.JobPutOff(payment.Id.Value, payment.Status, e.Message);
        }
        catch (Exception e)
        {
            log.JobFailed(e, payment.Id.Value, payment.Status);
        }
        finally
        {
            _places.Release();
            signal.Wake();
        }
#pragma warning restore CA1031
    }
}
