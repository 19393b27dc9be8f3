-- Keys of the card vault, each wrapped by a key-encryption key that is not here. 'Current' seals; 'Old' opens what it sealed;
-- 'Closed' opens, and nothing new that it sealed is taken; of a 'Retired' one only that it was.
CREATE TABLE card_keys (
    purpose       TEXT    NOT NULL CHECK (purpose IN ('Seal', 'Hash')),
    version       INTEGER NOT NULL CHECK (version > 0),
    head          BLOB    UNIQUE CHECK (length(head) = 4),   -- how whatever it sealed begins
    state         TEXT    NOT NULL CHECK (state IN ('Current', 'Old', 'Closed', 'Retired')),
    kek           TEXT    NOT NULL,                          -- check value of the key that wraps it
    wrapped       BLOB,
    created_at_ms INTEGER NOT NULL,
    retired_at_ms INTEGER,
    PRIMARY KEY (purpose, version),
    CHECK ((purpose = 'Seal') = (head IS NOT NULL)),
    CHECK ((state = 'Retired') = (wrapped IS NULL)),
    CHECK ((state = 'Retired') = (retired_at_ms IS NOT NULL))
) STRICT;

CREATE UNIQUE INDEX card_keys_current ON card_keys (purpose) WHERE state = 'Current';

-- A program that stood still while a key was closed must not write what soon nobody could open.
CREATE TRIGGER open_cards_have_an_open_key BEFORE UPDATE OF sealed_card ON open_payments
WHEN new.sealed_card IS NOT NULL AND new.sealed_card IS NOT old.sealed_card
    AND EXISTS (SELECT 1 FROM card_keys WHERE head = substr(new.sealed_card, 1, 4) AND state IN ('Closed', 'Retired'))
BEGIN SELECT RAISE(ABORT, 'the key of this card is closed'); END;

CREATE TRIGGER saved_cards_have_an_open_key BEFORE INSERT ON saved_cards
WHEN EXISTS (SELECT 1 FROM card_keys WHERE head = substr(new.sealed, 1, 4) AND state IN ('Closed', 'Retired'))
BEGIN SELECT RAISE(ABORT, 'the key of this card is closed'); END;

CREATE TRIGGER saved_cards_keep_an_open_key BEFORE UPDATE OF sealed ON saved_cards
WHEN EXISTS (SELECT 1 FROM card_keys WHERE head = substr(new.sealed, 1, 4) AND state IN ('Closed', 'Retired'))
BEGIN SELECT RAISE(ABORT, 'the key of this card is closed'); END;
