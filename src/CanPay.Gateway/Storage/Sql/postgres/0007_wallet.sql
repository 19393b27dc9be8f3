-- One-time codes that were sent: for their limits, their tries, and as proof of who saved a card. The code is here as a keyed hash.
-- A slot is time divided by Cards:CodesApartSeconds; one of a mobile holds one code, whichever node is asked.
CREATE TABLE one_time_codes (
    id            text   COLLATE "C" PRIMARY KEY CHECK (length(id) = 32),
    payment_id    bigint NOT NULL,
    merchant_id   bigint NOT NULL,
    owner         text   COLLATE "C" NOT NULL,   -- keyed hash of the mobile
    browser_hash  text   NOT NULL,
    address       text   NOT NULL,
    code_hash     text   NOT NULL,
    sent_slot     bigint NOT NULL,
    sent_at_ms    bigint NOT NULL,
    expires_at_ms bigint NOT NULL,
    tries         bigint NOT NULL DEFAULT 0,
    proved_at_ms  bigint,
    UNIQUE (owner, sent_slot)
);

CREATE INDEX one_time_codes_payment ON one_time_codes (payment_id, browser_hash);
CREATE INDEX one_time_codes_address ON one_time_codes (address, sent_at_ms);
CREATE INDEX one_time_codes_merchant ON one_time_codes (merchant_id, sent_at_ms);
CREATE INDEX one_time_codes_age ON one_time_codes (sent_at_ms);

-- Cards that payers keep with us. Number and expiry are sealed and bound to the row; proof_id is the code that opened the way.
CREATE TABLE saved_cards (
    id          text   COLLATE "C" PRIMARY KEY CHECK (length(id) = 32),
    owner       text   COLLATE "C" NOT NULL,
    card_hash   text   NOT NULL,
    sealed      bytea  NOT NULL,
    mask        text   NOT NULL,
    label       text   CHECK (length(label) BETWEEN 1 AND 30),
    saved_at_ms bigint NOT NULL,
    used_at_ms  bigint NOT NULL,
    proof_id    text   NOT NULL,
    UNIQUE (owner, card_hash)
);
