-- "No payments until further notice": at most one hold is open. Released holds stay as history.
CREATE TABLE holds (
    id               INTEGER PRIMARY KEY,
    reason           TEXT    NOT NULL CHECK (length(reason) BETWEEN 1 AND 500),
    is_after_restore INTEGER NOT NULL CHECK (is_after_restore IN (0, 1)),
    placed_at_ms     INTEGER NOT NULL,
    released_at_ms   INTEGER,
    release_note     TEXT,
    CHECK ((released_at_ms IS NULL) = (release_note IS NULL))
) STRICT;

CREATE UNIQUE INDEX holds_open ON holds (released_at_ms IS NULL) WHERE released_at_ms IS NULL;
