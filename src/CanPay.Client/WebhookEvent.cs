namespace CanPay.Client;

/// <summary>Something that happened to a payment, as the gateway tells it.</summary>
/// <param name="Id">The event's own id: what you do, do once for each.</param>
/// <param name="Type">For example <see cref="WebhookTypes.PaymentVerified"/>. Ignore those that you do not know.</param>
/// <param name="CreatedAt">When it happened.</param>
/// <param name="Payment">The payment as it was then; it may have gone on since.</param>
public sealed record WebhookEvent(string Id, string Type, DateTimeOffset CreatedAt, Payment Payment)
{
    /// <summary>The refund, with <see cref="WebhookTypes.PaymentRefunded"/>.</summary>
    public Refund? Refund { get; init; }

    /// <summary>Of a test merchant: no money moved.</summary>
    public bool IsTest { get; init; }
}

/// <summary>Kinds of <see cref="WebhookEvent"/>. The list may grow.</summary>
public static class WebhookTypes
{
    /// <summary>Paid, and waiting for your verification.</summary>
    public const string PaymentPaid = "payment.paid";

    /// <summary>Verified: the money is yours.</summary>
    public const string PaymentVerified = "payment.verified";

    /// <summary>Paid, and the time to verify it is nearly over.</summary>
    public const string PaymentUnverifiedSoon = "payment.unverified_soon";

    /// <summary>The money went back to the payer.</summary>
    public const string PaymentReversed = "payment.reversed";

    /// <summary>A refund succeeded.</summary>
    public const string PaymentRefunded = "payment.refunded";

    /// <summary>Declined too often.</summary>
    public const string PaymentFailed = "payment.failed";

    /// <summary>Nobody paid in time.</summary>
    public const string PaymentExpired = "payment.expired";

    /// <summary>The payer gave up.</summary>
    public const string PaymentCancelled = "payment.cancelled";
}
