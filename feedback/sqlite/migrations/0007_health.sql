-- The row that health checks write and read.
CREATE TABLE heartbeat (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    at TEXT NOT NULL
);

-- The server looks for games that have not ended when it starts, and must not read through all games for that.
CREATE INDEX games_not_ended ON games (started_at) WHERE finished_at IS NULL;
