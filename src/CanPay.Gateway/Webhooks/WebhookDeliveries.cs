using CanPay.Gateway.Kernel;
using CanPay.Gateway.Payments;
using Microsoft.Extensions.Options;

namespace CanPay.Gateway.Webhooks;

/// <summary>Sends events whose time has come. Any node may take any; a node that dies loses its leases, and others go on.</summary>
internal sealed class WebhookDeliveries(
    IWebhookStore store,
    Delivery delivery,
    IPaymentStore payments,
    TimeProvider clock,
    IOptions<WebhookOptions> options,
    ILogger<WebhookDeliveries> log) : BackgroundService
{
    /// <summary>The loop's name among the heartbeats.</summary>
    public const string LoopName = "webhooks";

    private const int RemindersAtOnce = 100;

    private static readonly TimeSpan BeatEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LookForOldEvery = TimeSpan.FromMinutes(1);

    /// <summary>What has waited so long beyond its time was not even tried: its endpoint is disabled, or paused.</summary>
    private static readonly TimeSpan GraceOfOld = TimeSpan.FromHours(1);

    private readonly SemaphoreSlim _places = new(options.Value.MaxAtOnce);
    private readonly JobSignal _signal = new();
    private DateTimeOffset _beatAt;
    private DateTimeOffset _oldAt;

    public override void Dispose()
    {
        _places.Dispose();
        _signal.Dispose();
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
            catch (Exception e) when (StoreUnavailableException.Explains(e))
            {
                // The store says so itself, and not in every round.
            }
            catch (Exception e)
            {
                log.RoundFailed(e);
            }
#pragma warning restore CA1031

            if (!more)
            {
                await _signal.Wait(TimeSpan.FromMilliseconds(options.Value.PollMs), clock, stoppingToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        // What was begun is finished: the places come back one by one.
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
            await payments.Beat(LoopName, Environment.MachineName, now, ct);
            _beatAt = now;
        }

        if (now - _oldAt >= LookForOldEvery)
        {
            await store.GiveUp(now - TimeSpan.FromHours(options.Value.GiveUpHours) - GraceOfOld, 1_000);
            _oldAt = now;
        }

        var reminded = await store.Remind(TimeSpan.FromSeconds(options.Value.ReminderSeconds), RemindersAtOnce);
        var free = _places.CurrentCount;
        if (free == 0)
        {
            return false;
        }

        var claimed = await store.Claim(free, DeliveryLimits.From(options.Value), listener: null, ct);
        foreach (var one in claimed)
        {
            await _places.WaitAsync(CancellationToken.None);
            _ = Deliver(one);
        }

        return claimed.Count == free || reminded == RemindersAtOnce;
    }

    private async Task Deliver(ClaimedDelivery claimed)
    {
#pragma warning disable CA1031 // logged; the lease ends, and another round tries again
        try
        {
            await delivery.Deliver(claimed);
        }
        catch (Exception e)
        {
            log.DeliveryBroke(e, claimed.Event.Key, claimed.Endpoint.Key);
        }
        finally
        {
            _places.Release();
            _signal.Wake();
        }
#pragma warning restore CA1031
    }
}
