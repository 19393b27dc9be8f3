-- Requests for dynamic PINs that were sent: for their limits, which all nodes count together. Of the card a keyed hash; kept for a day.
CREATE TABLE pin_requests (
    id          INTEGER PRIMARY KEY,
    card_hash   TEXT    NOT NULL,
    payment_id  INTEGER NOT NULL,
    address     TEXT    NOT NULL,
    merchant_id INTEGER NOT NULL,
    at_ms       INTEGER NOT NULL
) STRICT;

CREATE INDEX pin_requests_card ON pin_requests (card_hash, at_ms);
CREATE INDEX pin_requests_payment ON pin_requests (payment_id);
CREATE INDEX pin_requests_address ON pin_requests (address, at_ms);
CREATE INDEX pin_requests_merchant ON pin_requests (merchant_id, at_ms);
CREATE INDEX pin_requests_age ON pin_requests (at_ms);
