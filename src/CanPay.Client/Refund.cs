using System.Text.Json.Serialization;

namespace CanPay.Client;

/// <summary>Why money of a verified payment goes back.</summary>
public enum RefundReason
{
    /// <summary>A reason that this version of the client does not know. It cannot be sent.</summary>
    Unknown,

    /// <summary>The customer asked for it.</summary>
    CustomerRequest,

    /// <summary>The same was paid twice.</summary>
    Duplicate,

    /// <summary>Fraud.</summary>
    Fraud,

    /// <summary>Something else.</summary>
    Other,
}

/// <summary>By which way a refund goes.</summary>
public enum RefundMethod
{
    /// <summary>A way that this version of the client does not know. It cannot be sent.</summary>
    Unknown,

    /// <summary>Back to the card, through the card network.</summary>
    Card,

    /// <summary>By a bank transfer that the facilitator's people make.</summary>
    Bank,
}

/// <summary>Where a refund stands.</summary>
public enum RefundStatus
{
    /// <summary>A state that this version of the client does not know.</summary>
    Unknown,

    /// <summary>Taken, not begun.</summary>
    Pending,

    /// <summary>On its way.</summary>
    Sending,

    /// <summary>The payer has the money. Final.</summary>
    Succeeded,

    /// <summary>The bank refused; the amount may be refunded again by the other way. Final.</summary>
    Failed,
}

/// <summary>Money of a verified payment that goes back to the payer.</summary>
public sealed record Refund
{
    /// <summary>Your own reference.</summary>
    public required string RefundId { get; init; }

    /// <summary>The payment's token.</summary>
    public required string Token { get; init; }

    /// <summary>Your order's number.</summary>
    public string? InvoiceId { get; init; }

    /// <summary>Whole rials.</summary>
    [JsonPropertyName("amount")]
    public required long AmountRials { get; init; }

    /// <summary>Why.</summary>
    public RefundReason Reason { get; init; }

    /// <summary>By which way.</summary>
    public RefundMethod Method { get; init; }

    /// <summary>Where it stands.</summary>
    public required RefundStatus Status { get; init; }

    /// <summary>Tracking number, where there is one.</summary>
    public string? Reference { get; init; }

    /// <summary>When it was asked for.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When it came to a final state.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Why it failed, where it did.</summary>
    public string? Failure { get; init; }

    /// <summary>What was refunded of the payment so far, all refunds together, in whole rials.</summary>
    [JsonPropertyName("refunded")]
    public long RefundedOfPaymentRials { get; init; }
}
