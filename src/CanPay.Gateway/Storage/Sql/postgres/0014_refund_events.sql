-- A refund that arrived is told, too, in the transaction that says so. What the event shows of it never changes again.
CREATE FUNCTION tell_of_refund() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE refunded bigint;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM webhook_endpoints e WHERE e.status = 'Active' AND e.merchant_id = new.merchant_id) OR books_are_being_copied() THEN
        RETURN NULL;
    END IF;
    refunded := (SELECT sum(r.amount_rials) FROM refunds r WHERE r.payment_id = new.payment_id AND r.status = 'Succeeded');
    INSERT INTO webhook_events (key, merchant_id, payment_id, refund, refunded_rials, type, at_ms)
    SELECT 'evt_' || right(replace(gen_random_uuid()::text, '-', ''), 26), p.merchant_id, p.id,
        json_build_object(
            'refund_id', new.refund_id, 'token', p.token, 'invoice_id', p.invoice_id, 'amount', new.amount_rials,
            'reason', CASE new.reason WHEN 'CustomerRequest' THEN 'customer_request' ELSE lower(new.reason) END,
            'method', lower(new.method), 'status', 'succeeded', 'reference', coalesce(new.rrn, new.bank_reference),
            'created_at', to_char(to_timestamp(new.created_at_ms / 1000.0) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
            'ended_at', to_char(to_timestamp(new.ended_at_ms / 1000.0) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
            'failure', NULL, 'refunded', refunded)::text,
        refunded, 'payment.refunded', new.ended_at_ms
    FROM payments p WHERE p.id = new.payment_id;
    RETURN NULL;
END $$;

CREATE TRIGGER refunds_are_told AFTER UPDATE OF status ON refunds
    FOR EACH ROW WHEN (new.status = 'Succeeded' AND old.status <> 'Succeeded') EXECUTE FUNCTION tell_of_refund();
