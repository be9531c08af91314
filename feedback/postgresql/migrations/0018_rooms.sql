-- People who play the same prompts at the same time.
-- version goes up with each change. state is the game's own, without anything personal.
CREATE TABLE rooms (
    code TEXT COLLATE "C" PRIMARY KEY,
    version BIGINT NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    expires_at TEXT COLLATE "C" NOT NULL
) WITH (fillfactor = 50);

CREATE INDEX rooms_by_expiry ON rooms (expires_at);

-- Who is in a room. name is the one that a player chose, or empty; generated_name is the other one that they have.
-- server is the process that the player is connected to, if any.
CREATE TABLE room_seats (
    room TEXT COLLATE "C" NOT NULL REFERENCES rooms (code) ON DELETE CASCADE,
    seat BIGINT NOT NULL,
    player TEXT COLLATE "C" NOT NULL REFERENCES players (id),
    name TEXT COLLATE "C" NOT NULL,
    generated_name TEXT COLLATE "C" NOT NULL,
    server TEXT COLLATE "C",
    PRIMARY KEY (room, seat)
);

CREATE INDEX room_seats_of_a_player ON room_seats (player);
