using CanPay.Gateway.Kernel;
using CanPay.Gateway.Payments;

namespace CanPay.Gateway.Webhooks;

/// <summary>Something that a merchant is told of.</summary>
/// <param name="Key">What merchants see, and recognise repetitions by: <c>evt_</c> and 26 letters and digits.</param>
/// <param name="Type">One of <see cref="EventTypes"/>.</param>
/// <param name="PaymentId">None: it is of no payment.</param>
/// <param name="Refund">The refund that it tells of, as a JSON object.</param>
/// <param name="RefundedRials">What had been refunded of the payment by then; 0 where nothing had.</param>
internal sealed record WebhookEvent(
    long Id, string Key, MerchantId MerchantId, PaymentId? PaymentId, string Type, DateTimeOffset At, string? Refund = null, long RefundedRials = 0)
{
    /// <summary>The status that the event tells of, whatever the payment has become since.</summary>
    public PaymentStatus Told => Type switch
    {
        EventTypes.Paid or EventTypes.UnverifiedSoon => PaymentStatus.Authorized,
        EventTypes.Verified or EventTypes.Refunded => PaymentStatus.Verified,
        EventTypes.Reversed => PaymentStatus.Reversed,
        EventTypes.Failed => PaymentStatus.Failed,
        EventTypes.Expired => PaymentStatus.Expired,
        EventTypes.Cancelled => PaymentStatus.Cancelled,
        _ => throw new InvalidOperationException($"An event of the type {Type} tells of no payment."),
    };
}

/// <summary>The types of events, as merchants see them. A new one is added here and in docs/webhooks.md.</summary>
internal static class EventTypes
{
    public const string Paid = "payment.paid";
    public const string Verified = "payment.verified";
    public const string UnverifiedSoon = "payment.unverified_soon";
    public const string Reversed = "payment.reversed";
    public const string Refunded = "payment.refunded";
    public const string Failed = "payment.failed";
    public const string Expired = "payment.expired";
    public const string Cancelled = "payment.cancelled";

    /// <summary>Sent only when an operator asks for it.</summary>
    public const string Ping = "webhook.ping";

    /// <summary>What an endpoint may ask for.</summary>
    public static IReadOnlyList<string> All { get; } = [Paid, Verified, UnverifiedSoon, Reversed, Refunded, Failed, Expired, Cancelled];
}
