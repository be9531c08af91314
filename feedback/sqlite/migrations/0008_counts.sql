-- How much is stored, counted with each change: counting it anew takes as long as there are rounds.
-- The names are rounds/SOURCE, labels (of all rounds, generated ones too), games (those that ended) and players.
CREATE TABLE counts (
    name TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) WITHOUT ROWID;

INSERT INTO counts SELECT 'rounds/' || source, count(*) FROM rounds GROUP BY source;

INSERT INTO counts SELECT 'labels', count(*) FROM rounds WHERE label IS NOT NULL;

INSERT INTO counts SELECT 'games', count(*) FROM games WHERE finished_at IS NOT NULL;

INSERT INTO counts SELECT 'players', count(*) FROM players;

CREATE TRIGGER count_added_round AFTER INSERT ON rounds BEGIN
    INSERT INTO counts VALUES ('rounds/' || new.source, 1) ON CONFLICT (name) DO UPDATE SET value = value + 1; END;

CREATE TRIGGER count_added_label AFTER INSERT ON rounds WHEN new.label IS NOT NULL BEGIN
    UPDATE counts SET value = value + 1 WHERE name = 'labels'; END;

CREATE TRIGGER count_removed_round AFTER DELETE ON rounds BEGIN
    UPDATE counts SET value = value - 1 WHERE name = 'rounds/' || old.source; END;

CREATE TRIGGER count_removed_label AFTER DELETE ON rounds WHEN old.label IS NOT NULL BEGIN
    UPDATE counts SET value = value - 1 WHERE name = 'labels'; END;

CREATE TRIGGER count_changed_label AFTER UPDATE OF label ON rounds
    WHEN (old.label IS NULL) <> (new.label IS NULL) BEGIN
    UPDATE counts SET value = value + iif(new.label IS NULL, -1, 1) WHERE name = 'labels'; END;

CREATE TRIGGER count_added_game AFTER INSERT ON games WHEN new.finished_at IS NOT NULL BEGIN
    UPDATE counts SET value = value + 1 WHERE name = 'games'; END;

CREATE TRIGGER count_ended_game AFTER UPDATE OF finished_at ON games
    WHEN (old.finished_at IS NULL) <> (new.finished_at IS NULL) BEGIN
    UPDATE counts SET value = value + iif(new.finished_at IS NULL, -1, 1) WHERE name = 'games'; END;

CREATE TRIGGER count_removed_game AFTER DELETE ON games WHEN old.finished_at IS NOT NULL BEGIN
    UPDATE counts SET value = value - 1 WHERE name = 'games'; END;

CREATE TRIGGER count_added_player AFTER INSERT ON players BEGIN
    UPDATE counts SET value = value + 1 WHERE name = 'players'; END;

CREATE TRIGGER count_removed_player AFTER DELETE ON players BEGIN
    UPDATE counts SET value = value - 1 WHERE name = 'players'; END;
