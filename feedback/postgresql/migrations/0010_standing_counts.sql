-- How many players of a board have a score from 8 * bucket to 8 * bucket + 7, counted with each change. A count is the
-- sum of its shards: when a class ends its games at the same time, the transactions would wait for each other in circles.
CREATE TABLE standing_counts (
    board TEXT COLLATE "C" NOT NULL,
    bucket BIGINT NOT NULL,
    shard BIGINT NOT NULL DEFAULT 0,
    players BIGINT NOT NULL,
    PRIMARY KEY (board, bucket, shard)
) WITH (fillfactor = 50);

INSERT INTO standing_counts (board, bucket, players)
SELECT board, score / 8, count(*) FROM standings GROUP BY board, score / 8;

CREATE FUNCTION add_to_standing_count(counted TEXT, range BIGINT, change BIGINT) RETURNS VOID LANGUAGE sql AS $$
    INSERT INTO standing_counts (board, bucket, shard, players) VALUES (counted, range, get_shard(), change)
    ON CONFLICT (board, bucket, shard) DO UPDATE SET players = standing_counts.players + excluded.players
$$;

CREATE FUNCTION count_standing() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND new.score / 8 = old.score / 8 THEN
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        PERFORM add_to_standing_count(old.board, old.score / 8, -1);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM add_to_standing_count(new.board, new.score / 8, 1);
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER count_standing AFTER INSERT OR DELETE OR UPDATE OF score ON standings
    FOR EACH ROW EXECUTE FUNCTION count_standing();
