-- What keeps live pages fresh, and what may be taken back.

-- Tell live pages which cases changed: their numbers and no word of anybody. Once per statement,
-- so that a sweep which breaks hundreds of promises rings once; "*" stands for very many. It is a
-- hint: a page that misses one looks by itself.

CREATE FUNCTION tell_live_pages() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    how_many bigint;
    cases text;
BEGIN
    SELECT count(*), string_agg(c.case_id::text, ' ' ORDER BY c.case_id) INTO how_many, cases
    FROM (SELECT DISTINCT case_id FROM fresh LIMIT 201) c;
    IF how_many > 200 THEN
        PERFORM pg_notify('makegood_live', '*');
    ELSIF how_many > 0 THEN
        PERFORM pg_notify('makegood_live', cases);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER timeline_tells_live_pages AFTER INSERT ON records_timelineentry
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION tell_live_pages();

-- Who looks at a case is worth nothing after a crash: it is not written to the log of the database.

ALTER TABLE records_presence SET UNLOGGED;

CREATE FUNCTION tell_who_is_here() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('makegood_live', 'p' || coalesce(NEW.case_id, OLD.case_id)::text);
    RETURN NULL;
END $$;
CREATE TRIGGER presence_tells_live_pages AFTER INSERT OR DELETE ON records_presence
    FOR EACH ROW EXECUTE FUNCTION tell_who_is_here();
CREATE TRIGGER presence_typing_tells_live_pages AFTER UPDATE OF typing ON records_presence
    FOR EACH ROW WHEN (NEW.typing <> OLD.typing) EXECUTE FUNCTION tell_who_is_here();

-- A contact stays where it stands; what was recorded by mistake is marked, once and for good. What
-- closed a case cannot be taken back under it.

CREATE FUNCTION contact_is_withdrawn_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.withdrawn_at IS NOT NULL THEN
        PERFORM refuse('contact_is_withdrawn_once', format('Contact %s was taken back already, and stays so.', OLD.id));
    END IF;
    IF EXISTS (SELECT 1 FROM records_case c WHERE c.closed_by_contact_id = NEW.id) THEN
        PERFORM refuse('contact_that_closed_a_case_stands', format('Contact %s closed its case, so it stands.', NEW.id));
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER contact_is_withdrawn_once BEFORE UPDATE OF withdrawn_at, withdrawn_by_id ON records_contact
    FOR EACH ROW WHEN ((NEW.withdrawn_at, NEW.withdrawn_by_id) IS DISTINCT FROM (OLD.withdrawn_at, OLD.withdrawn_by_id))
    EXECUTE FUNCTION contact_is_withdrawn_once();

CREATE FUNCTION case_closes_by_a_contact_that_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM records_contact k WHERE k.id = NEW.closed_by_contact_id AND k.withdrawn_at IS NULL FOR SHARE;
    IF NOT FOUND THEN
        PERFORM refuse('case_closes_by_a_contact_that_stands', format('Case %s cannot be closed by a contact that was taken back.', NEW.id));
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER case_closes_by_a_contact_that_stands BEFORE INSERT OR UPDATE OF closed_by_contact_id ON records_case
    FOR EACH ROW WHEN (NEW.closed_by_contact_id IS NOT NULL)
    EXECUTE FUNCTION case_closes_by_a_contact_that_stands();

-- A correction never opens a settled promise again (law 3): the word is given once more, the same
-- in every part that the customer heard, and the clock judges it as if it had never been marked.

CREATE FUNCTION correction_gives_the_same_word() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM records_promise kept JOIN records_promise again ON again.id = NEW.again_id
        WHERE kept.id = NEW.promise_id AND kept.outcome = 'kept'
          AND (again.case_id, again.kind, again.words, again.speaker, again.speaker_name, again.said_by_id, again.channel)
              IS NOT DISTINCT FROM
              (kept.case_id, kept.kind, kept.words, kept.speaker, kept.speaker_name, kept.said_by_id, kept.channel)
          AND (again.said_at, again.first_due_at, again.earliest_at, again.precision, again.zone, again.grace)
              IS NOT DISTINCT FROM
              (kept.said_at, kept.due_at, kept.earliest_at, kept.precision, kept.zone, kept.grace)
          AND again.follows_id = kept.id) THEN
        PERFORM refuse('correction_gives_the_same_word', format('Promise %s was marked as kept by mistake: the promise that stands instead gives the same word for the same time.', NEW.promise_id));
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER correction_gives_the_same_word BEFORE INSERT ON records_correction
    FOR EACH ROW EXECUTE FUNCTION correction_gives_the_same_word();
CREATE TRIGGER correction_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON records_correction
    FOR EACH STATEMENT EXECUTE FUNCTION only_grows('correction_stays');
