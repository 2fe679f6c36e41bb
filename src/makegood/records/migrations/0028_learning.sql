-- What was learned stays: nothing of it is removed, and a change that shipped is what it was then.

CREATE TRIGGER cause_stays BEFORE DELETE OR TRUNCATE ON records_cause
    FOR EACH STATEMENT EXECUTE FUNCTION only_grows('cause_stays');
CREATE TRIGGER lesson_stays BEFORE DELETE OR TRUNCATE ON records_lesson
    FOR EACH STATEMENT EXECUTE FUNCTION only_grows('lesson_stays');
CREATE TRIGGER improvement_stays BEFORE DELETE OR TRUNCATE ON records_improvement
    FOR EACH STATEMENT EXECUTE FUNCTION only_grows('improvement_stays');
CREATE TRIGGER change_told_stays BEFORE DELETE OR TRUNCATE ON records_changetold
    FOR EACH STATEMENT EXECUTE FUNCTION only_grows('change_told_stays');
CREATE TRIGGER repeat_stays BEFORE DELETE OR TRUNCATE ON records_repeat
    FOR EACH STATEMENT EXECUTE FUNCTION only_grows('repeat_stays');

CREATE FUNCTION improvement_stays_as_it_shipped() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.shipped_at IS NOT NULL
       AND (NEW.shipped_at, NEW.shipped_by_id, NEW.cause_id, NEW.title, NEW.what)
           IS DISTINCT FROM (OLD.shipped_at, OLD.shipped_by_id, OLD.cause_id, OLD.title, OLD.what) THEN
        PERFORM refuse('improvement_stays_as_it_shipped', format('Improvement %s stays as it shipped: customers were told of it.', OLD.id));
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER improvement_stays_as_it_shipped BEFORE UPDATE ON records_improvement
    FOR EACH ROW EXECUTE FUNCTION improvement_stays_as_it_shipped();

CREATE FUNCTION change_told_by_a_letter_of_its_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.letter_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM records_letter l WHERE l.id = NEW.letter_id AND l.case_id = NEW.case_id) THEN
        PERFORM refuse('change_told_by_a_letter_of_its_case', format('Letter %s is of another case.', NEW.letter_id));
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER change_told_by_a_letter_of_its_case BEFORE INSERT OR UPDATE ON records_changetold
    FOR EACH ROW EXECUTE FUNCTION change_told_by_a_letter_of_its_case();
