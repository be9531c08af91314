-- The processes that serve. A process that was not seen for a few seconds is dead or stands still.
CREATE TABLE servers (
    id TEXT COLLATE "C" PRIMARY KEY,
    process TEXT COLLATE "C" NOT NULL,
    started_at TEXT COLLATE "C" NOT NULL,
    seen_at TEXT COLLATE "C" NOT NULL
) WITH (fillfactor = 50);

-- The games that run, so that they can go on after a restart or in another process.
-- server is NULL while no process runs the game: its clock stands still then. epoch goes up each time that a process
-- takes the game over, and only writes with the newest one count. token is the SHA-256 of the token that resumes it.
-- passed_ms is time on the game's clock that passed between state and updated_at.
-- Each round updates its row: half of each page is left free, so that no index has to change for that.
CREATE TABLE running_games (
    game TEXT COLLATE "C" PRIMARY KEY REFERENCES games (id) ON DELETE CASCADE,
    player TEXT COLLATE "C" NOT NULL,
    server TEXT COLLATE "C",
    epoch BIGINT NOT NULL,
    token TEXT COLLATE "C" NOT NULL UNIQUE,
    state TEXT COLLATE "C" NOT NULL,
    passed_ms BIGINT NOT NULL,
    updated_at TEXT COLLATE "C" NOT NULL
) WITH (fillfactor = 50);

CREATE INDEX running_games_of_a_server ON running_games (server);
