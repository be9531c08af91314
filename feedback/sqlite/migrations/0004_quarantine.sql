-- Rounds whose label is in doubt, for a person to judge: they teach nothing until somebody has decided.
-- What was decided is a label, or nothing ('') for a drawing that is to teach nothing for good.
CREATE TABLE quarantine (
    round TEXT PRIMARY KEY REFERENCES rounds (id) ON DELETE CASCADE,
    at TEXT NOT NULL,
    label TEXT NOT NULL,
    seen TEXT NOT NULL,
    why TEXT NOT NULL,
    decided TEXT
) WITHOUT ROWID;
