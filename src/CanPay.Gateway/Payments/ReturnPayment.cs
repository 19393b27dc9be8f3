using System.Diagnostics;
using CanPay.Gateway.Acquiring;
using CanPay.Gateway.Kernel;

namespace CanPay.Gateway.Payments;

/// <summary>The merchant did not verify in time, or does not want to: the money goes back to the payer.</summary>
public sealed class ReturnPayment(IPaymentStore store, IAcquirer acquirer, JobSignal jobs, TimeProvider clock)
{
    /// <summary>
    /// Writes that the payment is being returned, for a caller to whom the store has said that the time to verify is over. Whoever
    /// is told "returned" is told what is in the books, and no node can say otherwise afterwards.
    /// </summary>
    /// <param name="payment">Authorized, as it was read.</param>
    /// <returns>False where somebody else moved it first: read again.</returns>
    public async Task<bool> Return(Payment payment)
    {
        // The store's clock has judged; this node's may be some milliseconds behind it.
        var now = clock.Now();
        var at = payment.VerifyDeadline is { } deadline && now < deadline ? deadline : now;
        if (payment.ReturnUnverified(at).Refused(out _, out var returned))
        {
            throw new UnreachableException("Only an authorized payment can be too late to verify.");
        }

        return await Write(new PaymentChange(payment, returned, "clock", at));
    }

    /// <summary>Writes that the merchant gives the payment back.</summary>
    /// <param name="reversing">What <see cref="Payment.ReverseByMerchant"/> made of it.</param>
    /// <param name="answer">Kept under its key together with the move.</param>
    /// <returns>False where somebody else moved it first: read again.</returns>
    public Task<bool> GiveBack(Payment payment, Payment reversing, StoredAnswer? answer, DateTimeOffset now) =>
        Write(new PaymentChange(payment, reversing, "merchant", now) { Answer = answer });

    /// <summary>With the identity of the reversal advice, which a job sends until it is acknowledged.</summary>
    private async Task<bool> Write(PaymentChange move)
    {
        var payment = move.Before;
        var authorization = await store.FindAuthorization(payment.Id, payment.Authorizations, CancellationToken.None)
            ?? throw new InvalidOperationException($"Payment {payment.Id.Value} has no authorization {payment.Authorizations}.");
        var change = move with { Authorization = await acquirer.PrepareReversal(authorization, CancellationToken.None) };
        CrashPoint.Reach("return.before");
        if (await store.Apply(change) is not ApplyResult.Applied)
        {
            return false;
        }

        CrashPoint.Reach("return.after");
        jobs.Wake();
        return true;
    }
}
