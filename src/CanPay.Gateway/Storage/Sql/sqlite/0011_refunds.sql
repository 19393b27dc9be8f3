-- A merchant may give money back before it verified (a reversal of its own) and after it (refunds). The cause stands in a CHECK, so
-- the table of payments is made anew. Triggers of other tables that look at it are made anew, too.
DROP TRIGGER transitions_are_kept_with_their_payment;
DROP TRIGGER authorizations_are_kept_with_their_payment;

CREATE TABLE payments_anew (
    id                 INTEGER PRIMARY KEY,
    merchant_id        INTEGER NOT NULL REFERENCES merchants (id),
    invoice_id         TEXT    NOT NULL,
    token              TEXT    NOT NULL UNIQUE CHECK (length(token) = 30),
    amount_rials       INTEGER NOT NULL CHECK (amount_rials > 0),
    callback_url       TEXT    NOT NULL,
    mobile             TEXT,
    created_at_ms      INTEGER NOT NULL,
    page_expires_at_ms INTEGER NOT NULL,
    status             TEXT    NOT NULL CHECK (status IN ('Created', 'Authorizing', 'Authorized', 'Verified', 'Reversing',
                                                          'Reversed', 'Cancelled', 'Failed', 'Expired')),
    version            INTEGER NOT NULL,
    declines           INTEGER NOT NULL,
    authorizations     INTEGER NOT NULL,
    decline_code       INTEGER,
    browser_hash       TEXT,
    card_mask          TEXT,
    rrn                TEXT,
    authorized_at_ms   INTEGER,
    verify_deadline_ms INTEGER,
    verified_at_ms     INTEGER,
    ended_at_ms        INTEGER,
    reversal_cause     TEXT CHECK (reversal_cause IN ('OutcomeUnknown', 'NotVerified', 'Merchant')),
    UNIQUE (merchant_id, invoice_id),
    CHECK ((status = 'Verified') = (verified_at_ms IS NOT NULL)),
    CHECK (status NOT IN ('Authorized', 'Verified') OR (rrn IS NOT NULL AND card_mask IS NOT NULL)),
    CHECK (verified_at_ms IS NULL OR verified_at_ms < verify_deadline_ms),
    CHECK ((status IN ('Verified', 'Reversed', 'Cancelled', 'Failed', 'Expired')) = (ended_at_ms IS NOT NULL)),
    CHECK ((status IN ('Reversing', 'Reversed')) = (reversal_cause IS NOT NULL))
) STRICT;

INSERT INTO payments_anew
SELECT id, merchant_id, invoice_id, token, amount_rials, callback_url, mobile, created_at_ms, page_expires_at_ms, status, version,
    declines, authorizations, decline_code, browser_hash, card_mask, rrn, authorized_at_ms, verify_deadline_ms, verified_at_ms,
    ended_at_ms, reversal_cause
FROM payments;

DROP TABLE payments;
ALTER TABLE payments_anew RENAME TO payments;

CREATE TRIGGER a_final_payment_goes_nowhere BEFORE UPDATE OF status ON payments
WHEN old.ended_at_ms IS NOT NULL AND new.status <> old.status
BEGIN SELECT RAISE(ABORT, 'a final payment goes nowhere'); END;

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

ALTER TABLE merchants ADD COLUMN refund_method TEXT NOT NULL DEFAULT 'Off' CHECK (refund_method IN ('Off', 'Card', 'Bank'));

-- Money of a verified payment that goes back to its payer. A card refund is its own job, as a payment is: its STAN, reference and
-- time are here before the first byte goes out, and every repetition is made of them.
CREATE TABLE refunds (
    id                INTEGER PRIMARY KEY,
    payment_id        INTEGER NOT NULL REFERENCES payments (id),
    merchant_id       INTEGER NOT NULL REFERENCES merchants (id),
    refund_id         TEXT    NOT NULL CHECK (length(refund_id) BETWEEN 1 AND 64), -- the merchant's own
    request_hash      TEXT    NOT NULL,
    amount_rials      INTEGER NOT NULL CHECK (amount_rials > 0),
    reason            TEXT    NOT NULL CHECK (reason IN ('CustomerRequest', 'Duplicate', 'Fraud', 'Other')),
    method            TEXT    NOT NULL CHECK (method IN ('Card', 'Bank')),
    status            TEXT    NOT NULL CHECK (status IN ('Pending', 'Sending', 'Succeeded', 'Failed')),
    version           INTEGER NOT NULL,
    stan              TEXT    CHECK (length(stan) = 6),
    rrn               TEXT    UNIQUE CHECK (length(rrn) = 12),
    transmitted_at_ms INTEGER,
    action_code       INTEGER,
    bank_reference    TEXT    CHECK (length(bank_reference) BETWEEN 1 AND 100),
    failure           TEXT    CHECK (length(failure) BETWEEN 1 AND 500),
    created_at_ms     INTEGER NOT NULL,
    ended_at_ms       INTEGER,
    due_at_ms         INTEGER,
    lease_until_ms    INTEGER NOT NULL DEFAULT 0,
    lease_epoch       INTEGER NOT NULL DEFAULT 0,
    job_attempts      INTEGER NOT NULL DEFAULT 0,
    job_refusals      INTEGER NOT NULL DEFAULT 0,
    job_note          TEXT,
    UNIQUE (merchant_id, refund_id),
    CHECK ((method = 'Card') = (stan IS NOT NULL AND rrn IS NOT NULL AND transmitted_at_ms IS NOT NULL)),
    CHECK (method = 'Card' OR (stan IS NULL AND rrn IS NULL AND transmitted_at_ms IS NULL AND due_at_ms IS NULL)),
    CHECK (status <> 'Pending' OR method = 'Bank'),
    CHECK (status <> 'Sending' OR method = 'Card'),
    CHECK ((status IN ('Succeeded', 'Failed')) = (ended_at_ms IS NOT NULL)),
    CHECK ((status = 'Failed') = (failure IS NOT NULL)),
    CHECK (due_at_ms IS NULL OR status = 'Sending')
) STRICT;

