-- The one try that a player has in the daily of a day (UTC) and an alphabet. The key holds when two servers start one.
CREATE TABLE daily_tries (
    player TEXT NOT NULL,
    day TEXT NOT NULL,
    alphabet TEXT NOT NULL,
    game TEXT NOT NULL UNIQUE REFERENCES games (id) ON DELETE CASCADE,
    PRIMARY KEY (player, day, alphabet)
) WITHOUT ROWID;
