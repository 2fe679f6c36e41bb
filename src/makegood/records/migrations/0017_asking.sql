-- Law 8: asked before closed. A case closes by what its own customer said, by two questions that
-- reached them and stayed unanswered, or by a manager's record after the whole ladder.

CREATE TRIGGER asking_stays BEFORE DELETE OR TRUNCATE ON records_asking
    FOR EACH STATEMENT EXECUTE FUNCTION only_grows('asking_stays');
CREATE TRIGGER want_stays BEFORE DELETE OR TRUNCATE ON records_want
    FOR EACH STATEMENT EXECUTE FUNCTION only_grows('want_stays');
CREATE TRIGGER parting_stays BEFORE DELETE OR TRUNCATE ON records_parting
    FOR EACH STATEMENT EXECUTE FUNCTION only_grows('parting_stays');

-- An asking counts once its question was said, and goes only forward; a time to answer is never
-- shortened.

CREATE FUNCTION asking_goes_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.case_id, NEW.number, NEW.first_id, NEW.message_id, NEW.opened_at)
       IS DISTINCT FROM (OLD.id, OLD.case_id, OLD.number, OLD.first_id, OLD.message_id, OLD.opened_at)
       OR (OLD.asked_at IS NOT NULL AND (NEW.asked_at IS DISTINCT FROM OLD.asked_at OR NEW.act_at < OLD.act_at))
       OR OLD.ended_at IS NOT NULL THEN
        PERFORM refuse('asking_goes_forward', format('Asking %s stays as it was asked; what ended is over, and nobody loses time to answer.', OLD.id));
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER asking_goes_forward BEFORE UPDATE ON records_asking
    FOR EACH ROW EXECUTE FUNCTION asking_goes_forward();

CREATE FUNCTION asking_counts_once_it_was_said() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM records_message m
        WHERE m.id = NEW.message_id AND m.case_id = NEW.case_id AND m.kind = 'question'
          AND (NEW.asked_at IS NULL OR m.said_at = NEW.asked_at)) THEN
        PERFORM refuse('asking_counts_once_it_was_said', 'A customer was asked when the question was said to them, and not before.');
    END IF;
    IF NEW.number = 2 AND NOT EXISTS (
        SELECT 1 FROM records_asking f
        WHERE f.id = NEW.first_id AND f.case_id = NEW.case_id AND f.number = 1 AND f.act_at <= NEW.opened_at) THEN
        PERFORM refuse('asking_again_after_the_first', 'A customer is asked again only after the first question had its time.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER asking_counts_once_it_was_said BEFORE INSERT OR UPDATE OF asked_at ON records_asking
    FOR EACH ROW EXECUTE FUNCTION asking_counts_once_it_was_said();

-- The ladder of a team: each rung that somebody stands on has heard it (or was away, and is named
-- as passed over), and whoever stands on the highest decides.

CREATE FUNCTION parting_after_the_whole_ladder() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    top text;
BEGIN
    SELECT CASE WHEN t.executive_id IS NOT NULL THEN 'executive' WHEN t.head_id IS NOT NULL THEN 'head'
                WHEN t.lead_id IS NOT NULL THEN 'lead' END INTO top
    FROM records_case c JOIN records_team t ON t.id = c.team_id WHERE c.id = NEW.case_id;
    IF top IS NULL OR EXISTS (
        SELECT 1 FROM records_case c JOIN records_team t ON t.id = c.team_id
        CROSS JOIN LATERAL (VALUES ('lead', t.lead_id), ('head', t.head_id), ('executive', t.executive_id)) rung (role, person)
        WHERE c.id = NEW.case_id AND rung.person IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM records_escalation e
            WHERE e.case_id = c.id AND e.acknowledged_at <= NEW.decided_at
              AND (e.role = rung.role OR e.skipped @> jsonb_build_array(jsonb_build_object('role', rung.role)))))
       OR NOT EXISTS (
        SELECT 1 FROM records_escalation e
        WHERE e.case_id = NEW.case_id AND e.role = top AND e.acknowledged_by_id = NEW.decided_by_id) THEN
        PERFORM refuse('parting_after_the_whole_ladder', 'A case ends without a yes only after everybody on its ladder has taken it up, and by the highest of them.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER parting_after_the_whole_ladder BEFORE INSERT OR UPDATE ON records_parting
    FOR EACH ROW EXECUTE FUNCTION parting_after_the_whole_ladder();

-- What a customer wants is answered once, by a promise of their own case.

CREATE FUNCTION want_is_answered_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.case_id, NEW.contact_id, NEW.said_at) IS DISTINCT FROM (OLD.case_id, OLD.contact_id, OLD.said_at)
       OR num_nonnulls(OLD.promise_id, OLD.declined_at, OLD.let_go_by_id) > 0
          AND (NEW.promise_id, NEW.declined_at, NEW.let_go_by_id) IS DISTINCT FROM (OLD.promise_id, OLD.declined_at, OLD.let_go_by_id) THEN
        PERFORM refuse('want_is_answered_once', format('Want %s stays as it was said, and is answered once.', OLD.id));
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER want_is_answered_once BEFORE UPDATE ON records_want
    FOR EACH ROW EXECUTE FUNCTION want_is_answered_once();

