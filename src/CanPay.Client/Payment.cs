using System.Text.Json.Serialization;

namespace CanPay.Client;

/// <summary>Where a payment stands.</summary>
public enum PaymentStatus
{
    /// <summary>A state that this version of the client does not know.</summary>
    Unknown,

    /// <summary>Begun; the payer has not paid yet.</summary>
    Created,

    /// <summary>The card network is being asked.</summary>
    Authorizing,

    /// <summary>Paid, and waiting for your verification.</summary>
    Authorized,

    /// <summary>Verified: the money is yours. Final.</summary>
    Verified,

    /// <summary>The money is on its way back.</summary>
    Reversing,

    /// <summary>The money went back. Final.</summary>
    Reversed,

    /// <summary>The payer gave up. Final.</summary>
    Cancelled,

    /// <summary>Declined too often. Final.</summary>
    Failed,

    /// <summary>Nobody paid in time. Final.</summary>
    Expired,
}

/// <summary>Why money went back before it was verified.</summary>
public enum ReturnCause
{
    /// <summary>A cause that this version of the client does not know.</summary>
    Unknown,

    /// <summary>Not verified in time.</summary>
    NotVerified,

    /// <summary>The card network did not say what became of the purchase.</summary>
    OutcomeUnknown,

    /// <summary>You asked for it.</summary>
    Merchant,
}

/// <summary>A payment as the gateway knows it.</summary>
public sealed record Payment
{
    /// <summary>30 characters of A-Z and 0-9.</summary>
    public required string Token { get; init; }

    /// <summary>Your order's number.</summary>
    public required string InvoiceId { get; init; }

    /// <summary>Whole rials.</summary>
    [JsonPropertyName("amount")]
    public required long AmountRials { get; init; }

    /// <summary>Where it stands.</summary>
    public required PaymentStatus Status { get; init; }

    /// <summary>The payer paid, and the money has not gone back.</summary>
    [JsonPropertyName("paid")]
    public bool IsPaid { get; init; }

    /// <summary>Masked card number, for example <c>5022-29**-****-7122</c>; null where no card paid.</summary>
    public string? Card { get; init; }

    /// <summary>Tracking number, 12 digits; null where no card paid.</summary>
    public string? Reference { get; init; }

    /// <summary>When it was begun.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Until when the payer may begin to pay.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When the payer paid.</summary>
    public DateTimeOffset? PaidAt { get; init; }

    /// <summary>Until when it must be verified; then the money goes back.</summary>
    public DateTimeOffset? VerifyUntil { get; init; }

    /// <summary>When it was verified for the first time.</summary>
    public DateTimeOffset? VerifiedAt { get; init; }

    /// <summary>When it came to a final state.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Why the money went back, where it did.</summary>
    public ReturnCause? ReturnCause { get; init; }

    /// <summary>How often a card was declined.</summary>
    public int Declines { get; init; }

    /// <summary>What was refunded so far, in whole rials.</summary>
    [JsonPropertyName("refunded")]
    public long RefundedRials { get; init; }

    /// <summary>Its refunds; only an inquiry brings them, elsewhere it is empty.</summary>
    public IReadOnlyList<Refund> Refunds { get; init; } = [];

    /// <summary>A payment of a test merchant: no money moved.</summary>
    [JsonPropertyName("test")]
    public bool IsTest { get; init; }
}
