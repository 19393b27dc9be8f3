-- What merchants are told by their own servers' addresses. An event is born with the move that it tells of, in the same
-- transaction, and only where the merchant has an endpoint. Nothing here may forbid a payment's move: what is wrong the doctor sees.
CREATE TABLE webhook_endpoints (
    id                INTEGER PRIMARY KEY,
    key               TEXT    NOT NULL UNIQUE CHECK (length(key) = 30),
    merchant_id       INTEGER NOT NULL REFERENCES merchants (id),
    url               TEXT    NOT NULL CHECK (length(url) BETWEEN 1 AND 2000),
    events            TEXT    NOT NULL CHECK (length(events) > 0),       -- types separated by one space, or '*'
    status            TEXT    NOT NULL CHECK (status IN ('Active', 'Disabled', 'Removed')),
    note              TEXT,                                              -- why it is not active
    active_since_ms   INTEGER NOT NULL,
    sealed_secret     BLOB,
    old_secret        BLOB,
    old_until_ms      INTEGER,
    failures          INTEGER NOT NULL DEFAULT 0,                        -- in a row
    paused_until_ms   INTEGER NOT NULL DEFAULT 0,
    listened_until_ms INTEGER,                                           -- of 'canpay listen': no node delivers to it
    created_at_ms     INTEGER NOT NULL,
    CHECK ((status = 'Removed') = (sealed_secret IS NULL)),
    CHECK ((old_secret IS NULL) = (old_until_ms IS NULL))
) STRICT;

CREATE INDEX webhook_endpoints_merchant ON webhook_endpoints (merchant_id);

-- Append only. What the payment was like then is read from its row: what an event shows never changes afterwards.
CREATE TABLE webhook_events (
    id             INTEGER PRIMARY KEY,
    key            TEXT    NOT NULL UNIQUE,
    merchant_id    INTEGER NOT NULL REFERENCES merchants (id),
    payment_id     INTEGER REFERENCES payments (id),
    refund         TEXT,                               -- of a refund that succeeded: it never changes again; JSON
    refunded_rials INTEGER NOT NULL DEFAULT 0,
    type           TEXT    NOT NULL,
    at_ms          INTEGER NOT NULL
) STRICT;

CREATE INDEX webhook_events_payment ON webhook_events (payment_id) WHERE payment_id IS NOT NULL;
CREATE INDEX webhook_events_age ON webhook_events (at_ms);

-- An event on its way to an endpoint. The lease says who tries now; the oldest of a payment goes first.
CREATE TABLE webhook_deliveries (
    id             INTEGER PRIMARY KEY,
    event_id       INTEGER NOT NULL REFERENCES webhook_events (id),
    endpoint_id    INTEGER NOT NULL REFERENCES webhook_endpoints (id),
    payment_id     INTEGER,
    status         TEXT    NOT NULL CHECK (status IN ('Pending', 'Delivered', 'GivenUp')),
    born_at_ms     INTEGER NOT NULL,
    due_at_ms      INTEGER NOT NULL,
    lease_until_ms INTEGER NOT NULL DEFAULT 0,
    lease_epoch    INTEGER NOT NULL DEFAULT 0,
    attempts       INTEGER NOT NULL DEFAULT 0,
    note           TEXT,
    ended_at_ms    INTEGER,
    UNIQUE (event_id, endpoint_id)
) STRICT;

CREATE INDEX webhook_deliveries_due ON webhook_deliveries (endpoint_id, due_at_ms) WHERE status = 'Pending';
CREATE INDEX webhook_deliveries_turn ON webhook_deliveries (endpoint_id, payment_id, id) WHERE status = 'Pending';

-- The log of what was tried. Of an answer only its status is kept.
CREATE TABLE webhook_attempts (
    id          INTEGER PRIMARY KEY,
    delivery_id INTEGER NOT NULL REFERENCES webhook_deliveries (id),
    at_ms       INTEGER NOT NULL,
    duration_ms INTEGER NOT NULL,
    outcome     TEXT    NOT NULL CHECK (outcome IN ('Delivered', 'Failed', 'Gone')),
    http_status INTEGER,
    note        TEXT
) STRICT;

CREATE INDEX webhook_attempts_delivery ON webhook_attempts (delivery_id);

-- Paid payments whose merchant is reminded before their deadline; looked at when it comes near.
CREATE TABLE webhook_reminders (
    payment_id  INTEGER PRIMARY KEY REFERENCES payments (id),
    deadline_ms INTEGER NOT NULL
) STRICT;

CREATE INDEX webhook_reminders_deadline ON webhook_reminders (deadline_ms);

CREATE TRIGGER moves_are_told AFTER INSERT ON transitions
WHEN new.to_status IN ('Authorized', 'Verified', 'Reversed', 'Failed', 'Expired', 'Cancelled')
    AND EXISTS (SELECT 1 FROM webhook_endpoints e WHERE e.status = 'Active'
                    AND e.merchant_id = (SELECT p.merchant_id FROM payments p WHERE p.id = new.payment_id))
BEGIN
    INSERT INTO webhook_events (key, merchant_id, payment_id, type, at_ms)
    SELECT 'evt_' || lower(hex(randomblob(13))), p.merchant_id, p.id,
        CASE new.to_status WHEN 'Authorized' THEN 'payment.paid' ELSE 'payment.' || lower(new.to_status) END, new.at_ms
    FROM payments p WHERE p.id = new.payment_id;
    INSERT INTO webhook_reminders (payment_id, deadline_ms)
    SELECT p.id, p.verify_deadline_ms FROM payments p
    WHERE new.to_status = 'Authorized' AND p.id = new.payment_id AND p.verify_deadline_ms IS NOT NULL
    ON CONFLICT DO NOTHING;
END;

-- A ping goes to one endpoint; who makes it sends it on its way.
CREATE TRIGGER events_are_sent AFTER INSERT ON webhook_events
WHEN new.type <> 'webhook.ping'
BEGIN
    INSERT INTO webhook_deliveries (event_id, endpoint_id, payment_id, status, born_at_ms, due_at_ms)
    SELECT new.id, e.id, new.payment_id, 'Pending', new.at_ms, new.at_ms FROM webhook_endpoints e
    WHERE e.merchant_id = new.merchant_id AND e.status = 'Active'
        AND (e.events = '*' OR instr(' ' || e.events || ' ', ' ' || new.type || ' ') > 0);
END;

CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON webhook_events
BEGIN SELECT RAISE(ABORT, 'events are append only'); END;

-- What was told of a payment goes with it.
CREATE TRIGGER events_go_with_their_payment BEFORE DELETE ON payments
BEGIN
    DELETE FROM webhook_attempts WHERE delivery_id IN (
        SELECT d.id FROM webhook_deliveries d JOIN webhook_events v ON v.id = d.event_id WHERE v.payment_id = old.id);
    DELETE FROM webhook_deliveries WHERE event_id IN (SELECT id FROM webhook_events WHERE payment_id = old.id);
    DELETE FROM webhook_events WHERE payment_id = old.id;
    DELETE FROM webhook_reminders WHERE payment_id = old.id;
END;
