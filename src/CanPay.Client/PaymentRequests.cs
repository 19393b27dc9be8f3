namespace CanPay.Client;

/// <summary>What a payment is asked for.</summary>
/// <param name="AmountRials">What the payer pays, in whole rials (not toman).</param>
/// <param name="CallbackUrl">Where the payer comes back to; on or under a domain that you registered.</param>
/// <param name="InvoiceId">Your order's number, 1 to 64 characters, another one for each payment.</param>
public sealed record TokenRequest(long AmountRials, Uri CallbackUrl, string InvoiceId)
{
    /// <summary>The payer's mobile as <c>09123456789</c>; optional.</summary>
    public string? Mobile { get; init; }

    /// <summary>Sent as <c>Idempotency-Key</c>: the same key with the same request gives the same answer; optional.</summary>
    public string? IdempotencyKey { get; init; }
}

/// <summary>A payment that was begun. Store <see cref="Token"/> with your order, then send the payer to <see cref="Url"/>.</summary>
/// <param name="Token">30 characters of A-Z and 0-9.</param>
/// <param name="Url">The payer's page.</param>
public sealed record PaymentToken(string Token, Uri Url);

/// <summary>A verified payment: the money is yours. Deliver once for each <see cref="Reference"/>, however often you verify.</summary>
/// <param name="Card">Masked card number, for example <c>5022-29**-****-7122</c>.</param>
/// <param name="Reference">Tracking number: 12 digits, the same at each repetition.</param>
public sealed record Verification(string Card, string Reference)
{
    /// <summary>What was paid, in whole rials.</summary>
    public long? AmountRials { get; init; }

    /// <summary>Your order's number.</summary>
    public string? InvoiceId { get; init; }

    /// <summary>When it was verified for the first time.</summary>
    public DateTimeOffset? VerifiedAt { get; init; }

    /// <summary>
    /// False the first time, true at each repetition; null where the gateway does not say. No proof that you have not delivered:
    /// the first answer may have been lost on its way to you.
    /// </summary>
    public bool? AlreadyVerified { get; init; }
}

/// <summary>Which payments are listed; without conditions all of them.</summary>
public sealed record TransactionQuery
{
    /// <summary>Only those in this state.</summary>
    public PaymentStatus? Status { get; init; }

    /// <summary>Only those begun at this time or later.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Only those begun before this time.</summary>
    public DateTimeOffset? To { get; init; }
}

/// <summary>A payment whose money goes back by your wish, before it was verified.</summary>
/// <param name="Token">The payment's token.</param>
/// <param name="InvoiceId">Your order's number.</param>
/// <param name="AmountRials">What goes back: always all of it.</param>
/// <param name="Status"><see cref="PaymentStatus.Reversing"/>, then <see cref="PaymentStatus.Reversed"/>.</param>
/// <param name="AlreadyReversed">It had been asked for, or had happened, before.</param>
public sealed record Reversal(string Token, string InvoiceId, long AmountRials, PaymentStatus Status, bool AlreadyReversed);

/// <summary>Money of a verified payment that goes back to the payer.</summary>
/// <param name="Token">The payment's token.</param>
/// <param name="RefundId">Your own reference, 1 to 64 printable characters: what makes repeating safe. Store it before you call.</param>
public sealed record RefundRequest(string Token, string RefundId)
{
    /// <summary>Whole rials; null for all that is left.</summary>
    public long? AmountRials { get; init; }

    /// <summary>Why.</summary>
    public RefundReason Reason { get; init; } = RefundReason.CustomerRequest;

    /// <summary>By which way; null for the one in your merchant's record.</summary>
    public RefundMethod? Method { get; init; }
}
