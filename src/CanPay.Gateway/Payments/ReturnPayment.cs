using System.Diagnostics;
using CanPay.Gateway.Acquiring;
using CanPay.Gateway.Kernel;

namespace CanPay.Gateway.Payments;

/// <summary>The merchant did not verify in time: the money goes back to the payer.</summary>
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

        var authorization = await store.FindAuthorization(payment.Id, payment.Authorizations, CancellationToken.None)
            ?? throw new InvalidOperationException($"Payment {payment.Id.Value} has no authorization {payment.Authorizations}.");
        var change = new PaymentChange(payment, returned, "clock", at)
        {
            Authorization = await acquirer.PrepareReversal(authorization, CancellationToken.None),
        };
        if (await store.Apply(change) is not ApplyResult.Applied)
        {
            return false;
        }

        jobs.Wake();
        return true;
    }
}
