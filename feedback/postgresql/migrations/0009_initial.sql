-- oldest: 9
-- All tables as SQLite's first nine migrations make them.
-- Text sorts by its bytes, as it does in SQLite: every TEXT column has the collation "C".
CREATE TABLE schema_version (
    version BIGINT NOT NULL,
    oldest BIGINT NOT NULL
);

INSERT INTO schema_version (version, oldest) VALUES (0, 0);

-- The time of the database, the same for all machines.
CREATE FUNCTION utc_now() RETURNS TEXT LANGUAGE sql VOLATILE AS $$
    SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')
$$;

CREATE TABLE players (
    id TEXT COLLATE "C" PRIMARY KEY,
    first_seen TEXT COLLATE "C" NOT NULL
);

CREATE TABLE games (
    id TEXT COLLATE "C" PRIMARY KEY,
    player TEXT COLLATE "C" NOT NULL REFERENCES players (id),
    name TEXT COLLATE "C" NOT NULL,
    mode TEXT COLLATE "C" NOT NULL,
    alphabet TEXT COLLATE "C" NOT NULL,
    model TEXT COLLATE "C" NOT NULL,
    started_at TEXT COLLATE "C" NOT NULL,
    duration_ms BIGINT,
    finished_at TEXT COLLATE "C",
    score BIGINT NOT NULL,
    hits BIGINT NOT NULL,
    prompts BIGINT NOT NULL,
    accuracy DOUBLE PRECISION NOT NULL,
    best_combo BIGINT NOT NULL
);

CREATE INDEX games_of_a_player ON games (player);

CREATE INDEX games_not_ended ON games (started_at) WHERE finished_at IS NULL;

-- Transactions commit in another order than they take their sequences in. A transaction has its own number before it
-- takes a sequence, so that whoever reads can tell when no round with a lower sequence can appear any more
-- (feedback/postgresql/settled.py).
CREATE SEQUENCE rounds_sequence;

CREATE FUNCTION next_sequence() RETURNS BIGINT LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM pg_current_xact_id();
    RETURN nextval('rounds_sequence');
END
$$;

CREATE TABLE rounds (
    sequence BIGINT PRIMARY KEY DEFAULT next_sequence(),
    id TEXT COLLATE "C" NOT NULL UNIQUE,
    at TEXT COLLATE "C" NOT NULL,
    player TEXT COLLATE "C" NOT NULL REFERENCES players (id),
    source TEXT COLLATE "C" NOT NULL,
    alphabet TEXT COLLATE "C" NOT NULL,
    model TEXT COLLATE "C" NOT NULL,
    predicted TEXT COLLATE "C",
    confidence DOUBLE PRECISION,
    top TEXT COLLATE "C" NOT NULL,
    game TEXT COLLATE "C",
    number BIGINT,
    mode TEXT COLLATE "C",
    target TEXT COLLATE "C",
    outcome TEXT COLLATE "C",
    verdict TEXT COLLATE "C",
    label TEXT COLLATE "C",
    duration_ms BIGINT,
    points BIGINT,
    drawing TEXT COLLATE "C",
    crop BYTEA,
    image BYTEA,
    flag TEXT COLLATE "C",
    label_by TEXT COLLATE "C"
);

CREATE INDEX rounds_of_a_game ON rounds (game, number) WHERE game IS NOT NULL;

CREATE INDEX rounds_of_a_player ON rounds (player, sequence);

-- A player's best game on a board, such as sprint/digits/all, sprint/digits/2026-W47 or sprint/digits/2026-11-22.
CREATE TABLE standings (
    board TEXT COLLATE "C" NOT NULL,
    player TEXT COLLATE "C" NOT NULL REFERENCES players (id),
    score BIGINT NOT NULL,
    at TEXT COLLATE "C" NOT NULL,
    game TEXT COLLATE "C" NOT NULL REFERENCES games (id),
    PRIMARY KEY (board, player)
);

CREATE INDEX standings_in_order ON standings (board, score DESC, at, player);

CREATE INDEX standings_of_a_player ON standings (player);

CREATE INDEX standings_of_a_game ON standings (game);

CREATE TABLE sheets (
    spreadsheet TEXT COLLATE "C" PRIMARY KEY,
    holder TEXT COLLATE "C",
    expires_at TEXT COLLATE "C",
    doubtful_until TEXT COLLATE "C",
    deleting_until TEXT COLLATE "C",
    trouble TEXT COLLATE "C",
    deleted_until TEXT COLLATE "C"
);

