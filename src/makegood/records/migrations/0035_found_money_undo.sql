-- Takes 0035_found_money.sql back, to how 0008, 0027 and 0033 had it.

DROP FUNCTION found_money_is_paid CASCADE;
DROP FUNCTION remedy_of_found_money_is_what_was_found CASCADE;
DROP TRIGGER remedy_is_authorised ON records_remedy;
CREATE TRIGGER remedy_is_authorised BEFORE INSERT ON records_remedy
    FOR EACH ROW EXECUTE FUNCTION remedy_is_authorised();
DROP TRIGGER erasing_takes_only_words ON records_foundthing;
DROP TRIGGER found_stays_as_found ON records_foundthing;
DROP TRIGGER found_stays ON records_foundthing;
CREATE TRIGGER found_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON records_foundthing
    FOR EACH STATEMENT EXECUTE FUNCTION only_grows('found_stays');
CREATE OR REPLACE FUNCTION activity_of(kind text, source text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN kind = 'waiver' THEN 'waiver' WHEN source = 'goodwill' THEN 'goodwill' ELSE 'scheme' END
$$;
CREATE OR REPLACE FUNCTION found_is_promised() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM records_promise p WHERE p.case_id = NEW.case_id
                   AND p.kind = 'delivery' AND p.outcome IS NULL) THEN
        PERFORM refuse('found_is_promised', 'What was found of a customer''s comes with an open promise to bring it to them.');
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER erasing_takes_only_words ON records_letter;
CREATE TRIGGER erasing_takes_only_words BEFORE UPDATE ON records_letter
    FOR EACH ROW WHEN (coalesce(current_setting('makegood.erasing', true), '') <> '')
    EXECUTE FUNCTION erasing_takes_only_words('{recipient,subject,words,error}', 'case');
