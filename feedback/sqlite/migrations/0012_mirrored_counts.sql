-- How many rounds are known to be in each Sheet, under the name mirrored/SPREADSHEET, counted with each change.
INSERT INTO counts (name, value)
SELECT 'mirrored/' || spreadsheet, count(*) FROM sheet_rows WHERE state = 'kept' GROUP BY spreadsheet;

CREATE TRIGGER count_added_row AFTER INSERT ON sheet_rows WHEN new.state = 'kept' BEGIN
    INSERT INTO counts (name, value) VALUES ('mirrored/' || new.spreadsheet, 1)
    ON CONFLICT (name) DO UPDATE SET value = value + 1; END;

CREATE TRIGGER count_changed_row AFTER UPDATE OF state ON sheet_rows
    WHEN (old.state = 'kept') <> (new.state = 'kept') BEGIN
    INSERT INTO counts (name, value) VALUES ('mirrored/' || new.spreadsheet, iif(new.state = 'kept', 1, -1))
    ON CONFLICT (name) DO UPDATE SET value = value + excluded.value; END;

CREATE TRIGGER count_removed_row AFTER DELETE ON sheet_rows WHEN old.state = 'kept' BEGIN
    UPDATE counts SET value = value - 1 WHERE name = 'mirrored/' || old.spreadsheet; END;
