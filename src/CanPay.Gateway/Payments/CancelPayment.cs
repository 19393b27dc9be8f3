using CanPay.Gateway.Kernel;

namespace CanPay.Gateway.Payments;

/// <summary>The payer gives up: the shop is told <c>success=0</c> at once.</summary>
public static class CancelPayment
{
    /// <summary>Cancelling twice is as once; a payment that is under way or over is refused with its state.</summary>
    public static async Task<Result<Payment>> Cancel(
        this IPaymentStore store, Payment payment, string browserHash, DateTimeOffset now)
    {
        if (payment.Cancel(browserHash, now).Refused(out var refusal, out var cancelled))
        {
            return refusal;
        }

        if (cancelled != payment
            && await store.Apply(new PaymentChange(payment, cancelled, "payer", now)) is not ApplyResult.Applied)
        {
            return PaymentRefusals.InProgress;
        }

        return cancelled;
    }
}
