using CanPay.Gateway.Cards;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Payments;
using CanPay.Gateway.Refunds;
using CanPay.Gateway.Risk;
using Microsoft.Extensions.Options;

namespace CanPay.Gateway.Operations;

/// <summary>Throws away what is kept for a time only.</summary>
internal sealed class Housekeeping(
    IPaymentStore store,
    IWalletStore wallet,
    IPinRequestStore pinRequests,
    IRiskStore risk,
    IRefundStore refunds,
    IOptions<PaymentOptions> options,
    TimeProvider clock,
    ILogger<Housekeeping> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    /// <summary>Their limits look back a day.</summary>
    private static readonly TimeSpan CodesKept = TimeSpan.FromDays(2);

    /// <summary>Their limits look back an hour, and over the life of a payment.</summary>
    private static readonly TimeSpan PinRequestsKept = TimeSpan.FromDays(1);

    /// <summary>Their limits look back a day.</summary>
    private static readonly TimeSpan DeclinesKept = TimeSpan.FromDays(2);

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
                await wallet.ForgetCodes(clock.Now() - CodesKept, stoppingToken);
                await risk.Forget(clock.Now() - DeclinesKept, stoppingToken);
                log.CardsForgotten(await refunds.ForgetCards(stoppingToken));
                await pinRequests.ForgetPinRequests(clock.Now() - PinRequestsKept, stoppingToken);
            }
            catch (Exception e) when (StoreUnavailableException.Explains(e))
            {
                log.HousekeepingFailed(e);
            }
        }
    }
}
