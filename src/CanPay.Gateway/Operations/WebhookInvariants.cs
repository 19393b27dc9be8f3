namespace CanPay.Gateway.Operations;

/// <summary>What must be true of events and their deliveries.</summary>
internal static class WebhookInvariants
{
    private const string Type = "CASE t.to_status WHEN 'Authorized' THEN 'payment.paid' ELSE 'payment.' || lower(t.to_status) END";

    public static IReadOnlyList<Invariant> All { get; } =
    [
        new("events_have_their_move", "Each event tells of a move that was made, of a payment of its merchant.",
            $"""
            SELECT 'event ' || v.key FROM webhook_events v LEFT JOIN payments p ON p.id = v.payment_id
            WHERE v.type <> 'webhook.ping' AND (p.id IS NULL OR p.merchant_id <> v.merchant_id
                OR (v.type NOT IN ('payment.refunded', 'payment.unverified_soon')
                    AND NOT EXISTS (SELECT 1 FROM transitions t WHERE t.payment_id = v.payment_id AND {Type} = v.type))
                OR (v.type = 'payment.unverified_soon'
                    AND NOT EXISTS (SELECT 1 FROM transitions t WHERE t.payment_id = v.payment_id AND t.to_status = 'Authorized')))
            """,
            "UPDATE webhook_events SET type = 'payment.verified' WHERE type = 'payment.cancelled'")
        {
            AlsoPlanted =
            [
                "UPDATE webhook_events SET payment_id = 999999 WHERE type = 'payment.paid'",
                "UPDATE webhook_events SET merchant_id = 2 WHERE type = 'payment.paid'",
            ],
        },
        new("moves_are_told_once", "No move of a payment is told by two events.",
            """
            SELECT 'payment ' || payment_id || ' ' || type FROM webhook_events
            WHERE payment_id IS NOT NULL AND type <> 'payment.refunded' GROUP BY payment_id, type HAVING count(*) > 1
            """,
            "INSERT INTO webhook_events (key, merchant_id, payment_id, type, at_ms) SELECT 'planted', merchant_id, payment_id, type, at_ms FROM webhook_events WHERE type = 'payment.verified' LIMIT 1"),
        new("moves_are_told", "Each move of the last three days that a merchant's endpoint should hear of has its event.",
            $"""
            SELECT 'payment ' || t.payment_id || ' ' || t.to_status
            FROM (SELECT merchant_id, min(active_since_ms) AS since_ms FROM webhook_endpoints
                  WHERE status = 'Active' AND listened_until_ms IS NULL GROUP BY merchant_id) e
                JOIN payments p ON p.merchant_id = e.merchant_id JOIN transitions t ON t.payment_id = p.id
            WHERE t.to_status IN ('Authorized', 'Verified', 'Reversed', 'Failed', 'Expired', 'Cancelled')
                AND t.at_ms > e.since_ms + 60000 AND t.at_ms > @now - 3 * 86400000
                AND NOT EXISTS (SELECT 1 FROM webhook_events v WHERE v.payment_id = t.payment_id AND v.type = {Type})
            """,
            "DELETE FROM webhook_events WHERE type = 'payment.failed'"),
        new("deliveries_have_event_and_endpoint", "Each delivery is of an event, to an endpoint of the same merchant; each try is of a delivery.",
            """
            SELECT 'delivery ' || d.id FROM webhook_deliveries d LEFT JOIN webhook_events v ON v.id = d.event_id
                LEFT JOIN webhook_endpoints e ON e.id = d.endpoint_id
            WHERE v.id IS NULL OR e.id IS NULL OR e.merchant_id <> v.merchant_id OR coalesce(d.payment_id, 0) <> coalesce(v.payment_id, 0)
            UNION ALL
            SELECT 'attempt ' || a.id FROM webhook_attempts a LEFT JOIN webhook_deliveries d ON d.id = a.delivery_id WHERE d.id IS NULL
            """,
            "UPDATE webhook_deliveries SET event_id = 999999 WHERE id = (SELECT min(id) FROM webhook_deliveries)")
        {
            AlsoPlanted =
            [
                "UPDATE webhook_deliveries SET endpoint_id = 999999 WHERE id = (SELECT min(id) FROM webhook_deliveries)",
                "UPDATE webhook_deliveries SET payment_id = 999999 WHERE id = (SELECT min(id) FROM webhook_deliveries)",
                "INSERT INTO webhook_attempts (delivery_id, at_ms, duration_ms, outcome) VALUES (999999, 1, 1, 'Failed')",
            ],
        },
        new("delivered_was_sent", "What counts as delivered was sent and taken, and what has ended says when.",
            """
            SELECT 'delivery ' || d.id FROM webhook_deliveries d
            WHERE (d.status = 'Delivered' AND NOT EXISTS (
                    SELECT 1 FROM webhook_attempts a WHERE a.delivery_id = d.id AND a.outcome = 'Delivered'))
                OR (d.status = 'Pending') <> (d.ended_at_ms IS NULL)
            """,
            "UPDATE webhook_deliveries SET status = 'Delivered', ended_at_ms = 1 WHERE id = (SELECT max(id) FROM webhook_deliveries WHERE status = 'Pending')")
        {
            AlsoPlanted = ["UPDATE webhook_deliveries SET ended_at_ms = NULL WHERE status = 'Delivered'"],
        },
        new("one_event_of_a_payment_at_a_time", "No two events of a payment are on their way to an endpoint at once.",
            """
            SELECT 'delivery ' || d.id FROM webhook_deliveries d JOIN webhook_deliveries o
                ON o.endpoint_id = d.endpoint_id AND o.payment_id = d.payment_id AND o.id < d.id AND o.status = 'Pending' AND d.status = 'Pending'
            WHERE d.lease_until_ms > @now AND o.lease_until_ms > @now
            """,
            "UPDATE webhook_deliveries SET lease_until_ms = 9000000000000, status = 'Pending'"),
        new("no_event_waits_for_ever", "No event waits for its endpoint for more than a month.",
            "SELECT 'delivery ' || id FROM webhook_deliveries WHERE status = 'Pending' AND born_at_ms < @now - 2678400000",
            "UPDATE webhook_deliveries SET born_at_ms = 1 WHERE id = (SELECT max(id) FROM webhook_deliveries WHERE status = 'Pending')"),
    ];
}
