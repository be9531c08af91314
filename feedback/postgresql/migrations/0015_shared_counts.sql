-- What limits are counted by, for all servers. Unlogged: counts need not outlive a crash of the database.
CREATE UNLOGGED TABLE call_counts (
    key BYTEA PRIMARY KEY,
    full_at TIMESTAMPTZ NOT NULL
) WITH (fillfactor = 50);

CREATE UNLOGGED TABLE open_sockets (
    address BYTEA NOT NULL,
    server TEXT COLLATE "C" NOT NULL,
    sockets BIGINT NOT NULL,
    seen_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (address, server)
) WITH (fillfactor = 50);
