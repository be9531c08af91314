-- What the recognizer remembers of the players' own drawings. A player without a row here has nothing remembered yet:
-- it is taken from their stored rounds when it is first needed. version goes up with each change.
CREATE TABLE hands (
    player TEXT COLLATE "C" PRIMARY KEY REFERENCES players (id),
    is_on BIGINT NOT NULL,
    version BIGINT NOT NULL
) WITH (fillfactor = 50);

-- The remembered drawings. features are what the model called model sees in the drawing, one byte for each number. They
-- are NULL until some model has looked at it. origin is 'hit' if the drawing was a hit, 'label' if a person said what it is.
CREATE TABLE hand_drawings (
    player TEXT COLLATE "C" NOT NULL REFERENCES hands (player) ON DELETE CASCADE,
    round TEXT COLLATE "C" NOT NULL REFERENCES rounds (id) ON DELETE CASCADE,
    label TEXT COLLATE "C" NOT NULL,
    origin TEXT COLLATE "C" NOT NULL,
    learned_at TEXT COLLATE "C" NOT NULL,
    model TEXT COLLATE "C",
    features BYTEA,
    PRIMARY KEY (player, round)
);

CREATE INDEX hand_drawings_of_a_round ON hand_drawings (round);

CREATE INDEX hand_drawings_of_a_label ON hand_drawings (player, label, learned_at, model);
