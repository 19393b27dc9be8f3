using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using CanPay.Gateway.Payments;

namespace CanPay.Gateway.Webhooks;

/// <summary>What is sent of an event: the same bytes whenever they are made.</summary>
/// <remarks>
/// The payment is shown as it was when the event was born, though its row is read when the event is sent: whatever a later move
/// writes is left out by the event's type, and whatever an earlier one wrote never changes (decision 0017).
/// </remarks>
internal static class EventBody
{
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
    };

    /// <param name="payment">None for an event that is of no payment.</param>
    /// <param name="isTest">No real money moves.</param>
    public static byte[] Of(WebhookEvent told, Payment? payment, bool isTest)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("type", told.Type);
            json.WriteString("id", told.Key);
            json.WriteString("created_at", Instant(told.At));
            json.WriteBoolean("test", isTest);
            json.WriteStartObject("data");
            if (payment is not null)
            {
                WritePayment(json, payment, told, isTest);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WritePayment(Utf8JsonWriter json, Payment payment, WebhookEvent told, bool isTest)
    {
        var status = told.Told;
        json.WriteString("token", payment.Token);
        json.WriteString("invoice_id", payment.InvoiceId);
        json.WriteNumber("amount", payment.Amount.Amount);
        json.WriteString("status", Snake(status.ToString()));
        json.WriteBoolean("paid", status is PaymentStatus.Authorized or PaymentStatus.Verified);
        WriteText(json, "card", payment.CardMask);
        WriteText(json, "reference", payment.Rrn);
        json.WriteString("created_at", Instant(payment.CreatedAt));
        json.WriteString("expires_at", Instant(payment.PageExpiresAt));
        WriteText(json, "paid_at", Instant(payment.AuthorizedAt));
        WriteText(json, "verify_until", Instant(payment.VerifyDeadline));
        WriteText(json, "verified_at", status is PaymentStatus.Verified ? Instant(payment.VerifiedAt) : null);
        WriteText(json, "ended_at", status is PaymentStatus.Authorized ? null : Instant(payment.EndedAt));
        WriteText(json, "return_cause", status is PaymentStatus.Reversed && payment.ReversalCause is { } cause ? Snake(cause.ToString()) : null);
        json.WriteNumber("declines", payment.Declines);
        json.WriteNumber("refunded", told.RefundedRials);
        json.WriteBoolean("test", isTest);
        if (told.Refund is { } refund)
        {
            json.WritePropertyName("refund");
            json.WriteRawValue(refund);
        }
    }

    private static void WriteText(Utf8JsonWriter json, string name, string? value)
    {
        if (value is null)
        {
            json.WriteNull(name);
        }
        else
        {
            json.WriteString(name, value);
        }
    }

    private static string Snake(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);

    private static string? Instant(DateTimeOffset? instant) => instant is { } value ? Instant(value) : null;

    private static string Instant(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
