-- What issuers declined, for the counters of all nodes. Of the card a keyed hash and the BIN; kept for two days.
CREATE TABLE declined_attempts (
    id          INTEGER PRIMARY KEY,
    payment_id  INTEGER NOT NULL,
    merchant_id INTEGER NOT NULL,
    card_hash   TEXT    NOT NULL,
    bin         TEXT    NOT NULL,
    network     TEXT    NOT NULL,
    reporter    TEXT    NOT NULL,
    at_ms       INTEGER NOT NULL
) STRICT;

CREATE INDEX declined_attempts_age ON declined_attempts (at_ms);

-- A captcha counts once, right or wrong; a right answer lets one card through.
CREATE TABLE answered_captchas (
    id           TEXT    NOT NULL PRIMARY KEY,
    payment_id   INTEGER NOT NULL,
    browser_hash TEXT    NOT NULL,
    passes       INTEGER NOT NULL,
    at_ms        INTEGER NOT NULL
) STRICT;

CREATE INDEX answered_captchas_payment ON answered_captchas (payment_id);
CREATE INDEX answered_captchas_age ON answered_captchas (at_ms);
