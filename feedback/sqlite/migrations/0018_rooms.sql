-- People who play the same prompts at the same time.
-- version goes up with each change. state is the game's own, without anything personal.
CREATE TABLE rooms (
    code TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    state TEXT NOT NULL,
    expires_at TEXT NOT NULL
) WITHOUT ROWID;

CREATE INDEX rooms_by_expiry ON rooms (expires_at);

-- Who is in a room. name is the one that a player chose, or empty; generated_name is the other one that they have.
-- server is the process that the player is connected to, if any.
CREATE TABLE room_seats (
    room TEXT NOT NULL REFERENCES rooms (code) ON DELETE CASCADE,
    seat INTEGER NOT NULL,
    player TEXT NOT NULL REFERENCES players (id),
    name TEXT NOT NULL,
    generated_name TEXT NOT NULL,
    server TEXT,
    PRIMARY KEY (room, seat)
) WITHOUT ROWID;

CREATE INDEX room_seats_of_a_player ON room_seats (player);
