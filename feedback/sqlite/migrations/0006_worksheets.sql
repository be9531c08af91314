-- Our worksheets in a Sheet, by the id that Google keeps when people rename or move a worksheet.
-- Each is noted before it is added to the Sheet; is_made says whether it was seen there. The title is the one that
-- we gave it, and the numbers are the order in which the worksheets were begun.
CREATE TABLE sheet_worksheets (
    spreadsheet TEXT NOT NULL,
    worksheet INTEGER NOT NULL,
    number INTEGER NOT NULL,
    title TEXT NOT NULL,
    is_made INTEGER NOT NULL,
    PRIMARY KEY (spreadsheet, worksheet)
) WITHOUT ROWID;

-- An error kept by an earlier version may hold a key that was pasted into the setting for the key's file.
UPDATE sheets SET trouble = NULL;
