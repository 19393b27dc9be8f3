using CanPay.Gateway.Kernel;

namespace CanPay.Gateway.Payments;

/// <summary>A merchant's payments in lists: no part of the hot path. Gives ids; what they are now the store says.</summary>
public interface IPaymentList
{
    /// <summary>The payment of an invoice.</summary>
    Task<PaymentId?> ByInvoice(MerchantId merchant, string invoice, CancellationToken ct);

    /// <summary>Newest first.</summary>
    /// <param name="after">Only what comes after that payment of the merchant's in this order.</param>
    Task<IReadOnlyList<PaymentId>> Newest(MerchantId merchant, PaymentFilter filter, Payment? after, int limit, CancellationToken ct);

    /// <summary>Paid, and the time to verify is not over; oldest first.</summary>
    /// <param name="createdSince">No payment that is older can wait any more.</param>
    /// <param name="after">As above.</param>
    Task<IReadOnlyList<PaymentId>> Unverified(
        MerchantId merchant, DateTimeOffset now, DateTimeOffset createdSince, Payment? after, int limit, CancellationToken ct);
}

/// <param name="From">Created at or after.</param>
/// <param name="To">Created before.</param>
public sealed record PaymentFilter(PaymentStatus? Status, DateTimeOffset? From, DateTimeOffset? To);
