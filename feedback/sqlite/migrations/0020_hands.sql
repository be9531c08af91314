-- What the recognizer remembers of the players' own drawings. A player without a row here has nothing remembered yet:
-- it is taken from their stored rounds when it is first needed. version goes up with each change.
CREATE TABLE hands (
    player TEXT PRIMARY KEY REFERENCES players (id),
    is_on INTEGER NOT NULL,
    version INTEGER NOT NULL
) WITHOUT ROWID;

-- The remembered drawings. features are what the model called model sees in the drawing, one byte for each number. They
-- are NULL until some model has looked at it. origin is 'hit' if the drawing was a hit, 'label' if a person said what it is.
CREATE TABLE hand_drawings (
    player TEXT NOT NULL REFERENCES hands (player) ON DELETE CASCADE,
    round TEXT NOT NULL REFERENCES rounds (id) ON DELETE CASCADE,
    label TEXT NOT NULL,
    origin TEXT NOT NULL,
    learned_at TEXT NOT NULL,
    model TEXT,
    features BLOB,
    PRIMARY KEY (player, round)
) WITHOUT ROWID;

CREATE INDEX hand_drawings_of_a_round ON hand_drawings (round);

CREATE INDEX hand_drawings_of_a_label ON hand_drawings (player, label, learned_at, model);
