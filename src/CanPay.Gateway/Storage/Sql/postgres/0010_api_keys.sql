-- Keys of merchants beside their addresses. Of a key only the SHA-256 is kept; its rows say who could call, and until when.
CREATE TABLE api_keys (
    id            text   COLLATE "C" PRIMARY KEY,
    merchant_id   bigint NOT NULL REFERENCES merchants (id) DEFERRABLE INITIALLY DEFERRED,
    name          text   NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    secret_hash   text   NOT NULL UNIQUE CHECK (length(secret_hash) = 64),
    scopes        text   NOT NULL,                     -- separated by one space
    created_at_ms bigint NOT NULL,
    expires_at_ms bigint,
    revoked_at_ms bigint
);

CREATE INDEX api_keys_merchant ON api_keys (merchant_id);

ALTER TABLE merchants ADD COLUMN require_key boolean NOT NULL DEFAULT false;

-- A merchant's payments, newest first. None of these columns ever changes: a move touches no index, still.
CREATE INDEX payments_by_merchant ON payments (merchant_id, created_at_ms, id);
