-- Who said what a round really was: its player, or a curator in the Sheet, who wins.
ALTER TABLE rounds ADD COLUMN label_by TEXT;

UPDATE rounds SET label_by = 'player' WHERE label IS NOT NULL;

-- A Google Sheet that rounds are mirrored to: who writes to it now, and what is known of it.
CREATE TABLE sheets (
    spreadsheet TEXT PRIMARY KEY,
    holder TEXT,
    expires_at TEXT,
    doubtful_until TEXT,
    deleting_until TEXT,
    trouble TEXT
) WITHOUT ROWID;

-- The journal of the mirror: a round is here before it is sent for the first time, in the order of the rounds.
-- Its state is sent (whether it arrived is not known), kept (it was seen there), unsent (it is not there)
-- or gone (it was there, and people deleted it).
-- Its label and verdict are those that were written, which stay as they are when the row has to be sent again.
CREATE TABLE sheet_rows (
    spreadsheet TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    round TEXT NOT NULL REFERENCES rounds (id) ON DELETE CASCADE,
    state TEXT NOT NULL,
    label TEXT,
    verdict TEXT,
    sent_at TEXT,
    tries INTEGER NOT NULL,
    PRIMARY KEY (spreadsheet, sequence)
) WITHOUT ROWID;

CREATE INDEX sheet_rows_by_state ON sheet_rows (spreadsheet, state, sequence);

CREATE INDEX sheet_rows_of_a_round ON sheet_rows (round);

CREATE INDEX sheet_rows_sent_again ON sheet_rows (spreadsheet, round) WHERE tries > 1;
