using System.Data.Common;
using CanPay.Gateway.Acquiring;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Ledger;
using CanPay.Gateway.Merchants;

namespace CanPay.Gateway.Payments;

/// <summary>The hot path of the store: what a payment needs, nothing else. One implementation an engine.</summary>
/// <remarks>
/// A write that returned is durable. A write that threw <see cref="StoreUnavailableException"/> has an unknown outcome: read
/// before saying anything. Calls that arrive together are committed together, and one that fails fails alone.
/// </remarks>
public interface IPaymentStore
{
    Task<Merchant?> FindMerchant(string code, CancellationToken ct);

    /// <summary>Adds the payment, unless the merchant used the invoice before.</summary>
    Task<CreateResult> Create(NewPayment payment, CancellationToken ct);

    Task<Payment?> Find(string token, CancellationToken ct);

    Task<Payment?> Find(PaymentId id, CancellationToken ct);

    /// <summary>The payment and the merchant that it is for.</summary>
    Task<(Payment Payment, Merchant Merchant)?> FindWithMerchant(string token, CancellationToken ct);

    /// <summary>The authorization with that number of that payment.</summary>
    Task<Authorization?> FindAuthorization(PaymentId payment, int number, CancellationToken ct);

    /// <summary>
    /// Writes a move with all that follows from it, in one transaction, if the row still is what the move began from.
    /// </summary>
    /// <remarks>Takes no token: a write that is under way is not cancelled, its outcome would be unknown.</remarks>
    Task<ApplyResult> Apply(PaymentChange change);

    /// <summary>
    /// Returns when the payment, just as it was read, is as durable as what a write acknowledged. To be awaited before
    /// somebody is told of money by what was only read: another's commit can be seen before its standby has it, and on a
    /// server that has been replaced without knowing it what is seen may be gone already.
    /// </summary>
    /// <returns>False where it is not there as it was read, or not any more. Read again.</returns>
    Task<bool> Settle(Payment asRead);

    /// <summary>The same for a stored answer.</summary>
    /// <returns>As above.</returns>
    Task<bool> Settle(MerchantId merchant, StoredAnswer asRead);

    /// <summary>
    /// Takes payments whose <see cref="Payment.DueAt"/> has come by the store's clock, oldest first, and leases them: no
    /// other worker is given them until the lease is over. Each claim raises <see cref="Payment.LeaseEpoch"/>.
    /// </summary>
    Task<IReadOnlyList<Payment>> ClaimDue(int limit, TimeSpan lease, CancellationToken ct);

    /// <summary>Ends a claim without a move: try again then, or never by itself.</summary>
    /// <returns>False when the claim was taken over or the payment moved meanwhile; nothing was written.</returns>
    Task<bool> Postpone(Postponement postponement);

    /// <summary>The stored answer of an earlier request with this key.</summary>
    Task<StoredAnswer?> FindAnswer(MerchantId merchant, string key, CancellationToken ct);

    /// <summary>Keeps an answer under its key, unless the key is taken; returns what is stored under it now, settled.</summary>
    Task<StoredAnswer> KeepAnswer(MerchantId merchant, StoredAnswer answer, CancellationToken ct);

    /// <summary>Throws away stored answers older than that; returns how many.</summary>
    Task<int> ForgetAnswers(DateTimeOffset before, CancellationToken ct);

    /// <summary>The hold that is on, if one is.</summary>
    Task<Hold?> FindHold(CancellationToken ct);

    /// <summary>Says that a loop is alive.</summary>
    Task Beat(string loop, string node, DateTimeOffset now, CancellationToken ct);
}

/// <summary>What a token request makes.</summary>
/// <param name="Answer">Given the row's token or that of the earlier same request: the answer to keep under the key.</param>
public sealed record NewPayment(
    MerchantId MerchantId,
    string Token,
    string InvoiceId,
    Rials Amount,
    Uri CallbackUrl,
    string? Mobile,
    DateTimeOffset CreatedAt,
    DateTimeOffset PageExpiresAt,
    StoredAnswer? Answer = null);

/// <summary>What became of a token request.</summary>
public abstract record CreateResult
{
    private CreateResult()
    {
    }

