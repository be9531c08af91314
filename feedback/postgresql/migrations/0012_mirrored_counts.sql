-- How many rounds are known to be in each Sheet, under the name mirrored/SPREADSHEET, counted with each change.
INSERT INTO counts (name, shard, value)
SELECT 'mirrored/' || spreadsheet, 0, count(*) FROM sheet_rows WHERE state = 'kept' GROUP BY spreadsheet;

CREATE FUNCTION count_sheet_row() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'DELETE' AND new.state = 'kept' AND (TG_OP = 'INSERT' OR old.state <> 'kept') THEN
        PERFORM add_to_count('mirrored/' || new.spreadsheet, 1);
    ELSIF TG_OP <> 'INSERT' AND old.state = 'kept' AND (TG_OP = 'DELETE' OR new.state <> 'kept') THEN
        PERFORM add_to_count('mirrored/' || old.spreadsheet, -1);
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER count_sheet_row AFTER INSERT OR DELETE OR UPDATE OF state ON sheet_rows
    FOR EACH ROW EXECUTE FUNCTION count_sheet_row();
