-- What is kept for a time only: messages of the line, and payments that never had money. What may never be deleted the tables
-- themselves know, whoever asks: nothing of the last 30 days, no message of an open payment, nothing of a payment that had
-- money. Who may delete is asked through the functions, which the owner of the tables lends to the gateway's role.

DROP TRIGGER transitions_are_append_only ON transitions;
DROP TRIGGER network_messages_are_append_only ON network_messages;

CREATE TRIGGER transitions_are_append_only BEFORE UPDATE OR TRUNCATE ON transitions
    FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER network_messages_are_append_only BEFORE UPDATE OR TRUNCATE ON network_messages
    FOR EACH STATEMENT EXECUTE FUNCTION append_only();

-- Nobody may delete what is younger than this.
CREATE FUNCTION kept_since_ms() RETURNS bigint LANGUAGE sql VOLATILE AS 'SELECT now_ms() - 30 * 86400000::bigint';

CREATE FUNCTION keep_message() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF old.at_ms >= kept_since_ms() OR EXISTS (SELECT 1 FROM open_payments WHERE payment_id = old.payment_id) THEN
        RAISE EXCEPTION 'the table network_messages is append only' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN old;
END $$;

CREATE TRIGGER messages_are_kept_for_their_time BEFORE DELETE ON network_messages
    FOR EACH ROW EXECUTE FUNCTION keep_message();

-- A payment that is over, was never paid, and is old.
CREATE FUNCTION may_be_forgotten(payment bigint, before_ms bigint) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    RETURN EXISTS (SELECT 1 FROM payments WHERE id = payment AND status IN ('Cancelled', 'Failed', 'Expired')
                       AND ended_at_ms < least(before_ms, kept_since_ms()))
        AND NOT EXISTS (SELECT 1 FROM transfers WHERE reference >= payment || ':' AND reference < payment || ';');
END $$;

CREATE FUNCTION keep_payment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT may_be_forgotten(old.id, kept_since_ms()) THEN
        RAISE EXCEPTION 'a payment that is young, open or had money is never deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN old;
END $$;

CREATE FUNCTION keep_with_its_payment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT may_be_forgotten(old.payment_id, kept_since_ms()) THEN
        RAISE EXCEPTION 'the table % is append only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN old;
END $$;

CREATE TRIGGER payments_with_money_are_kept BEFORE DELETE ON payments
    FOR EACH ROW EXECUTE FUNCTION keep_payment();
CREATE TRIGGER transitions_are_kept_with_their_payment BEFORE DELETE ON transitions
    FOR EACH ROW EXECUTE FUNCTION keep_with_its_payment();
CREATE TRIGGER authorizations_are_kept_with_their_payment BEFORE DELETE ON authorizations
    FOR EACH ROW EXECUTE FUNCTION keep_with_its_payment();
CREATE TRIGGER payments_are_not_emptied BEFORE TRUNCATE ON payments
    FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER authorizations_are_not_emptied BEFORE TRUNCATE ON authorizations
    FOR EACH STATEMENT EXECUTE FUNCTION append_only();

-- Messages of no payment (sign-ons, echoes, strays) are found by their age.
CREATE INDEX network_messages_of_no_payment ON network_messages (at_ms) WHERE payment_id IS NULL;

-- Up to this payment everything was looked at by forget_payments.
INSERT INTO sequences (name, value) VALUES ('payments_forgotten', 0);

-- One node at a time; the others are told that there is nothing to do.
CREATE FUNCTION is_the_only_one_to_forget() RETURNS boolean LANGUAGE sql VOLATILE AS
    'SELECT pg_try_advisory_xact_lock(1130458701)';

