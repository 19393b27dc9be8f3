-- Keys of cookies and forms.
CREATE TABLE data_protection_keys (
    id            INTEGER PRIMARY KEY,
    friendly_name TEXT,
    xml           TEXT
) STRICT;

-- Recognises the card keys of this installation without telling them: a gateway with others must not start.
CREATE TABLE key_marks (
    name TEXT PRIMARY KEY,
    mark TEXT NOT NULL
) STRICT, WITHOUT ROWID;
