using CanPay.Gateway.Kernel;
using CanPay.Gateway.Payments;
using Microsoft.Extensions.Options;

namespace CanPay.Gateway.Operations;

/// <summary>Throws away what is kept for a time only.</summary>
internal sealed class Housekeeping(
    IPaymentStore store, IOptions<PaymentOptions> options, TimeProvider clock, ILogger<Housekeeping> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                var forgotten = await store.ForgetAnswers(
                    clock.Now() - TimeSpan.FromDays(options.Value.AnswerRetentionDays), stoppingToken);
                log.AnswersForgotten(forgotten);
            }
            catch (StoreUnavailableException e)
            {
                log.HousekeepingFailed(e);
            }
        }
    }
}
