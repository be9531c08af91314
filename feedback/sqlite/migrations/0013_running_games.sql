-- The processes that serve. A process that was not seen for a few seconds is dead or stands still.
CREATE TABLE servers (
    id TEXT PRIMARY KEY,
    process TEXT NOT NULL,
    started_at TEXT NOT NULL,
    seen_at TEXT NOT NULL
) WITHOUT ROWID;

-- The games that run, so that they can go on after a restart or in another process.
-- server is NULL while no process runs the game: its clock stands still then. epoch goes up each time that a process
-- takes the game over, and only writes with the newest one count. token is the SHA-256 of the token that resumes it.
-- passed_ms is time on the game's clock that passed between state and updated_at.
CREATE TABLE running_games (
    game TEXT PRIMARY KEY REFERENCES games (id) ON DELETE CASCADE,
    player TEXT NOT NULL,
    server TEXT,
    epoch INTEGER NOT NULL,
    token TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    passed_ms INTEGER NOT NULL,
    updated_at TEXT NOT NULL
) WITHOUT ROWID;

CREATE INDEX running_games_of_a_server ON running_games (server, game, epoch);
