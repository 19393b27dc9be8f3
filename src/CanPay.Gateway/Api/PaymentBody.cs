using System.Globalization;
using System.Text.Json;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Payments;

namespace CanPay.Gateway.Api;

/// <summary>A payment as merchants read it: in <c>inquiry</c>, in lists.</summary>
internal static class PaymentBody
{
    /// <param name="refunded">What its payer has got back of it by refunds.</param>
    public static void Write(Utf8JsonWriter json, Payment payment, Rials refunded)
    {
        json.WriteString("token", payment.Token);
        json.WriteString("invoice_id", payment.InvoiceId);
        json.WriteNumber("amount", payment.Amount.Amount);
        json.WriteString("status", NameOf(payment.Status));
        json.WriteBoolean("paid", payment.IsPaid);

        // A card that was declined, or is being asked, has paid nothing.
        var hadMoney = payment.AuthorizedAt is not null;
        json.WriteString("card", hadMoney ? payment.CardMask : null);
        json.WriteString("reference", hadMoney ? payment.Rrn : null);
        json.WriteString("created_at", Instant(payment.CreatedAt));
        json.WriteString("expires_at", Instant(payment.PageExpiresAt));
        json.WriteString("paid_at", Instant(payment.AuthorizedAt));
        json.WriteString("verify_until", Instant(payment.VerifyDeadline));
        json.WriteString("verified_at", Instant(payment.VerifiedAt));
        json.WriteString("ended_at", Instant(payment.EndedAt));
        json.WriteString("return_cause", payment.ReversalCause switch
        {
            ReversalCause.OutcomeUnknown => "outcome_unknown",
            ReversalCause.NotVerified => "not_verified",
            ReversalCause.Merchant => "merchant",
            null => null,
        });
        json.WriteNumber("declines", payment.Declines);
        json.WriteNumber("refunded", refunded.Amount);
        json.WriteBoolean("test", payment.IsTest);
    }

    /// <summary>As it is written in answers: lower case.</summary>
    public static string NameOf(PaymentStatus status) => status.ToString().ToLowerInvariant();

    /// <summary>ISO 8601, UTC, milliseconds.</summary>
    public static string? Instant(DateTimeOffset? at) =>
        at?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
