-- The one try that a player has in the daily of a day (UTC) and an alphabet. The key holds when two servers start one.
CREATE TABLE daily_tries (
    player TEXT COLLATE "C" NOT NULL,
    day TEXT COLLATE "C" NOT NULL,
    alphabet TEXT COLLATE "C" NOT NULL,
    game TEXT COLLATE "C" NOT NULL UNIQUE REFERENCES games (id) ON DELETE CASCADE,
    PRIMARY KEY (player, day, alphabet)
);
