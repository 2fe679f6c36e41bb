-- The laws of Makegood, kept by the database: also against psql, and against our own mistakes.
-- Each refusal is an integrity_constraint_violation whose CONSTRAINT name is the sentence it keeps.

CREATE FUNCTION refuse(law text, why text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', why USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = law;
END $$;

-- Law 5: nothing lost. The chain is declarative: the hash is of the entry before and this body,
-- the entry before exists, and what the columns say is what the body says.

-- Reads the body once for all five columns; the same in one CHECK reads it five times.
CREATE FUNCTION timeline_body_says(
    body jsonb, kind text, case_id bigint, seq bigint, happened_at timestamptz, recorded_at timestamptz
) RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    -- A CHECK lets NULL pass: a body that does not say it is refused like one that says otherwise.
    RETURN coalesce(kind = body ->> 'kind'
       AND case_id = (body ->> 'case')::bigint
       AND seq = (body ->> 'seq')::bigint
       AND happened_at = (body ->> 'at')::timestamptz
       AND recorded_at = (body ->> 'recorded')::timestamptz, false);
END $$;

ALTER TABLE records_timelineentry
    ADD CONSTRAINT timeline_hash_is_of_its_body
        CHECK (hash = sha256(prev_hash || convert_to(body, 'UTF8'))),
    ADD CONSTRAINT timeline_starts_from_zero
        CHECK (seq > 1 OR prev_hash = decode(repeat('00', 32), 'hex')),
    ADD CONSTRAINT timeline_columns_are_of_the_body
        CHECK (timeline_body_says(body::jsonb, kind, case_id, seq, happened_at, recorded_at)),
    ADD CONSTRAINT timeline_follows_the_entry_before
        FOREIGN KEY (case_id, prev_seq, prev_hash)
        REFERENCES records_timelineentry (case_id, seq, hash);

ALTER TABLE records_timelinetext
    ADD CONSTRAINT timeline_text_belongs_to_an_entry
        FOREIGN KEY (case_id, seq) REFERENCES records_timelineentry (case_id, seq);

CREATE FUNCTION only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM refuse(TG_ARGV[0], format('%s only grows: nothing in it is changed or removed.', TG_TABLE_NAME));
    RETURN NULL;
END $$;

CREATE TRIGGER timeline_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON records_timelineentry
    FOR EACH STATEMENT EXECUTE FUNCTION only_grows('timeline_only_grows');
CREATE TRIGGER policy_snapshot_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON records_policysnapshot
    FOR EACH STATEMENT EXECUTE FUNCTION only_grows('policy_snapshot_only_grows');
CREATE TRIGGER report_stays BEFORE DELETE OR TRUNCATE ON records_report
    FOR EACH STATEMENT EXECUTE FUNCTION only_grows('report_stays');
CREATE TRIGGER promise_stays BEFORE DELETE OR TRUNCATE ON records_promise
    FOR EACH STATEMENT EXECUTE FUNCTION only_grows('promise_stays');
CREATE TRIGGER revision_stays BEFORE DELETE OR TRUNCATE ON records_promiserevision
    FOR EACH STATEMENT EXECUTE FUNCTION only_grows('revision_stays');
CREATE TRIGGER case_stays BEFORE DELETE OR TRUNCATE ON records_case
    FOR EACH STATEMENT EXECUTE FUNCTION only_grows('case_stays');
CREATE TRIGGER contact_stays BEFORE DELETE OR TRUNCATE ON records_contact
    FOR EACH STATEMENT EXECUTE FUNCTION only_grows('contact_stays');
CREATE TRIGGER escalation_stays BEFORE DELETE OR TRUNCATE ON records_escalation
    FOR EACH STATEMENT EXECUTE FUNCTION only_grows('escalation_stays');
CREATE TRIGGER handover_stays BEFORE DELETE OR TRUNCATE ON records_handover
    FOR EACH STATEMENT EXECUTE FUNCTION only_grows('handover_stays');

CREATE FUNCTION report_stays_as_it_came() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.source, NEW.external_id, NEW.channel, NEW.raw, NEW.happened_at, NEW.recorded_at)
       IS DISTINCT FROM
       (OLD.source, OLD.external_id, OLD.channel, OLD.raw, OLD.happened_at, OLD.recorded_at)
       OR (OLD.case_id IS NOT NULL AND NEW.case_id IS DISTINCT FROM OLD.case_id) THEN
        PERFORM refuse('report_stays_as_it_came', 'A report stays as it came in, and with its case.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER report_stays_as_it_came BEFORE UPDATE ON records_report
    FOR EACH ROW EXECUTE FUNCTION report_stays_as_it_came();

-- Law 3: settled once. Words, speaker, case, zone and first due time never change; a settled
-- promise is final; a due time moves only by a revision that was told before the old one passed.

CREATE FUNCTION promise_keeps_its_word() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.outcome IS NOT NULL THEN
        PERFORM refuse('promise_settled_once', format('Promise %s was settled as %s: a promise is settled only once.', OLD.id, OLD.outcome));
    END IF;
    IF (NEW.id, NEW.case_id, NEW.kind, NEW.words, NEW.speaker, NEW.speaker_name, NEW.said_by_id, NEW.channel)
       IS DISTINCT FROM
       (OLD.id, OLD.case_id, OLD.kind, OLD.words, OLD.speaker, OLD.speaker_name, OLD.said_by_id, OLD.channel)
       OR (NEW.said_at, NEW.recorded_at, NEW.first_due_at, NEW.precision, NEW.zone, NEW.grace, NEW.policy_id, NEW.trace, NEW.follows_id)
       IS DISTINCT FROM
       (OLD.said_at, OLD.recorded_at, OLD.first_due_at, OLD.precision, OLD.zone, OLD.grace, OLD.policy_id, OLD.trace, OLD.follows_id) THEN
        PERFORM refuse('promise_keeps_its_word', format('Promise %s: its words, speaker, zone, policy and first due time never change.', OLD.id));
    END IF;
    IF (NEW.due_at, NEW.earliest_at) IS DISTINCT FROM (OLD.due_at, OLD.earliest_at)
       AND NOT EXISTS (
           SELECT 1 FROM records_promiserevision r
           WHERE r.promise_id = NEW.id AND r.told_at IS NOT NULL
             AND r.old_due_at = OLD.due_at AND r.new_due_at = NEW.due_at
             AND r.new_earliest_at IS NOT DISTINCT FROM NEW.earliest_at) THEN
        PERFORM refuse('promise_moves_only_by_a_told_revision', format('Promise %s moves only by a revision that the customer was told of before the old time.', OLD.id));
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER promise_keeps_its_word BEFORE UPDATE ON records_promise
    FOR EACH ROW EXECUTE FUNCTION promise_keeps_its_word();

CREATE FUNCTION promise_starts_as_it_was_given() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.due_at <> NEW.first_due_at THEN
        PERFORM refuse('promise_starts_with_its_first_due_time', 'A new promise is due at its first due time.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER promise_starts_as_it_was_given BEFORE INSERT ON records_promise
    FOR EACH ROW WHEN (NEW.due_at <> NEW.first_due_at)
    EXECUTE FUNCTION promise_starts_as_it_was_given();

-- Nobody can hide a promise from the clock: an open one is judged at its due time and grace, or,
-- where judging it failed, at the time that it was set aside until. So the auditor may trust the
-- index over `judge_at`.

CREATE FUNCTION promise_stays_watched() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM records_setaside s WHERE s.promise_id = NEW.id AND s.retry_at = NEW.judge_at) THEN
        PERFORM refuse('promise_stays_watched', format('Promise %s is judged when its due time and grace have passed, and not at another time.', NEW.id));
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER promise_stays_watched AFTER INSERT OR UPDATE OF judge_at, due_at, grace ON records_promise
    FOR EACH ROW WHEN (NEW.outcome IS NULL AND NEW.judge_at - NEW.due_at <> NEW.grace)
    EXECUTE FUNCTION promise_stays_watched();

CREATE FUNCTION revision_is_told_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.told_at IS NOT NULL
       OR (NEW.promise_id, NEW.number, NEW.old_due_at, NEW.new_earliest_at, NEW.new_due_at, NEW.cause, NEW.decided_at, NEW.decided_by_id)
       IS DISTINCT FROM
       (OLD.promise_id, OLD.number, OLD.old_due_at, OLD.new_earliest_at, OLD.new_due_at, OLD.cause, OLD.decided_at, OLD.decided_by_id) THEN
        PERFORM refuse('revision_is_told_once', 'A revision stays as it was decided; only the proof of telling is added, once.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER revision_is_told_once BEFORE UPDATE ON records_promiserevision
    FOR EACH ROW EXECUTE FUNCTION revision_is_told_once();

-- Law 2: never silent. Judged at commit, with the case locked, so that two sessions which each
-- settle one of the last two promises cannot both believe that the other one is still open.

CREATE FUNCTION case_is_never_silent() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    the_case bigint;
    closed timestamptz;
    has_open boolean;
BEGIN
    IF TG_TABLE_NAME = 'records_case' THEN the_case := NEW.id; ELSE the_case := NEW.case_id; END IF;
    IF current_setting('transaction_isolation') = 'repeatable read' THEN
        PERFORM refuse('case_is_never_silent', 'Open or settle promises under READ COMMITTED or SERIALIZABLE: a repeatable read cannot see what others settle.');
    END IF;
    SELECT c.closed_at INTO closed FROM records_case c WHERE c.id = the_case FOR NO KEY UPDATE;
    SELECT EXISTS (SELECT 1 FROM records_promise p WHERE p.case_id = the_case AND p.outcome IS NULL) INTO has_open;
    IF closed IS NULL AND NOT has_open THEN
        PERFORM refuse('case_is_never_silent', format('Case %s is open and needs an open promise: the next thing its customer will hear, and when.', the_case));
    END IF;
    IF closed IS NOT NULL AND has_open THEN
        PERFORM refuse('closed_case_has_no_open_promise', format('Case %s cannot be closed while a promise to its customer is open.', the_case));
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER case_is_never_silent
    AFTER INSERT OR UPDATE OF closed_at ON records_case
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION case_is_never_silent();
CREATE CONSTRAINT TRIGGER promise_settled_leaves_no_silence
    AFTER UPDATE OF outcome ON records_promise
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.outcome IS NOT NULL)
    EXECUTE FUNCTION case_is_never_silent();

-- A promise that is made cannot leave its case silent, only make it one that was closed.

CREATE FUNCTION promise_made_on_an_open_case() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    closed timestamptz;
BEGIN
    SELECT c.closed_at INTO closed FROM records_case c WHERE c.id = NEW.case_id FOR NO KEY UPDATE;
    IF closed IS NOT NULL AND EXISTS (
        SELECT 1 FROM records_promise p WHERE p.case_id = NEW.case_id AND p.outcome IS NULL) THEN
        PERFORM refuse('closed_case_has_no_open_promise', format('Case %s is closed: reopen it before something is promised to its customer.', NEW.case_id));
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER promise_made_on_an_open_case
    AFTER INSERT ON records_promise
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.outcome IS NULL)
    EXECUTE FUNCTION promise_made_on_an_open_case();

