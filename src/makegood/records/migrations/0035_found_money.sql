-- Found money is paid like all that is granted; and what was found is emptied with its customer.

CREATE OR REPLACE FUNCTION activity_of(kind text, source text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN source = 'found' THEN 'found' WHEN kind = 'waiver' THEN 'waiver'
                WHEN source = 'goodwill' THEN 'goodwill' ELSE 'scheme' END
$$;

CREATE OR REPLACE FUNCTION found_is_promised() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM records_promise p WHERE p.case_id = NEW.case_id AND p.outcome IS NULL
                   AND p.kind = CASE WHEN NEW.kind = 'property' THEN 'delivery' ELSE 'redress' END) THEN
        PERFORM refuse('found_is_promised', 'What was found of a customer''s comes with an open promise to bring it to them.');
    END IF;
    RETURN NEW;
END $$;

-- Nobody's authority is asked for what is the customer's own; but it is what was found, and no more.
DROP TRIGGER remedy_is_authorised ON records_remedy;
CREATE TRIGGER remedy_is_authorised BEFORE INSERT ON records_remedy
    FOR EACH ROW WHEN (NEW.source <> 'found') EXECUTE FUNCTION remedy_is_authorised();

CREATE FUNCTION remedy_of_found_money_is_what_was_found() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.outcome IS NOT NULL OR NEW.kind <> 'refund'
       OR num_nonnulls(NEW.granted_by_id, NEW.approval_id, NEW.late_for_id, NEW.of_incident_id) > 0 OR NEW.late_minor <> 0
       OR NOT EXISTS (SELECT 1 FROM records_promise p WHERE p.id = NEW.promise_id AND p.case_id = NEW.case_id
                      AND p.kind = 'redress' AND p.outcome IS NULL)
       OR NOT EXISTS (SELECT 1 FROM records_foundthing f WHERE f.case_id = NEW.case_id
                      AND (f.amount_minor, f.currency) = (NEW.amount_minor, NEW.currency)) THEN
        PERFORM refuse('remedy_of_found_money_is_what_was_found', 'Found money goes back as it was found, whole, promised, and at nobody''s pleasure.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER remedy_of_found_money_is_what_was_found BEFORE INSERT ON records_remedy
    FOR EACH ROW WHEN (NEW.source = 'found') EXECUTE FUNCTION remedy_of_found_money_is_what_was_found();

CREATE FUNCTION found_money_is_paid() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM records_remedy r WHERE r.case_id = NEW.case_id AND r.source = 'found') THEN
        PERFORM refuse('found_money_is_paid', 'Found money comes with a payment to its customer.');
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER found_money_is_paid AFTER INSERT ON records_foundthing
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.kind <> 'property')
    EXECUTE FUNCTION found_money_is_paid();

-- It stays as it was found, but for the words that go with the person.
DROP TRIGGER found_stays ON records_foundthing;
CREATE TRIGGER found_stays BEFORE DELETE OR TRUNCATE ON records_foundthing
    FOR EACH STATEMENT EXECUTE FUNCTION only_grows('found_stays');
CREATE TRIGGER found_stays_as_found BEFORE UPDATE ON records_foundthing
    FOR EACH STATEMENT WHEN (coalesce(current_setting('makegood.erasing', true), '') = '' OR NOT is_erasing())
    EXECUTE FUNCTION only_grows('found_stays_as_found');
CREATE TRIGGER erasing_takes_only_words BEFORE UPDATE ON records_foundthing
    FOR EACH ROW WHEN (coalesce(current_setting('makegood.erasing', true), '') <> '')
    EXECUTE FUNCTION erasing_takes_only_words('{what}', 'case');

-- A letter is kept as it left; that text goes with the person too.
DROP TRIGGER erasing_takes_only_words ON records_letter;
CREATE TRIGGER erasing_takes_only_words BEFORE UPDATE ON records_letter
    FOR EACH ROW WHEN (coalesce(current_setting('makegood.erasing', true), '') <> '')
    EXECUTE FUNCTION erasing_takes_only_words('{recipient,subject,words,as_sent,error}', 'case');