CREATE FUNCTION want_is_of_its_own_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM records_contact k WHERE k.id = NEW.contact_id AND k.case_id = NEW.case_id AND k.direction = 'inbound')
       OR NEW.promise_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM records_promise p WHERE p.id = NEW.promise_id AND p.case_id = NEW.case_id)
       OR NEW.let_go_by_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM records_contact k WHERE k.id = NEW.let_go_by_id AND k.case_id = NEW.case_id AND k.direction = 'inbound') THEN
        PERFORM refuse('want_is_of_its_own_case', 'A want is what the customer of this case said, and is answered in it.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER want_is_of_its_own_case BEFORE INSERT OR UPDATE ON records_want
    FOR EACH ROW EXECUTE FUNCTION want_is_of_its_own_case();

-- Closing. Judged where the row is written; what must hold together at commit stands below.

CREATE FUNCTION case_is_asked_before_it_closes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.closed_by_contact_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM records_contact k
        WHERE k.id = NEW.closed_by_contact_id AND k.case_id = NEW.id AND k.direction = 'inbound'
          AND NOT EXISTS (SELECT 1 FROM records_reply r WHERE r.contact_id = k.id AND r.kind = 'not_right')) THEN
        PERFORM refuse('case_closes_by_its_own_customers_answer', format('Case %s closes by what its own customer said, and never by a no.', NEW.id));
    END IF;
    IF NEW.closed_by_asking_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM records_asking a JOIN records_asking f ON f.id = a.first_id
        WHERE a.id = NEW.closed_by_asking_id AND a.case_id = NEW.id AND a.number = 2
          AND f.asked_at IS NOT NULL AND a.asked_at >= f.act_at AND NEW.closed_at >= a.act_at
          AND NOT EXISTS (
              SELECT 1 FROM records_contact k
              WHERE k.case_id = NEW.id AND k.direction = 'inbound' AND k.withdrawn_at IS NULL
                AND k.happened_at >= f.asked_at)) THEN
        PERFORM refuse('case_closes_by_silence_after_two_questions', format('Case %s closes by silence only after two questions that reached the customer, each with time to answer, and nothing heard since.', NEW.id));
    END IF;
    IF NEW.closed_by_parting_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM records_parting p JOIN records_message m ON m.id = p.message_id
        WHERE p.id = NEW.closed_by_parting_id AND p.case_id = NEW.id
          AND m.case_id = NEW.id AND m.kind = 'parting' AND m.said_at <= NEW.closed_at) THEN
        PERFORM refuse('case_closes_by_a_parting_that_was_told', format('Case %s closes without a yes only when the customer was told so, and where to turn.', NEW.id));
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER case_is_asked_before_it_closes
    BEFORE INSERT OR UPDATE OF closed_at, closed_by_contact_id, closed_by_asking_id, closed_by_parting_id ON records_case
    FOR EACH ROW WHEN (NEW.closed_at IS NOT NULL) EXECUTE FUNCTION case_is_asked_before_it_closes();

CREATE FUNCTION closed_case_has_no_open_want() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    the_case bigint;
    closed timestamptz;
BEGIN
    IF TG_TABLE_NAME = 'records_case' THEN the_case := NEW.id; ELSE the_case := NEW.case_id; END IF;
    SELECT c.closed_at INTO closed FROM records_case c WHERE c.id = the_case FOR NO KEY UPDATE;
    IF closed IS NOT NULL AND EXISTS (
        SELECT 1 FROM records_want w WHERE w.case_id = the_case
          AND w.promise_id IS NULL AND w.declined_at IS NULL AND w.let_go_by_id IS NULL) THEN
        PERFORM refuse('closed_case_has_no_open_want', format('Case %s cannot be closed while its customer wants something more and was not answered.', the_case));
    END IF;
    IF closed IS NOT NULL AND EXISTS (
        SELECT 1 FROM records_asking a WHERE a.case_id = the_case AND a.ended_at IS NULL) THEN
        PERFORM refuse('closed_case_is_asked_no_more', format('Case %s is closed, so nobody is asked any more.', the_case));
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER closed_case_has_no_open_want
    AFTER INSERT OR UPDATE OF closed_at ON records_case
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.closed_at IS NOT NULL)
    EXECUTE FUNCTION closed_case_has_no_open_want();
CREATE CONSTRAINT TRIGGER want_on_an_open_case
    AFTER INSERT ON records_want
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION closed_case_has_no_open_want();
CREATE CONSTRAINT TRIGGER asking_on_an_open_case
    AFTER INSERT ON records_asking
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION closed_case_has_no_open_want();
