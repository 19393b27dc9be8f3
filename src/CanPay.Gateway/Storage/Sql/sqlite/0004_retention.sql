-- What is kept for a time only: messages of the line, and payments that never had money. What may never be deleted the tables
-- themselves know: nothing of the last 30 days, no message of an open payment, nothing of a payment that had money.
DROP TRIGGER network_messages_are_never_deleted;
DROP TRIGGER transitions_are_never_deleted;

CREATE TRIGGER messages_are_kept_for_their_time BEFORE DELETE ON network_messages
WHEN old.at_ms >= (unixepoch() - 30 * 86400) * 1000 OR EXISTS (SELECT 1 FROM open_payments WHERE payment_id = old.payment_id)
BEGIN SELECT RAISE(ABORT, 'the journal is append only'); END;

CREATE TRIGGER payments_with_money_are_kept BEFORE DELETE ON payments
WHEN old.status NOT IN ('Cancelled', 'Failed', 'Expired') OR old.ended_at_ms >= (unixepoch() - 30 * 86400) * 1000
    OR EXISTS (SELECT 1 FROM transfers WHERE payment_id = old.id)
BEGIN SELECT RAISE(ABORT, 'a payment that is young, open or had money is never deleted'); END;

CREATE TRIGGER transitions_are_kept_with_their_payment BEFORE DELETE ON transitions
WHEN NOT EXISTS (SELECT 1 FROM payments WHERE id = old.payment_id AND status IN ('Cancelled', 'Failed', 'Expired')
                     AND ended_at_ms < (unixepoch() - 30 * 86400) * 1000)
    OR EXISTS (SELECT 1 FROM transfers WHERE payment_id = old.payment_id)
BEGIN SELECT RAISE(ABORT, 'the history is append only'); END;

CREATE TRIGGER authorizations_are_kept_with_their_payment BEFORE DELETE ON authorizations
WHEN NOT EXISTS (SELECT 1 FROM payments WHERE id = old.payment_id AND status IN ('Cancelled', 'Failed', 'Expired')
                     AND ended_at_ms < (unixepoch() - 30 * 86400) * 1000)
    OR EXISTS (SELECT 1 FROM transfers WHERE payment_id = old.payment_id)
BEGIN SELECT RAISE(ABORT, 'what was asked of the network is kept'); END;

-- Messages of no payment (sign-ons, echoes, strays) are found by their age.
CREATE INDEX network_messages_of_no_payment ON network_messages (at_ms) WHERE payment_id IS NULL;

-- Up to this payment everything was looked at.
INSERT INTO sequences (name, value) VALUES ('payments_forgotten', 0);
