-- Calls of the API that moved no money, as they came and were answered; kept for some days.
CREATE TABLE sandbox_calls (
    id          INTEGER PRIMARY KEY,
    merchant_id INTEGER NOT NULL,
    token       TEXT,
    path        TEXT    NOT NULL,
    request_id  TEXT    NOT NULL,
    status      INTEGER NOT NULL,
    request     TEXT    NOT NULL,
    answer      TEXT    NOT NULL,
    at_ms       INTEGER NOT NULL
) STRICT;

CREATE INDEX sandbox_calls_token ON sandbox_calls (token) WHERE token IS NOT NULL;
CREATE INDEX sandbox_calls_age ON sandbox_calls (at_ms);
