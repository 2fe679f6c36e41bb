-- What somebody outside decided on a case that ended without a yes: written once, and of its case.

CREATE TRIGGER review_stays BEFORE DELETE OR TRUNCATE ON records_review
    FOR EACH STATEMENT EXECUTE FUNCTION only_grows('review_stays');
CREATE TRIGGER review_stays_as_recorded BEFORE UPDATE ON records_review
    FOR EACH STATEMENT WHEN (coalesce(current_setting('makegood.erasing', true), '') = '' OR NOT is_erasing())
    EXECUTE FUNCTION only_grows('review_stays_as_recorded');
CREATE TRIGGER erasing_takes_only_words BEFORE UPDATE ON records_review
    FOR EACH ROW WHEN (coalesce(current_setting('makegood.erasing', true), '') <> '')
    EXECUTE FUNCTION erasing_takes_only_words('{words}', 'case');

CREATE FUNCTION review_is_of_its_parting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM records_parting p JOIN records_case c ON c.id = p.case_id
          JOIN records_customer u ON u.id = c.customer_id
         WHERE p.id = NEW.parting_id AND p.case_id = NEW.case_id
           AND p.decided_at <= NEW.recorded_at
           AND NEW.decided_on >= (p.decided_at AT TIME ZONE u.zone)::date
           AND NEW.decided_on <= (NEW.recorded_at AT TIME ZONE u.zone)::date) THEN
        PERFORM refuse('review_is_of_its_parting', 'Somebody outside decides on the end of this case, after it ended and not later than it is recorded.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER review_is_of_its_parting BEFORE INSERT ON records_review
    FOR EACH ROW EXECUTE FUNCTION review_is_of_its_parting();
