-- The rounds that the latest reading of an uploaded picture stored, so that the next reading replaces them: a picture is
-- read again when it is turned, or when the response was lost. The browser names its pictures. mark is 0 for the whole
-- picture, or the number of a mark that was cut from it and sent by itself. rounds is a JSON list of ids.
CREATE TABLE uploads (
    player TEXT COLLATE "C" NOT NULL,
    picture TEXT COLLATE "C" NOT NULL,
    mark BIGINT NOT NULL,
    attempt BIGINT NOT NULL,
    rounds TEXT COLLATE "C" NOT NULL,
    expires_at TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (player, picture, mark)
);

CREATE INDEX uploads_by_expiry ON uploads (expires_at);
