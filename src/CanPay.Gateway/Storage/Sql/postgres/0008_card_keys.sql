-- Keys of the card vault, each wrapped by a key-encryption key that is not here. 'Current' seals; 'Old' opens what it sealed;
-- 'Closed' opens, and nothing new that it sealed is taken; of a 'Retired' one only that it was.
CREATE TABLE card_keys (
    purpose       text    COLLATE "C" NOT NULL CHECK (purpose IN ('Seal', 'Hash')),
    version       integer NOT NULL CHECK (version > 0),
    head          bytea   UNIQUE CHECK (length(head) = 4),   -- how whatever it sealed begins
    state         text    COLLATE "C" NOT NULL CHECK (state IN ('Current', 'Old', 'Closed', 'Retired')),
    kek           text    NOT NULL,                          -- check value of the key that wraps it
    wrapped       bytea,
    created_at_ms bigint  NOT NULL,
    retired_at_ms bigint,
    PRIMARY KEY (purpose, version),
    CHECK ((purpose = 'Seal') = (head IS NOT NULL)),
    CHECK ((state = 'Retired') = (wrapped IS NULL)),
    CHECK ((state = 'Retired') = (retired_at_ms IS NOT NULL))
);

CREATE UNIQUE INDEX card_keys_current ON card_keys (purpose) WHERE state = 'Current';

-- A node that stood still while a key was closed must not write what soon nobody could open.
CREATE FUNCTION refuse_closed_key_of_open_card() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM card_keys WHERE head = substr(new.sealed_card, 1, 4) AND state IN ('Closed', 'Retired')) THEN
        RAISE EXCEPTION 'the key of this card is closed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN new;
END $$;

CREATE FUNCTION refuse_closed_key_of_saved_card() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM card_keys WHERE head = substr(new.sealed, 1, 4) AND state IN ('Closed', 'Retired')) THEN
        RAISE EXCEPTION 'the key of this card is closed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN new;
END $$;

CREATE TRIGGER open_cards_have_an_open_key BEFORE UPDATE OF sealed_card ON open_payments
    FOR EACH ROW WHEN (new.sealed_card IS NOT NULL AND new.sealed_card IS DISTINCT FROM old.sealed_card)
    EXECUTE FUNCTION refuse_closed_key_of_open_card();
CREATE TRIGGER saved_cards_have_an_open_key BEFORE INSERT OR UPDATE OF sealed ON saved_cards
    FOR EACH ROW EXECUTE FUNCTION refuse_closed_key_of_saved_card();
