-- One-time codes that were sent: for their limits, their tries, and as proof of who saved a card. The code is here as a keyed hash.
-- A slot is time divided by Cards:CodesApartSeconds; one of a mobile holds one code, whichever node is asked.
CREATE TABLE one_time_codes (
    id            TEXT    PRIMARY KEY NOT NULL CHECK (length(id) = 32),
    payment_id    INTEGER NOT NULL,
    merchant_id   INTEGER NOT NULL,
    owner         TEXT    NOT NULL,   -- keyed hash of the mobile
    browser_hash  TEXT    NOT NULL,
    address       TEXT    NOT NULL,
    code_hash     TEXT    NOT NULL,
    sent_slot     INTEGER NOT NULL,
    sent_at_ms    INTEGER NOT NULL,
    expires_at_ms INTEGER NOT NULL,
    tries         INTEGER NOT NULL DEFAULT 0,
    proved_at_ms  INTEGER,
    UNIQUE (owner, sent_slot)
) STRICT;

CREATE INDEX one_time_codes_payment ON one_time_codes (payment_id, browser_hash);
CREATE INDEX one_time_codes_address ON one_time_codes (address, sent_at_ms);
CREATE INDEX one_time_codes_merchant ON one_time_codes (merchant_id, sent_at_ms);
CREATE INDEX one_time_codes_age ON one_time_codes (sent_at_ms);

-- Cards that payers keep with us. Number and expiry are sealed and bound to the row; proof_id is the code that opened the way.
CREATE TABLE saved_cards (
    id          TEXT    PRIMARY KEY NOT NULL CHECK (length(id) = 32),
    owner       TEXT    NOT NULL,
    card_hash   TEXT    NOT NULL,
    sealed      BLOB    NOT NULL,
    mask        TEXT    NOT NULL,
    label       TEXT    CHECK (length(label) BETWEEN 1 AND 30),
    saved_at_ms INTEGER NOT NULL,
    used_at_ms  INTEGER NOT NULL,
    proof_id    TEXT    NOT NULL,
    UNIQUE (owner, card_hash)
) STRICT;
