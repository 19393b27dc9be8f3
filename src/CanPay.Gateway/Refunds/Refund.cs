using CanPay.Gateway.Acquiring;
using CanPay.Gateway.Kernel;
using static CanPay.Gateway.Refunds.RefundStatus;

namespace CanPay.Gateway.Refunds;

/// <summary>Money of a verified payment on its way back to its payer.</summary>
/// <remarks>
/// Immutable: each move names the one edge it travels and returns a new value, to be written by <see cref="IRefundStore.Apply"/>
/// if the row still has the version that was read.
/// </remarks>
/// <param name="Id">Given by the store when it is added.</param>
/// <param name="Reference">The merchant's own <c>refund_id</c>, unique for it: 1 to 64 printable characters.</param>
/// <param name="RequestHash">SHA-256 (hex) over what was asked: the same reference with another is another request.</param>
public sealed record Refund(
    RefundId Id,
    PaymentId PaymentId,
    MerchantId MerchantId,
    string Reference,
    string RequestHash,
    Rials Amount,
    RefundReason Reason,
    RefundWay Way,
    DateTimeOffset CreatedAt)
{
    /// <summary>Of a payment of a test merchant: no money moves.</summary>
    public bool IsTest { get; init; }

    public RefundStatus Status { get; init; }

    /// <summary>Counts the moves; a write names the version that it read.</summary>
    public long Version { get; init; }

    /// <summary>What identifies it on the line; none of a bank transfer.</summary>
    public RefundAdvice? Advice { get; init; }

    /// <summary>Field 39 of the answer that ended it.</summary>
    public int? ActionCode { get; init; }

    /// <summary>What the operator noted of the bank transfer.</summary>
    public string? BankReference { get; init; }

    /// <summary>Why it failed: words for the merchant.</summary>
    public string? Failure { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>When somebody must look after it next; none where it waits for an operator, or is over.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>Counts claims by jobs. A worker whose lease was taken over cannot write any more.</summary>
    public long LeaseEpoch { get; init; }

    /// <summary>How often it was sent.</summary>
    public int JobAttempts { get; init; }

    /// <summary>How often the network understood it and refused it.</summary>
    public int JobRefusals { get; init; }

    /// <summary>Nothing will happen to it any more.</summary>
    public bool IsFinal => Status switch
    {
        Succeeded or Failed => true,
        Pending or Sending => false,
    };

    /// <summary>An operator's word may end it: a bank transfer, or what the network refuses again and again.</summary>
    public bool WaitsForOperator => Status is Pending || (Status is Sending && DueAt is null);

    /// <summary>Where it begins: with the network, or with an operator.</summary>
    /// <param name="advice">Its identity on the line, if it goes to the card.</param>
    public Refund Begun(RefundAdvice? advice) => advice is null
        ? this with { Way = RefundWay.Bank, Status = Pending }
        : this with { Way = RefundWay.Card, Status = Sending, Advice = advice, DueAt = CreatedAt };

    /// <summary>The network acknowledged it. Twice is as once.</summary>
    public Result<Refund> Acknowledge(int actionCode, DateTimeOffset now) =>
        Status is Succeeded ? this
        : Status is Sending ? End(Succeeded, now) with { ActionCode = actionCode }
        : RefundRefusals.NotOpen;

    /// <summary>The issuer does not take it: the money is the merchant's again, who may refund it otherwise.</summary>
    public Result<Refund> Decline(int actionCode, DateTimeOffset now) =>
        Status is Sending
            ? End(Failed, now) with { ActionCode = actionCode, Failure = $"declined_by_issuer {actionCode:000}" }
            : RefundRefusals.NotOpen;

    /// <summary>An operator made the transfer, or has the network's word that the card was credited.</summary>
    /// <param name="bankReference">By which it is found at the bank: 1 to 100 characters.</param>
    public Result<Refund> Paid(string bankReference, DateTimeOffset now) =>
        WaitsForOperator ? End(Succeeded, now) with { BankReference = bankReference } : RefundRefusals.NotOpen;

    /// <summary>An operator knows that the payer does not get it by this refund.</summary>
    /// <param name="why">For the merchant: 1 to 500 characters.</param>
    public Result<Refund> NotPaid(string why, DateTimeOffset now) =>
        WaitsForOperator ? End(Failed, now) with { Failure = why } : RefundRefusals.NotOpen;

    private Refund End(RefundStatus to, DateTimeOffset now) =>
        this with { Status = to, Version = Version + 1, EndedAt = now, DueAt = null, JobAttempts = 0, JobRefusals = 0 };
}

/// <summary>Where a refund stands. The names are stored; merchants see them in lower case.</summary>
public enum RefundStatus
{
    /// <summary>Waits for a bank transfer by an operator.</summary>
    Pending,

    /// <summary>With the card network, or about to be; its outcome is not known yet.</summary>
    Sending,

    /// <summary>The payer has the money. Final.</summary>
    Succeeded,

    /// <summary>The payer does not get the money by this refund. Final.</summary>
    Failed,
}

/// <summary>By what the money goes back. The names are stored; merchants see them in lower case.</summary>
public enum RefundWay
{
    /// <summary>By the card network, to the card that paid.</summary>
    Card,

    /// <summary>By a bank transfer that an operator makes.</summary>
    Bank,
}

/// <summary>Why the merchant refunds. The names are stored; merchants write them in snake_case.</summary>
public enum RefundReason
{
    CustomerRequest,
    Duplicate,
    Fraud,
    Other,
}
