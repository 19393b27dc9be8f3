using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using CanPay.Gateway.Kernel;
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
    public static byte[] Of(WebhookEvent told, Payment? payment)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("type", told.Type);
            json.WriteString("id", told.Key);
            json.WriteString("created_at", PaymentJson.Instant(told.At));
            json.WriteBoolean("test", payment?.IsTest ?? false);
            json.WriteStartObject("data");
            if (payment is not null)
            {
                PaymentJson.Write(json, payment, told.Told, new Rials(told.RefundedRials));
                if (told.Refund is { } refund)
                {
                    json.WritePropertyName("refund");
                    json.WriteRawValue(refund);
                }
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
