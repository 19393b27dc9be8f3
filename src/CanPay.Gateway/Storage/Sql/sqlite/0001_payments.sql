-- Money is whole rials, instants are Unix milliseconds (UTC), enums are stored by name.

CREATE TABLE merchants (
    id                  INTEGER PRIMARY KEY,
    code                TEXT    NOT NULL UNIQUE CHECK (length(code) BETWEEN 1 AND 64),
    name                TEXT    NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    status              TEXT    NOT NULL CHECK (status IN ('Active', 'Suspended')),
    addresses           TEXT    NOT NULL,              -- separated by one space
    domains             TEXT    NOT NULL,              -- separated by one space
    min_amount_rials    INTEGER NOT NULL CHECK (min_amount_rials > 0),
    max_amount_rials    INTEGER NOT NULL CHECK (max_amount_rials >= min_amount_rials),
    referrer_policy     TEXT    NOT NULL CHECK (referrer_policy IN ('Explain', 'Strict', 'Off')),
    callback_method     TEXT    NOT NULL CHECK (callback_method IN ('Post', 'Get')),
    allow_http_callback INTEGER NOT NULL CHECK (allow_http_callback IN (0, 1)),
    terminal_id         TEXT    NOT NULL CHECK (length(terminal_id) = 8),
    acceptor_id         TEXT    NOT NULL CHECK (length(acceptor_id) = 15),
    category_code       TEXT    NOT NULL CHECK (length(category_code) = 4),
    created_at_ms       INTEGER NOT NULL,
    version             INTEGER NOT NULL
) STRICT;

-- A payment is also its own job: due_at_ms says when somebody must look after it, the lease who does.
CREATE TABLE payments (
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
    due_at_ms          INTEGER,
    lease_until_ms     INTEGER NOT NULL DEFAULT 0,
    lease_epoch        INTEGER NOT NULL DEFAULT 0,
    job_attempts       INTEGER NOT NULL DEFAULT 0,
    job_refusals       INTEGER NOT NULL DEFAULT 0,
    job_note           TEXT,
    UNIQUE (merchant_id, invoice_id),
    CHECK ((status = 'Verified') = (verified_at_ms IS NOT NULL)),
    CHECK (status NOT IN ('Authorized', 'Verified') OR (rrn IS NOT NULL AND card_mask IS NOT NULL)),
    CHECK (verified_at_ms IS NULL OR verified_at_ms < verify_deadline_ms),
    CHECK ((status IN ('Verified', 'Reversed', 'Cancelled', 'Failed', 'Expired')) = (ended_at_ms IS NOT NULL)),
    CHECK (ended_at_ms IS NULL OR due_at_ms IS NULL),
    CHECK ((status IN ('Reversing', 'Reversed')) = (reversal_cause IS NOT NULL))
) STRICT;

CREATE INDEX payments_due ON payments (due_at_ms) WHERE due_at_ms IS NOT NULL;

-- One purchase asked of the network. sealed_card is erased when the payment needs the card no more.
CREATE TABLE authorizations (
    payment_id              INTEGER NOT NULL REFERENCES payments (id),
    number                  INTEGER NOT NULL CHECK (number > 0),
    stan                    TEXT    NOT NULL CHECK (length(stan) = 6),
    rrn                     TEXT    NOT NULL UNIQUE CHECK (length(rrn) = 12),
    transmitted_at_ms       INTEGER NOT NULL,
    terminal_id             TEXT    NOT NULL,
    acceptor_id             TEXT    NOT NULL,
    category_code           TEXT    NOT NULL,
    amount_rials            INTEGER NOT NULL CHECK (amount_rials > 0),
    card_mask               TEXT    NOT NULL,
    card_hash               TEXT    NOT NULL,
    sealed_card             BLOB,
    status                  TEXT    NOT NULL CHECK (status IN ('Pending', 'Approved', 'Declined', 'Unknown', 'NotSent',
                                                               'Reversed')),
    action_code             INTEGER,
    approval_code           TEXT,
    note                    TEXT,
    reversal_stan           TEXT,
    reversal_at_ms          INTEGER,
    PRIMARY KEY (payment_id, number)
) STRICT, WITHOUT ROWID;

