using CanPay.Gateway.Kernel;
using CanPay.Gateway.Payments;
using CanPay.Gateway.Refunds;

namespace CanPay.Gateway.Api;

/// <summary>Payments as they are now, as durable as what a write acknowledged: a shop decides by what it reads, too.</summary>
internal sealed class PaymentsRead(IPaymentStore store, IRefundStore refunds)
{
    /// <summary>Each turn means that somebody moved the payment between the reading and its confirmation.</summary>
    private const int MaxTurns = 8;

    /// <summary>Those at the same time share their way to the database.</summary>
    /// <exception cref="StoreUnavailableException">One of them could not be confirmed.</exception>
    public Task<Payment[]> All(IEnumerable<PaymentId> ids, CancellationToken ct) => Task.WhenAll(ids.Select(async id =>
        await One(() => store.Find(id, ct)) ?? throw new StoreUnavailableException($"Payment {id.Value} is gone.")));

    /// <summary>The refunds of several payments, as durable as they.</summary>
    /// <exception cref="StoreUnavailableException">They could not be confirmed.</exception>
    public async Task<ILookup<PaymentId, Refund>> RefundsOf(IReadOnlyCollection<Payment> shown, CancellationToken ct)
    {
        var verified = shown.Where(payment => payment.Status is PaymentStatus.Verified).ToList();
        var found = verified.Count > 0
            ? await refunds.OfPayments([.. verified.Select(payment => payment.Id)], ct)
            : Enumerable.Empty<Refund>().ToLookup(refund => refund.PaymentId);

        // Settling one payment settles whatever was read before; a verified one does not move any more.
        return found.Count == 0 || await store.Settle(verified[0]) ? found : throw new StoreUnavailableException("Refunds that were read could not be confirmed.");
    }

    /// <summary>The payment with that token, of any merchant.</summary>
    /// <exception cref="StoreUnavailableException">It could not be confirmed.</exception>
    public Task<Payment?> ByToken(string token, CancellationToken ct) => One(() => store.Find(token, ct));

    private async Task<Payment?> One(Func<Task<Payment?>> find)
    {
        for (var turn = 0; turn < MaxTurns; turn++)
        {
            if (await find() is not { } payment)
            {
                return null;
            }

            if (await store.Settle(payment))
            {
                return payment;
            }
        }

        throw new StoreUnavailableException("A payment that was read could not be confirmed.");
    }
}