    public sealed record Created(PaymentId Id) : CreateResult;

    /// <summary>The invoice is in the books; whether the request is a repetition is for the caller to say.</summary>
    public sealed record InvoiceExists(Payment Payment) : CreateResult;

    /// <summary>The idempotency key is in the books.</summary>
    public sealed record KeyExists(StoredAnswer Answer) : CreateResult;

    /// <summary>The token is taken: a collision of 129 random bits, or a broken generator. Try with another.</summary>
    public sealed record TokenExists : CreateResult;
}

/// <summary>An answer kept under a merchant's <c>Idempotency-Key</c>.</summary>
/// <param name="RequestHash">SHA-256 (hex) over the operation and the meaning of the request.</param>
/// <param name="Body">The answer's body, byte for byte.</param>
public sealed record StoredAnswer(string Key, string RequestHash, string Body, DateTimeOffset CreatedAt);

/// <summary>A move of one payment and all that follows from it.</summary>
/// <param name="Before">As it was read; its version and status guard the write.</param>
/// <param name="Cause">In the history: <c>payer</c>, <c>merchant</c>, <c>network</c>, <c>clock</c>, …</param>
public sealed record PaymentChange(Payment Before, Payment After, string Cause, DateTimeOffset At)
{
    /// <summary>The authorization that the move begins or ends; inserted or updated by its identity.</summary>
    public Authorization? Authorization { get; init; }

    /// <summary>Added to the journal of the line.</summary>
    public IReadOnlyList<NetworkMessage> Messages { get; init; } = [];

    /// <summary>Kept under its key together with the move.</summary>
    public StoredAnswer? Answer { get; init; }

    /// <summary>A worker that lost its lease writes nothing.</summary>
    public long? LeaseEpoch { get; init; }

    /// <summary>By the store's clock the write must happen before this instant, or not at all.</summary>
    public DateTimeOffset? NotAfter { get; init; }

    /// <summary>
    /// A verification that ends the payment leaves its sealed card for refunds, until this instant at the latest. None: the card
    /// dies with the payment.
    /// </summary>
    public DateTimeOffset? KeepCardUntil { get; init; }

    /// <summary>The books' side of the move; a function of it.</summary>
    public IReadOnlyList<Transfer> Transfers => PaymentTransfers.For(Before, After);

    /// <summary>The clear card is needed no more: every sealed card among the open payments is erased with this move.</summary>
    public bool ForgetsCard => After.IsFinal || After.Status is PaymentStatus.Created;
}

/// <summary>What became of a write.</summary>
public enum ApplyResult
{
    Applied,

    /// <summary>Somebody else moved the payment first. Read again and decide again.</summary>
    Moved,

    /// <summary>The instant of <see cref="PaymentChange.NotAfter"/> had come.</summary>
    TooLate,
}

/// <summary>The end of a claim that brought no move.</summary>
/// <param name="Claimed">The payment with the counters of its tries brought up to date.</param>
/// <param name="DueAt">None parks the payment: an operator must look at it.</param>
public sealed record Postponement(Payment Claimed, DateTimeOffset? DueAt, string Reason)
{
    public IReadOnlyList<NetworkMessage> Messages { get; init; } = [];
}

/// <summary>The store could not say that a write was made, or could not read. Not a bug; the caller answers "try again".</summary>
public sealed class StoreUnavailableException : Exception
{
    public StoreUnavailableException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    /// <summary>The database is behind it, however the exception is wrapped.</summary>
    public static bool Explains(Exception e)
    {
        // A rule that forbids something is an answer of the database's, and a defect of ours.
        for (var cause = e; cause is not null and not StoreRuleException; cause = cause.InnerException)
        {
            if (cause is StoreUnavailableException or DbException)
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>A rule of the books (a constraint, a trigger) forbids the write: a defect of ours. Nothing was written.</summary>
public sealed class StoreRuleException : Exception
{
    public StoreRuleException(string rule, Exception? inner = null)
        : base("The books forbid the write: " + rule, inner)
    {
        Rule = rule;
    }

    /// <summary>Its name, or the engine's words, which have the name in them.</summary>
    public string Rule { get; }
}