-- Law 1: owned. The owner column cannot be empty; it changes only by an accepted hand-over, and
-- nobody leaves while they own an open case.

CREATE FUNCTION case_owner_changes_by_acceptance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM records_handover h
        WHERE h.case_id = NEW.id AND h.from_staff_id = OLD.owner_id
          AND h.to_staff_id = NEW.owner_id AND h.accepted_at IS NOT NULL) THEN
        PERFORM refuse('case_owner_changes_by_acceptance', format('Case %s changes its owner only when the new owner has accepted it.', NEW.id));
    END IF;
    PERFORM 1 FROM records_staff s WHERE s.id = NEW.owner_id AND s.is_active FOR SHARE;
    IF NOT FOUND THEN
        PERFORM refuse('case_owner_is_here', format('Case %s cannot go to somebody who has left.', NEW.id));
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER case_owner_changes_by_acceptance BEFORE UPDATE OF owner_id ON records_case
    FOR EACH ROW WHEN (OLD.owner_id IS DISTINCT FROM NEW.owner_id)
    EXECUTE FUNCTION case_owner_changes_by_acceptance();

CREATE FUNCTION case_opens_with_an_owner_who_is_here() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- FOR SHARE waits for whoever is just leaving, so that no case is left behind between the two.
    PERFORM 1 FROM records_staff s WHERE s.id = NEW.owner_id AND s.is_active FOR SHARE;
    IF NOT FOUND THEN
        PERFORM refuse('case_owner_is_here', 'A case opens, also again, with an owner who works here.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER case_opens_with_an_owner_who_is_here BEFORE INSERT ON records_case
    FOR EACH ROW EXECUTE FUNCTION case_opens_with_an_owner_who_is_here();
CREATE TRIGGER case_reopens_with_an_owner_who_is_here BEFORE UPDATE OF closed_at ON records_case
    FOR EACH ROW WHEN (OLD.closed_at IS NOT NULL AND NEW.closed_at IS NULL)
    EXECUTE FUNCTION case_opens_with_an_owner_who_is_here();

CREATE FUNCTION staff_leaves_no_case_behind() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM records_case c WHERE c.owner_id = NEW.id AND c.closed_at IS NULL) THEN
        PERFORM refuse('staff_leaves_no_case_behind', format('%s still owns open cases: hand them over first.', NEW.name));
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER staff_leaves_no_case_behind AFTER UPDATE OF is_active ON records_staff
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.is_active AND NOT NEW.is_active)
    EXECUTE FUNCTION staff_leaves_no_case_behind();

