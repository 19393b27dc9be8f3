-- A refund that arrived is told, too, in the transaction that says so. What the event shows of it never changes again.
CREATE TRIGGER refunds_are_told AFTER UPDATE OF status ON refunds
WHEN new.status = 'Succeeded' AND old.status <> 'Succeeded'
    AND EXISTS (SELECT 1 FROM webhook_endpoints e WHERE e.status = 'Active' AND e.merchant_id = new.merchant_id)
BEGIN
    INSERT INTO webhook_events (key, merchant_id, payment_id, refund, refunded_rials, type, at_ms)
    SELECT 'evt_' || lower(hex(randomblob(13))), p.merchant_id, p.id,
        json_object(
            'refund_id', new.refund_id, 'token', p.token, 'invoice_id', p.invoice_id, 'amount', new.amount_rials,
            'reason', CASE new.reason WHEN 'CustomerRequest' THEN 'customer_request' ELSE lower(new.reason) END,
            'method', lower(new.method), 'status', 'succeeded', 'reference', coalesce(new.rrn, new.bank_reference),
            'created_at', strftime('%Y-%m-%dT%H:%M:%S', new.created_at_ms / 1000, 'unixepoch') || printf('.%03dZ', new.created_at_ms % 1000),
            'ended_at', strftime('%Y-%m-%dT%H:%M:%S', new.ended_at_ms / 1000, 'unixepoch') || printf('.%03dZ', new.ended_at_ms % 1000),
            'failure', NULL, 'refunded', s.rials),
        s.rials, 'payment.refunded', new.ended_at_ms
    FROM payments p, (SELECT sum(r.amount_rials) AS rials FROM refunds r WHERE r.payment_id = new.payment_id AND r.status = 'Succeeded') s
    WHERE p.id = new.payment_id;
END;
