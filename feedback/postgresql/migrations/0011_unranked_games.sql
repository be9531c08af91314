-- Why a game is on no leaderboard although its mode has one, as the end of a sentence for people.
ALTER TABLE games ADD COLUMN unranked TEXT COLLATE "C";