CREATE FUNCTION handover_is_answered_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.accepted_at IS NOT NULL OR OLD.declined_at IS NOT NULL
       OR (NEW.case_id, NEW.from_staff_id, NEW.to_staff_id, NEW.asked_at)
          IS DISTINCT FROM (OLD.case_id, OLD.from_staff_id, OLD.to_staff_id, OLD.asked_at) THEN
        PERFORM refuse('handover_is_answered_once', 'A hand-over is answered once and otherwise stays as it was asked.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER handover_is_answered_once BEFORE UPDATE ON records_handover
    FOR EACH ROW EXECUTE FUNCTION handover_is_answered_once();

-- Wake the clock when something falls due soon: the payload is the moment, in microseconds since
-- 1970. Only for what falls due within a minute, since commits that notify wait for one another;
-- the clock looks by itself more often than that. This is the one place that reads the database's
-- clock, and nothing but a hint depends on it.

CREATE FUNCTION tell_the_clock() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('makegood_due', (extract(epoch FROM least(NEW.judge_at, NEW.escalate_at)) * 1000000)::bigint::text);
    RETURN NULL;
END $$;
CREATE TRIGGER promise_made_tells_the_clock AFTER INSERT ON records_promise
    FOR EACH ROW WHEN (NEW.outcome IS NULL
        AND least(NEW.judge_at, NEW.escalate_at) < clock_timestamp() + interval '1 minute')
    EXECUTE FUNCTION tell_the_clock();
CREATE TRIGGER promise_moved_tells_the_clock AFTER UPDATE OF judge_at, escalate_at ON records_promise
    FOR EACH ROW WHEN (NEW.outcome IS NULL
        AND (NEW.judge_at, NEW.escalate_at) IS DISTINCT FROM (OLD.judge_at, OLD.escalate_at)
        AND least(NEW.judge_at, NEW.escalate_at) < clock_timestamp() + interval '1 minute')
    EXECUTE FUNCTION tell_the_clock();
