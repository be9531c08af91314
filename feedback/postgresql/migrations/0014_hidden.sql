-- What moderators have hidden: a name (in the form that feedback/names/folding.py makes), a player or a game (by id).
CREATE TABLE hidden (
    kind TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    at TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    moderator TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (kind, subject)
);
