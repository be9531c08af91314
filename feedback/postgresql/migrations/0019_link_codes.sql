-- Codes that carry a player to another device, as keyed hashes. Each is good once, until it expires.
CREATE TABLE link_codes (
    hash TEXT COLLATE "C" PRIMARY KEY,
    player TEXT COLLATE "C" NOT NULL UNIQUE,
    expires_at TEXT COLLATE "C" NOT NULL
);

CREATE INDEX link_codes_by_expiry ON link_codes (expires_at);