-- At most one authorization of a payment holds money.
CREATE UNIQUE INDEX authorizations_live ON authorizations (payment_id)
    WHERE status IN ('Pending', 'Approved', 'Unknown');

-- The history of each payment: a path of the state machine. Append only.
CREATE TABLE transitions (
    payment_id  INTEGER NOT NULL REFERENCES payments (id),
    version     INTEGER NOT NULL,
    at_ms       INTEGER NOT NULL,
    from_status TEXT,
    to_status   TEXT    NOT NULL,
    cause       TEXT    NOT NULL,
    PRIMARY KEY (payment_id, version)
) STRICT, WITHOUT ROWID;

-- The journal of the line to the card network. Append only.
CREATE TABLE network_messages (
    id          INTEGER PRIMARY KEY,
    at_ms       INTEGER NOT NULL,
    event       TEXT    NOT NULL,
    mti         TEXT    NOT NULL,
    stan        TEXT,
    rrn         TEXT,
    action_code INTEGER,
    payment_id  INTEGER REFERENCES payments (id),
    summary     TEXT
) STRICT;

CREATE INDEX network_messages_payment ON network_messages (payment_id) WHERE payment_id IS NOT NULL;

-- Double entry: a row is both sides. Append only.
CREATE TABLE transfers (
    id             INTEGER PRIMARY KEY,
    reference      TEXT    NOT NULL UNIQUE,
    template       TEXT    NOT NULL,
    debit_account  TEXT    NOT NULL,
    credit_account TEXT    NOT NULL,
    amount_rials   INTEGER NOT NULL CHECK (amount_rials > 0),
    at_ms          INTEGER NOT NULL,
    payment_id     INTEGER NOT NULL REFERENCES payments (id),
    CHECK (debit_account <> credit_account)
) STRICT;

CREATE INDEX transfers_payment ON transfers (payment_id);

CREATE TABLE stored_answers (
    merchant_id   INTEGER NOT NULL REFERENCES merchants (id),
    key           TEXT    NOT NULL,
    request_hash  TEXT    NOT NULL,
    body          TEXT    NOT NULL,
    created_at_ms INTEGER NOT NULL,
    PRIMARY KEY (merchant_id, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX stored_answers_age ON stored_answers (created_at_ms);

CREATE TABLE sequences (
    name  TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO sequences (name, value) VALUES ('trace_number', 0);

CREATE TABLE heartbeats (
    loop  TEXT    NOT NULL,
    node  TEXT    NOT NULL,
    at_ms INTEGER NOT NULL,
    PRIMARY KEY (loop, node)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER transfers_are_never_updated BEFORE UPDATE ON transfers
BEGIN SELECT RAISE(ABORT, 'the ledger is append only'); END;
CREATE TRIGGER transfers_are_never_deleted BEFORE DELETE ON transfers
BEGIN SELECT RAISE(ABORT, 'the ledger is append only'); END;
CREATE TRIGGER transitions_are_never_updated BEFORE UPDATE ON transitions
BEGIN SELECT RAISE(ABORT, 'the history is append only'); END;
CREATE TRIGGER transitions_are_never_deleted BEFORE DELETE ON transitions
BEGIN SELECT RAISE(ABORT, 'the history is append only'); END;
CREATE TRIGGER network_messages_are_never_updated BEFORE UPDATE ON network_messages
BEGIN SELECT RAISE(ABORT, 'the journal is append only'); END;
CREATE TRIGGER network_messages_are_never_deleted BEFORE DELETE ON network_messages
BEGIN SELECT RAISE(ABORT, 'the journal is append only'); END;
CREATE TRIGGER a_final_payment_goes_nowhere BEFORE UPDATE OF status ON payments
WHEN old.ended_at_ms IS NOT NULL AND new.status <> old.status
BEGIN SELECT RAISE(ABORT, 'a final payment goes nowhere'); END;
