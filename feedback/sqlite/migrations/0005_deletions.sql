-- Rounds that their players have deleted: their rows in a Sheet have to go too, and no import brings them back.
CREATE TABLE deleted_rounds (
    id TEXT PRIMARY KEY,
    at TEXT NOT NULL
) WITHOUT ROWID;

CREATE INDEX deleted_rounds_by_time ON deleted_rounds (at);

-- Who has deleted everything, as SHA-256 of the player's id: nothing more is kept for them.
CREATE TABLE deleted_players (
    hash TEXT PRIMARY KEY
) WITHOUT ROWID;

-- Deletions up to here are carried out in the Sheet, and nothing sent before them can arrive there any more.
ALTER TABLE sheets ADD COLUMN deleted_until TEXT;

-- Deleting a player must not read through everybody's games and places.
CREATE INDEX games_of_a_player ON games (player);

CREATE INDEX standings_of_a_player ON standings (player);

CREATE INDEX standings_of_a_game ON standings (game);