-- Deletes messages of at_most rows behind after_payment that are older than before_ms and whose payment is final.
-- last_payment is where to go on; null: there is nothing old any more.
CREATE FUNCTION forget_messages(before_ms bigint, after_payment bigint, at_most integer, OUT forgotten bigint, OUT last_payment bigint)
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE oldest bigint;
BEGIN
    forgotten := 0;
    IF NOT is_the_only_one_to_forget() THEN
        RETURN;
    END IF;
    SELECT max(b.payment_id), min(b.at_ms) INTO last_payment, oldest FROM (
        SELECT payment_id, at_ms FROM network_messages WHERE payment_id > after_payment ORDER BY payment_id LIMIT at_most) b;
    IF oldest IS NULL OR oldest >= before_ms THEN
        last_payment := NULL;
        RETURN;
    END IF;
    DELETE FROM network_messages n
    WHERE n.payment_id > after_payment AND n.payment_id <= last_payment AND n.at_ms < least(before_ms, kept_since_ms())
        AND NOT EXISTS (SELECT 1 FROM open_payments o WHERE o.payment_id = n.payment_id);
    GET DIAGNOSTICS forgotten = ROW_COUNT;
END $$;

-- The same of messages that belong to no payment; returns how many.
CREATE FUNCTION forget_strays(before_ms bigint, at_most integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE forgotten bigint;
BEGIN
    IF NOT is_the_only_one_to_forget() THEN
        RETURN 0;
    END IF;
    DELETE FROM network_messages WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM network_messages WHERE payment_id IS NULL AND at_ms < least(before_ms, kept_since_ms())
        ORDER BY at_ms LIMIT at_most));
    GET DIAGNOSTICS forgotten = ROW_COUNT;
    RETURN forgotten;
END $$;

-- Deletes, among the next at_most payments, those that are over since before_ms and never had money, with all that belongs to
-- them. It goes through the payments once: up to the first that may still come to such an end. (A connection that kept ids in
-- stock for months makes a payment behind that point: it is kept, which harms nobody.) The last_payment is where it stands; null: there is nothing old any more.
CREATE FUNCTION forget_payments(before_ms bigint, at_most integer, OUT forgotten bigint, OUT last_payment bigint)
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    reached bigint;
    undecided bigint;
    ids bigint[];
BEGIN
    forgotten := 0;
    IF NOT is_the_only_one_to_forget() THEN
        RETURN;
    END IF;
    SELECT value INTO reached FROM sequences WHERE name = 'payments_forgotten';
    SELECT max(b.id),
        min(b.id) FILTER (WHERE b.created_at_ms >= before_ms OR b.status IN ('Created', 'Authorizing')
            OR (b.status IN ('Cancelled', 'Failed', 'Expired') AND b.ended_at_ms >= least(before_ms, kept_since_ms())))
    INTO last_payment, undecided
    FROM (SELECT id, created_at_ms, status, ended_at_ms FROM payments WHERE id > reached ORDER BY id LIMIT at_most) b;
    last_payment := coalesce(undecided - 1, last_payment);
    IF last_payment IS NULL OR last_payment <= reached THEN
        last_payment := NULL;
        RETURN;
    END IF;
    ids := ARRAY(SELECT id FROM payments WHERE id > reached AND id <= last_payment AND may_be_forgotten(id, before_ms)
        AND NOT EXISTS (SELECT 1 FROM network_messages n WHERE n.payment_id = payments.id AND n.at_ms >= kept_since_ms()));
    DELETE FROM network_messages WHERE payment_id = ANY (ids);
    DELETE FROM transitions WHERE payment_id = ANY (ids);
    DELETE FROM authorizations WHERE payment_id = ANY (ids);
    DELETE FROM payments WHERE id = ANY (ids);
    GET DIAGNOSTICS forgotten = ROW_COUNT;
    UPDATE sequences SET value = last_payment WHERE name = 'payments_forgotten';
END $$;

-- Whoever calls them, their tables are those of this schema.
DO $$
DECLARE f regprocedure;
BEGIN
    FOR f IN SELECT oid::regprocedure FROM pg_proc WHERE pronamespace = current_schema()::regnamespace AND proname IN (
        'keep_message', 'keep_payment', 'keep_with_its_payment', 'may_be_forgotten', 'forget_messages', 'forget_strays', 'forget_payments')
    LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path TO %I, pg_temp', f, current_schema());
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f);
    END LOOP;
END $$;
