-- How many players of a board have a score from 8 * bucket to 8 * bucket + 7, counted with each change. A rank is
-- then a sum of some hundred of these and a count within one bucket, not a count of everybody ahead.
CREATE TABLE standing_counts (
    board TEXT NOT NULL,
    bucket INTEGER NOT NULL,
    players INTEGER NOT NULL,
    PRIMARY KEY (board, bucket)
) WITHOUT ROWID;

INSERT INTO standing_counts SELECT board, score / 8, count(*) FROM standings GROUP BY board, score / 8;

CREATE TRIGGER count_added_standing AFTER INSERT ON standings BEGIN
    INSERT INTO standing_counts VALUES (new.board, new.score / 8, 1)
    ON CONFLICT (board, bucket) DO UPDATE SET players = players + 1; END;

CREATE TRIGGER count_changed_standing AFTER UPDATE OF score ON standings WHEN new.score / 8 <> old.score / 8 BEGIN
    UPDATE standing_counts SET players = players - 1 WHERE board = old.board AND bucket = old.score / 8; INSERT INTO
    standing_counts VALUES (new.board, new.score / 8, 1)
    ON CONFLICT (board, bucket) DO UPDATE SET players = players + 1; END;

CREATE TRIGGER count_removed_standing AFTER DELETE ON standings BEGIN
    UPDATE standing_counts SET players = players - 1 WHERE board = old.board AND bucket = old.score / 8; END;
