using CanPay.Gateway.Acquiring;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Ledger;

namespace CanPay.Gateway.Refunds;

/// <summary>Refunds in the books. One implementation an engine.</summary>
/// <remarks>As with payments: a write that returned is durable, one that threw has an unknown outcome.</remarks>
public interface IRefundStore
{
    /// <summary>What a card refund needs may be thrown away so soon that it is not begun any more.</summary>
    static TimeSpan CardMargin { get; } = TimeSpan.FromMinutes(1);

    Task<Refund?> Find(RefundId id, CancellationToken ct);

    /// <summary>By the merchant's own <c>refund_id</c>.</summary>
    Task<Refund?> Find(MerchantId merchant, string reference, CancellationToken ct);

    /// <summary>All refunds of a payment, oldest first.</summary>
    Task<IReadOnlyList<Refund>> OfPayment(PaymentId payment, CancellationToken ct);

    /// <summary>All refunds of several payments, oldest first.</summary>
    Task<ILookup<PaymentId, Refund>> OfPayments(IReadOnlyCollection<PaymentId> payments, CancellationToken ct);

    /// <summary>The card that paid is kept for refunds, and will be for as long as it takes to begin one.</summary>
    Task<bool> HasCard(PaymentId payment, CancellationToken ct);

    /// <summary>The sealed card of a payment, if it is still kept.</summary>
    Task<byte[]?> FindCard(PaymentId payment, CancellationToken ct);

    /// <summary>
    /// Adds a refund with its posting, in one transaction. The books themselves refuse what would be more than was paid, however
    /// many are asked for at once.
    /// </summary>
    /// <param name="refund">Begun; the store gives it its id.</param>
    Task<AddRefundResult> Add(Refund refund);

    /// <summary>Writes a move with its posting and its messages, in one transaction, if the row still is what the move began from.</summary>
    /// <returns>False where somebody else moved it first; only the messages were written.</returns>
    Task<bool> Apply(RefundChange change);

    /// <summary>
    /// Returns when the refund, just as it was read, is as durable as what a write acknowledged. To be awaited before somebody is
    /// told of money by what was only read.
    /// </summary>
    /// <returns>False where it is not there as it was read, or not any more. Read again.</returns>
    Task<bool> Settle(Refund asRead);

    /// <summary>Takes refunds whose <see cref="Refund.DueAt"/> has come by the store's clock, oldest first, and leases them.</summary>
    Task<IReadOnlyList<Refund>> ClaimDue(int limit, TimeSpan lease, CancellationToken ct);

    /// <summary>Ends a claim without a move: try again then, or never by itself.</summary>
    /// <param name="claimed">With the counters of its tries brought up to date.</param>
    /// <param name="dueAt">None puts it aside: an operator must look at it.</param>
    /// <returns>False when the claim was taken over or the refund moved meanwhile; only the messages were written.</returns>
    Task<bool> Postpone(Refund claimed, DateTimeOffset? dueAt, string reason, IReadOnlyList<NetworkMessage> messages);

    /// <summary>Makes one that was put aside due again, now.</summary>
    /// <returns>False where it was not put aside.</returns>
    Task<bool> Retry(RefundId id);

    /// <summary>Throws away cards whose time is over by the store's clock, but for those of refunds under way; returns how many.</summary>
    Task<int> ForgetCards(CancellationToken ct);
}

/// <summary>What became of a request for a refund.</summary>
public abstract record AddRefundResult
{
    private AddRefundResult()
    {
    }

    public sealed record Added(Refund Refund) : AddRefundResult;

    /// <summary>The merchant used the reference before; whether the request is a repetition is for the caller to say.</summary>
    public sealed record ReferenceExists(Refund Refund) : AddRefundResult;

    /// <summary>It is more than what is left of the payment.</summary>
    public sealed record TooMuch : AddRefundResult;

    /// <summary>It was to go to the card, which is not kept any more.</summary>
    public sealed record NoCard : AddRefundResult;
}

/// <summary>A move of one refund.</summary>
/// <param name="Before">As it was read; its version, status and due time guard the write.</param>
public sealed record RefundChange(Refund Before, Refund After, DateTimeOffset At)
{
    /// <summary>Added to the journal of the line, whoever moves the refund.</summary>
    public IReadOnlyList<NetworkMessage> Messages { get; init; } = [];

    /// <summary>A worker that lost its lease writes nothing.</summary>
    public long? LeaseEpoch { get; init; }

    /// <summary>The books' side of the move; a function of it.</summary>
    public Transfer? Transfer => RefundTransfers.End(After);
}
