using System.Data.Common;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Payments;
using CanPay.Gateway.Webhooks;

namespace CanPay.Gateway.Storage;

/// <summary>What a claim of an event reads, on both engines: <c>d</c> the delivery, <c>v</c> the event, <c>e</c> the endpoint.</summary>
internal sealed record ClaimRow(
    long Id, long Epoch, int Attempts, DateTimeOffset BornAt, WebhookEvent Event, ClaimedEndpoint Endpoint)
{
    public static readonly SqlLiteral Columns = new(
        """
        d.id, d.lease_epoch, d.attempts, d.born_at_ms, v.id, v.key, v.merchant_id, v.payment_id, v.type, v.at_ms, v.refund,
        v.refunded_rials, e.id, e.key, e.url, e.sealed_secret, e.old_secret, e.old_until_ms
        """);

    public static ClaimRow Read(DbDataReader row) => new(
        row.GetInt64(0),
        row.GetInt64(1),
        row.GetInt32(2),
        Instant(row.GetInt64(3)),
        new WebhookEvent(
            row.GetInt64(4),
            row.GetString(5),
            new MerchantId(row.GetInt64(6)),
            row.IsDBNull(7) ? null : new PaymentId(row.GetInt64(7)),
            row.GetString(8),
            Instant(row.GetInt64(9)),
            row.IsDBNull(10) ? null : row.GetString(10),
            row.GetInt64(11)),
        new ClaimedEndpoint(
            row.GetInt64(12),
            row.GetString(13),
            new Uri(row.GetString(14)),
            row.GetFieldValue<byte[]>(15),
            row.IsDBNull(16) ? null : row.GetFieldValue<byte[]>(16),
            row.IsDBNull(17) ? null : Instant(row.GetInt64(17))));

    public ClaimedDelivery With(Payment? payment) => new(Id, Epoch, Attempts, BornAt, Event, payment, Endpoint);

    private static DateTimeOffset Instant(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms);
}
