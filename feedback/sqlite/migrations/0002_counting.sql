-- Counting must not read the drawings and pictures that the rounds hold.
CREATE INDEX rounds_by_source ON rounds (source);

CREATE INDEX rounds_labelled ON rounds (label) WHERE label IS NOT NULL;

-- A board lists equal scores of the same moment by player, so that a place is one player's.
DROP INDEX standings_in_order;

CREATE INDEX standings_in_order ON standings (board, score DESC, at, player);
