using CanPay.Gateway.Kernel;
using CanPay.Gateway.Payments;
using CanPay.Gateway.Webhooks;
using Microsoft.Extensions.Options;

namespace CanPay.Gateway.Operations;

/// <summary>Throws away what is old by the settings, in short transactions with pauses between them.</summary>
internal sealed class Retention(
    IRetentionStore store, IWebhookStore webhooks, IOptions<RetentionOptions> options, TimeProvider clock, ILogger<Retention> log) : BackgroundService
{
    /// <summary>One round: everything that is old now.</summary>
    public async Task Round(CancellationToken ct)
    {
        var (messages, strays, payments) = (0L, 0L, 0L);
        if (options.Value.UnpaidPaymentDays is > 0 and var unpaidDays)
        {
            payments = await Steps(_ => store.ForgetPayments(Before(unpaidDays), options.Value.BatchRows), ct);
        }

        if (options.Value.NetworkMessageDays is > 0 and var messageDays)
        {
            var before = Before(messageDays);
            messages = await Steps(after => store.ForgetMessages(before, after, options.Value.BatchRows), ct);
            strays = await Steps(
                async _ => await store.ForgetStrays(before, options.Value.BatchRows) is var some && some < options.Value.BatchRows
                    ? new ForgetStep(some, null)
                    : new ForgetStep(some, default(PaymentId)),
                ct);
        }

        var events = 0L;
        if (options.Value.WebhookEventDays is > 0 and var eventDays)
        {
            events = await Steps(
                async _ => await webhooks.ForgetEvents(Before(eventDays), options.Value.BatchRows) is var some && some < options.Value.BatchRows
                    ? new ForgetStep(some, null)
                    : new ForgetStep(some, default(PaymentId)),
                ct);
        }

        if (messages + strays + payments + events > 0)
        {
            log.OldThingsForgotten(payments, messages, strays, events);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value is { NetworkMessageDays: 0, UnpaidPaymentDays: 0, WebhookEventDays: 0 })
        {
            return;
        }

        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(options.Value.EveryMinutes), clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await Round(stoppingToken);
            }
            catch (Exception e) when (e is StoreUnavailableException or StoreRuleException)
            {
                log.RetentionFailed(e);
            }
        }
    }

    private DateTimeOffset Before(int days) => clock.Now() - TimeSpan.FromDays(days);

    /// <returns>How much was thrown away by all steps.</returns>
    private async Task<long> Steps(Func<PaymentId, Task<ForgetStep>> step, CancellationToken ct)
    {
        var forgotten = 0L;
        var after = default(PaymentId);
        while (true)
        {
            var done = await step(after);
            forgotten += done.Forgotten;
            if (done.Last is not { } last)
            {
                return forgotten;
            }

            after = last;
            await Task.Delay(TimeSpan.FromMilliseconds(options.Value.PauseMs), TimeProvider.System, ct);
        }
    }
}
