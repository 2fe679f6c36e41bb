-- What was brought in and taken out: neither is unsaid, and pages hear how far it has come.

CREATE TRIGGER data_acts_only_grow BEFORE UPDATE OR DELETE OR TRUNCATE ON records_dataact
    FOR EACH STATEMENT EXECUTE FUNCTION only_grows('data_acts_only_grow');
CREATE TRIGGER imported_case_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON records_importedcase
    FOR EACH STATEMENT EXECUTE FUNCTION only_grows('imported_case_stays');
CREATE TRIGGER imports_stay_listed BEFORE DELETE OR TRUNCATE ON records_import
    FOR EACH STATEMENT EXECUTE FUNCTION only_grows('imports_stay_listed');
CREATE TRIGGER exports_stay_listed BEFORE DELETE OR TRUNCATE ON records_export
    FOR EACH STATEMENT EXECUTE FUNCTION only_grows('exports_stay_listed');

-- What is over stays as it ended; only what quotes the file goes later.
CREATE FUNCTION import_that_is_over_stays_so() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (to_jsonb(NEW) - '{bad,forget_at}'::text[]) IS DISTINCT FROM (to_jsonb(OLD) - '{bad,forget_at}'::text[])
       OR (NEW.bad IS DISTINCT FROM OLD.bad AND NEW.bad <> '[]'::jsonb) THEN
        PERFORM refuse('import_that_is_over_stays_so', format('Import %s is over, and stays as it ended.', OLD.id));
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER import_that_is_over_stays_so BEFORE UPDATE ON records_import
    FOR EACH ROW WHEN (OLD.state IN ('done', 'given_up')) EXECUTE FUNCTION import_that_is_over_stays_so();

-- A page of an import or an export hears that it went on: its number, and no word of it.
CREATE FUNCTION tell_of_data() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('makegood_live', 'd');
    RETURN NULL;
END $$;
CREATE TRIGGER import_tells_live_pages AFTER UPDATE OF state, place, total ON records_import
    FOR EACH STATEMENT EXECUTE FUNCTION tell_of_data();
CREATE TRIGGER export_tells_live_pages AFTER UPDATE OF state, place, total ON records_export
    FOR EACH STATEMENT EXECUTE FUNCTION tell_of_data();
