using System.Globalization;
using System.Text.Json;
using CanPay.Gateway.Kernel;

namespace CanPay.Gateway.Payments;

/// <summary>A payment as merchants read it, wherever they do: in an inquiry, in lists, in events.</summary>
internal static class PaymentJson
{
    /// <summary>Writes the members of one payment into an object that is open.</summary>
    /// <param name="told">
    /// The status that is told of: the payment's own, or an earlier one; then what a later move wrote is left out. Whatever
    /// an earlier one wrote never changes.
    /// </param>
    /// <param name="refunded">What its payer has, or had by then, got back of it by refunds.</param>
    public static void Write(Utf8JsonWriter json, Payment payment, PaymentStatus told, Rials refunded)
    {
        json.WriteString("token", payment.Token);
        json.WriteString("invoice_id", payment.InvoiceId);
        json.WriteNumber("amount", payment.Amount.Amount);
        json.WriteString("status", NameOf(told));
        json.WriteBoolean("paid", told is PaymentStatus.Authorized or PaymentStatus.Verified);

        // A card that was declined, or is being asked, has paid nothing.
        var hadMoney = payment.AuthorizedAt is not null || payment.ReversalCause is not null;
        json.WriteString("card", hadMoney ? payment.CardMask : null);
        json.WriteString("reference", hadMoney ? payment.Rrn : null);
        json.WriteString("created_at", Instant(payment.CreatedAt));
        json.WriteString("expires_at", Instant(payment.PageExpiresAt));
        json.WriteString("paid_at", Instant(payment.AuthorizedAt));
        json.WriteString("verify_until", Instant(payment.VerifyDeadline));
        json.WriteString("verified_at", told is PaymentStatus.Verified ? Instant(payment.VerifiedAt) : null);
        json.WriteString("ended_at", told is PaymentStatus.Authorized ? null : Instant(payment.EndedAt));
        json.WriteString("return_cause", told is not (PaymentStatus.Reversing or PaymentStatus.Reversed) ? null : payment.ReversalCause switch
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
