-- What moderators have hidden: a name (in the form that feedback/names/folding.py makes), a player or a game (by id).
CREATE TABLE hidden (
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    name TEXT NOT NULL,
    at TEXT NOT NULL,
    reason TEXT NOT NULL,
    moderator TEXT NOT NULL,
    PRIMARY KEY (kind, subject)
) WITHOUT ROWID;
