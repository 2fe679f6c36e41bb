-- What was found of a customer's is pushed to them: no found thing without a promise to bring it.

CREATE TRIGGER found_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON records_foundthing
    FOR EACH STATEMENT EXECUTE FUNCTION only_grows('found_stays');

CREATE FUNCTION found_is_promised() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM records_promise p WHERE p.case_id = NEW.case_id
                   AND p.kind = 'delivery' AND p.outcome IS NULL) THEN
        PERFORM refuse('found_is_promised', 'What was found of a customer''s comes with an open promise to bring it to them.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER found_is_promised BEFORE INSERT ON records_foundthing
    FOR EACH ROW EXECUTE FUNCTION found_is_promised();
