-- Keys of merchants beside their addresses. Of a key only the SHA-256 is kept; its rows say who could call, and until when.
CREATE TABLE api_keys (
    id            TEXT    NOT NULL PRIMARY KEY,
    merchant_id   INTEGER NOT NULL REFERENCES merchants (id),
    name          TEXT    NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    secret_hash   TEXT    NOT NULL UNIQUE CHECK (length(secret_hash) = 64),
    scopes        TEXT    NOT NULL,                    -- separated by one space
    created_at_ms INTEGER NOT NULL,
    expires_at_ms INTEGER,
    revoked_at_ms INTEGER
) STRICT;

CREATE INDEX api_keys_merchant ON api_keys (merchant_id);

ALTER TABLE merchants ADD COLUMN require_key INTEGER NOT NULL DEFAULT 0 CHECK (require_key IN (0, 1));

-- A merchant's payments, newest first.
CREATE INDEX payments_by_merchant ON payments (merchant_id, created_at_ms, id);