CREATE INDEX refunds_payment ON refunds (payment_id);
CREATE INDEX refunds_due ON refunds (due_at_ms) WHERE due_at_ms IS NOT NULL;

-- What is, or may be, given back of a payment. Kept by the triggers below alone; the CHECK refuses what would be more than was paid.
CREATE TABLE payment_refunds (
    payment_id     INTEGER PRIMARY KEY REFERENCES payments (id),
    paid_rials     INTEGER NOT NULL CHECK (paid_rials > 0),
    refunded_rials INTEGER NOT NULL,
    CONSTRAINT no_more_than_was_paid CHECK (refunded_rials BETWEEN 0 AND paid_rials)
) STRICT;

-- Cards of verified payments whose merchant refunds to cards: sealed as they were among the open payments, and kept for a time.
CREATE TABLE refundable_cards (
    payment_id   INTEGER PRIMARY KEY,
    sealed_card  BLOB    NOT NULL,
    forget_at_ms INTEGER NOT NULL
) STRICT;

CREATE INDEX refundable_cards_age ON refundable_cards (forget_at_ms);

CREATE TRIGGER only_verified_payments_are_refunded BEFORE INSERT ON refunds
WHEN NOT EXISTS (SELECT 1 FROM payments WHERE id = new.payment_id AND merchant_id = new.merchant_id AND status = 'Verified')
BEGIN SELECT RAISE(ABORT, 'only a verified payment is refunded'); END;

CREATE TRIGGER refunds_are_counted AFTER INSERT ON refunds WHEN new.status <> 'Failed'
BEGIN
    INSERT INTO payment_refunds (payment_id, paid_rials, refunded_rials)
    SELECT id, amount_rials, 0 FROM payments
        WHERE id = new.payment_id AND NOT EXISTS (SELECT 1 FROM payment_refunds WHERE payment_id = new.payment_id);
    UPDATE payment_refunds SET refunded_rials = refunded_rials + new.amount_rials WHERE payment_id = new.payment_id;
END;

CREATE TRIGGER failed_refunds_are_not_counted AFTER UPDATE OF status ON refunds WHEN new.status = 'Failed' AND old.status <> 'Failed'
BEGIN
    UPDATE payment_refunds SET refunded_rials = refunded_rials - new.amount_rials WHERE payment_id = new.payment_id;
END;

CREATE TRIGGER refunds_stay_what_they_are BEFORE UPDATE ON refunds
WHEN old.ended_at_ms IS NOT NULL
    OR old.payment_id <> new.payment_id OR old.merchant_id <> new.merchant_id OR old.refund_id <> new.refund_id
    OR old.amount_rials <> new.amount_rials OR old.method <> new.method OR old.created_at_ms <> new.created_at_ms
    OR old.stan IS NOT new.stan OR old.rrn IS NOT new.rrn OR old.transmitted_at_ms IS NOT new.transmitted_at_ms
BEGIN SELECT RAISE(ABORT, 'what a refund is does not change, and one that is over goes nowhere'); END;

CREATE TRIGGER refunds_are_kept BEFORE DELETE ON refunds
BEGIN SELECT RAISE(ABORT, 'refunds are never deleted'); END;
CREATE TRIGGER sums_of_refunds_are_kept BEFORE DELETE ON payment_refunds
BEGIN SELECT RAISE(ABORT, 'refunds are never deleted'); END;

-- Not at INSERT: a card comes here as it is from the open payments, and no verification may fail by a rotation of keys. What
-- keeps such a card's key is that the rotation looks at the open payments first and here last.
CREATE TRIGGER refundable_cards_keep_an_open_key BEFORE UPDATE OF sealed_card ON refundable_cards
WHEN EXISTS (SELECT 1 FROM card_keys WHERE head = substr(new.sealed_card, 1, 4) AND state IN ('Closed', 'Retired'))
BEGIN SELECT RAISE(ABORT, 'the key of this card is closed'); END;
