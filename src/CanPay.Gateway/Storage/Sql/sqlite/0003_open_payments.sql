-- What is open about a payment gets a table of its own: a row for each payment that is not final, as long as it is not.
-- due_at_ms says when somebody must look after it, the lease who does; the card that may have to be asked for its money back
-- lives here and dies with the row.
CREATE TABLE open_payments (
    payment_id     INTEGER PRIMARY KEY REFERENCES payments (id),
    due_at_ms      INTEGER,
    lease_until_ms INTEGER NOT NULL DEFAULT 0,
    lease_epoch    INTEGER NOT NULL DEFAULT 0,
    job_attempts   INTEGER NOT NULL DEFAULT 0,
    job_refusals   INTEGER NOT NULL DEFAULT 0,
    job_note       TEXT,
    sealed_card    BLOB
) STRICT;

INSERT INTO open_payments (payment_id, due_at_ms, lease_until_ms, lease_epoch, job_attempts, job_refusals, job_note, sealed_card)
SELECT id, due_at_ms, lease_until_ms, lease_epoch, job_attempts, job_refusals, job_note,
    (SELECT sealed_card FROM authorizations a WHERE a.payment_id = id AND a.status IN ('Pending', 'Approved', 'Unknown'))
FROM payments WHERE ended_at_ms IS NULL;

CREATE INDEX open_payments_due ON open_payments (due_at_ms) WHERE due_at_ms IS NOT NULL;

ALTER TABLE authorizations DROP COLUMN sealed_card;

-- The columns stand in a CHECK, so the table is made anew.
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
    reversal_cause     TEXT CHECK (reversal_cause IN ('OutcomeUnknown', 'NotVerified')),
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

-- Answers that belong to no payment are found by their reference.
CREATE INDEX network_messages_stray ON network_messages (rrn) WHERE payment_id IS NULL AND rrn IS NOT NULL;

-- Secrets of the installation, sealed with the keys of cookies and forms.
CREATE TABLE sealed_secrets (
    name   TEXT PRIMARY KEY,
    sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;