CREATE TABLE sheet_rows (
    spreadsheet TEXT COLLATE "C" NOT NULL,
    sequence BIGINT NOT NULL,
    round TEXT COLLATE "C" NOT NULL REFERENCES rounds (id) ON DELETE CASCADE,
    state TEXT COLLATE "C" NOT NULL,
    label TEXT COLLATE "C",
    verdict TEXT COLLATE "C",
    sent_at TEXT COLLATE "C",
    tries BIGINT NOT NULL,
    PRIMARY KEY (spreadsheet, sequence)
);

CREATE INDEX sheet_rows_by_state ON sheet_rows (spreadsheet, state, sequence);

CREATE INDEX sheet_rows_of_a_round ON sheet_rows (round);

CREATE INDEX sheet_rows_sent_again ON sheet_rows (spreadsheet, round) WHERE tries > 1;

CREATE TABLE sheet_worksheets (
    spreadsheet TEXT COLLATE "C" NOT NULL,
    worksheet BIGINT NOT NULL,
    number BIGINT NOT NULL,
    title TEXT COLLATE "C" NOT NULL,
    is_made BIGINT NOT NULL,
    PRIMARY KEY (spreadsheet, worksheet)
);

CREATE TABLE quarantine (
    round TEXT COLLATE "C" PRIMARY KEY REFERENCES rounds (id) ON DELETE CASCADE,
    at TEXT COLLATE "C" NOT NULL,
    label TEXT COLLATE "C" NOT NULL,
    seen TEXT COLLATE "C" NOT NULL,
    why TEXT COLLATE "C" NOT NULL,
    decided TEXT COLLATE "C"
);

CREATE TABLE deleted_rounds (
    id TEXT COLLATE "C" PRIMARY KEY,
    at TEXT COLLATE "C" NOT NULL
);

CREATE INDEX deleted_rounds_by_time ON deleted_rounds (at);

CREATE TABLE deleted_players (
    hash TEXT COLLATE "C" PRIMARY KEY
);

CREATE TABLE unfinished_deletions (
    player TEXT COLLATE "C" PRIMARY KEY
);

CREATE TABLE heartbeat (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    at TEXT COLLATE "C" NOT NULL
);

-- How much is stored, counted with each change. A count is the sum of its shards: with a single row, each commit would
-- wait for the one before.
CREATE TABLE counts (
    name TEXT COLLATE "C" NOT NULL,
    shard BIGINT NOT NULL DEFAULT 0,
    value BIGINT NOT NULL,
    PRIMARY KEY (name, shard)
) WITH (fillfactor = 50);

INSERT INTO counts (name, shard, value) VALUES ('labels', 0, 0), ('games', 0, 0), ('players', 0, 0);

-- Each connection that writes has a shard of its own (feedback/postgresql/connection.py).
CREATE FUNCTION get_shard() RETURNS BIGINT LANGUAGE sql STABLE AS $$
    SELECT coalesce(CAST(nullif(current_setting('inkrush.shard', true), '') AS BIGINT), pg_backend_pid() % 64)
$$;

CREATE FUNCTION add_to_count(counted TEXT, change BIGINT) RETURNS VOID LANGUAGE sql AS $$
    INSERT INTO counts (name, shard, value) VALUES (counted, get_shard(), change)
    ON CONFLICT (name, shard) DO UPDATE SET value = counts.value + excluded.value
$$;

CREATE FUNCTION count_round() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM add_to_count('rounds/' || new.source, 1);
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM add_to_count('rounds/' || old.source, -1);
    END IF;
    IF TG_OP <> 'DELETE' AND new.label IS NOT NULL AND (TG_OP = 'INSERT' OR old.label IS NULL) THEN
        PERFORM add_to_count('labels', 1);
    ELSIF TG_OP <> 'INSERT' AND old.label IS NOT NULL AND (TG_OP = 'DELETE' OR new.label IS NULL) THEN
        PERFORM add_to_count('labels', -1);
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER count_round AFTER INSERT OR DELETE OR UPDATE OF label ON rounds
    FOR EACH ROW EXECUTE FUNCTION count_round();

CREATE FUNCTION count_game() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'DELETE' AND new.finished_at IS NOT NULL AND (TG_OP = 'INSERT' OR old.finished_at IS NULL) THEN
        PERFORM add_to_count('games', 1);
    ELSIF TG_OP <> 'INSERT' AND old.finished_at IS NOT NULL AND (TG_OP = 'DELETE' OR new.finished_at IS NULL) THEN
        PERFORM add_to_count('games', -1);
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER count_game AFTER INSERT OR DELETE OR UPDATE OF finished_at ON games
    FOR EACH ROW EXECUTE FUNCTION count_game();

CREATE FUNCTION count_player() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    PERFORM add_to_count('players', CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END);
    RETURN NULL;
END
$$;

CREATE TRIGGER count_player AFTER INSERT OR DELETE ON players
    FOR EACH ROW EXECUTE FUNCTION count_player();
