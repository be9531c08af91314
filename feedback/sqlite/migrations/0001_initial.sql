CREATE TABLE players (
    id TEXT PRIMARY KEY,
    first_seen TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE games (
    id TEXT PRIMARY KEY,
    player TEXT NOT NULL REFERENCES players (id),
    name TEXT NOT NULL,
    mode TEXT NOT NULL,
    alphabet TEXT NOT NULL,
    model TEXT NOT NULL,
    started_at TEXT NOT NULL,
    duration_ms INTEGER,
    finished_at TEXT,
    score INTEGER NOT NULL,
    hits INTEGER NOT NULL,
    prompts INTEGER NOT NULL,
    accuracy REAL NOT NULL,
    best_combo INTEGER NOT NULL
) WITHOUT ROWID;

-- sequence never goes back, so that whoever copies rounds elsewhere knows where it stopped.
CREATE TABLE rounds (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    at TEXT NOT NULL,
    player TEXT NOT NULL REFERENCES players (id),
    source TEXT NOT NULL,
    alphabet TEXT NOT NULL,
    model TEXT NOT NULL,
    predicted TEXT,
    confidence REAL,
    top TEXT NOT NULL,
    game TEXT,
    number INTEGER,
    mode TEXT,
    target TEXT,
    outcome TEXT,
    verdict TEXT,
    label TEXT,
    duration_ms INTEGER,
    points INTEGER,
    drawing TEXT,
    crop BLOB,
    image BLOB,
    flag TEXT
);

CREATE INDEX rounds_of_a_game ON rounds (game, number) WHERE game IS NOT NULL;

CREATE INDEX rounds_of_a_player ON rounds (player);

-- A player's best game on a board, such as sprint/digits/all, sprint/digits/2026-W47 or sprint/digits/2026-11-22.
CREATE TABLE standings (
    board TEXT NOT NULL,
    player TEXT NOT NULL REFERENCES players (id),
    score INTEGER NOT NULL,
    at TEXT NOT NULL,
    game TEXT NOT NULL REFERENCES games (id),
    PRIMARY KEY (board, player)
) WITHOUT ROWID;

CREATE INDEX standings_in_order ON standings (board, score DESC, at);
