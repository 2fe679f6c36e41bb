-- Honour: what a customer was promised is not taken back before the ladder was walked for it, and
-- what the company knew and doubted stays as it was written.

CREATE TRIGGER claim_stays BEFORE DELETE OR TRUNCATE ON records_claim
    FOR EACH STATEMENT EXECUTE FUNCTION only_grows('claim_stays');
CREATE TRIGGER claim_step_stays BEFORE DELETE OR TRUNCATE ON records_claimstep
    FOR EACH STATEMENT EXECUTE FUNCTION only_grows('claim_step_stays');
CREATE TRIGGER article_stays BEFORE DELETE OR TRUNCATE ON records_article
    FOR EACH STATEMENT EXECUTE FUNCTION only_grows('article_stays');
CREATE TRIGGER doubt_stays BEFORE DELETE OR TRUNCATE ON records_doubt
    FOR EACH STATEMENT EXECUTE FUNCTION only_grows('doubt_stays');

-- Claims.

CREATE FUNCTION claim_stays_as_it_was_said() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (to_jsonb(NEW) - '{article_id,outcome,settled_at,let_go_by_id,found,promise_id}'::text[])
       IS DISTINCT FROM (to_jsonb(OLD) - '{article_id,outcome,settled_at,let_go_by_id,found,promise_id}'::text[])
       OR (OLD.promise_id IS NOT NULL AND NEW.promise_id IS DISTINCT FROM OLD.promise_id)
       OR (OLD.settled_at IS NOT NULL
           AND (NEW.settled_at, NEW.outcome, NEW.let_go_by_id) IS DISTINCT FROM (OLD.settled_at, OLD.outcome, OLD.let_go_by_id)) THEN
        PERFORM refuse('claim_stays_as_it_was_said', format('Claim %s stays as the customer said it, and is settled once.', OLD.id));
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER claim_stays_as_it_was_said BEFORE UPDATE ON records_claim
    FOR EACH ROW EXECUTE FUNCTION claim_stays_as_it_was_said();

CREATE FUNCTION claim_is_of_its_own_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.contact_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM records_contact k WHERE k.id = NEW.contact_id AND k.case_id = NEW.case_id)
       OR NEW.promise_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM records_promise p WHERE p.id = NEW.promise_id AND p.case_id = NEW.case_id)
       OR NEW.attachment_id IS NOT NULL AND NOT EXISTS (
           SELECT 1 FROM records_attachment a JOIN records_mail m ON m.id = a.mail_id WHERE a.id = NEW.attachment_id AND m.case_id = NEW.case_id)
       OR NEW.let_go_by_id IS NOT NULL AND NOT EXISTS (
           SELECT 1 FROM records_contact k WHERE k.id = NEW.let_go_by_id AND k.case_id = NEW.case_id
             AND k.direction = 'inbound' AND k.happened_at >= NEW.heard_at) THEN
        PERFORM refuse('claim_is_of_its_own_case', 'A claim is what the customer of this case was promised, and only they let go of it.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER claim_is_of_its_own_case BEFORE INSERT OR UPDATE ON records_claim
    FOR EACH ROW EXECUTE FUNCTION claim_is_of_its_own_case();

CREATE FUNCTION claim_is_settled_by_its_ladder() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.outcome IN ('honoured', 'substituted', 'value') AND NOT EXISTS (
        SELECT 1 FROM records_claimstep s WHERE s.claim_id = NEW.id AND s.taken
          AND s.rung = CASE NEW.outcome WHEN 'honoured' THEN 'do' WHEN 'substituted' THEN 'offer' ELSE 'value' END) THEN
        PERFORM refuse('claim_is_settled_by_its_ladder', format('Claim %s is settled by what the customer got, and by nothing else.', NEW.id));
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER claim_is_settled_by_its_ladder BEFORE INSERT OR UPDATE OF outcome ON records_claim
    FOR EACH ROW WHEN (NEW.outcome <> '') EXECUTE FUNCTION claim_is_settled_by_its_ladder();

-- Its steps: do it; else ask, with an offer; else give something of value. In this order.

CREATE FUNCTION claim_step_comes_in_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM records_claim c WHERE c.id = NEW.claim_id AND c.settled_at IS NOT NULL)
       OR (NEW.rung = 'offer' AND NOT EXISTS (SELECT 1 FROM records_claimstep s WHERE s.claim_id = NEW.claim_id AND s.rung = 'do' AND NOT s.taken))
       OR (NEW.rung = 'value' AND NOT EXISTS (SELECT 1 FROM records_claimstep s WHERE s.claim_id = NEW.claim_id AND s.rung = 'offer' AND NOT s.taken)) THEN
        PERFORM refuse('claim_step_comes_in_order', 'First what was promised, then an offer that would make it right, then something of value.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER claim_step_comes_in_order BEFORE INSERT ON records_claimstep
    FOR EACH ROW EXECUTE FUNCTION claim_step_comes_in_order();

CREATE FUNCTION claim_step_is_answered_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.taken IS NOT NULL
       OR (to_jsonb(NEW) - '{taken,answer_id,promise_id,remedy_id,cost_minor,currency}'::text[])
          IS DISTINCT FROM (to_jsonb(OLD) - '{taken,answer_id,promise_id,remedy_id,cost_minor,currency}'::text[]) THEN
        PERFORM refuse('claim_step_is_answered_once', 'What was decided stays as it was decided; an offer is answered once.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER claim_step_is_answered_once BEFORE UPDATE ON records_claimstep
    FOR EACH ROW EXECUTE FUNCTION claim_step_is_answered_once();

CREATE FUNCTION claim_step_is_of_its_own_case() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    the_case bigint;
BEGIN
    SELECT c.case_id INTO the_case FROM records_claim c WHERE c.id = NEW.claim_id;
    IF NEW.promise_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM records_promise p WHERE p.id = NEW.promise_id AND p.case_id = the_case)
       OR NEW.remedy_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM records_remedy r WHERE r.id = NEW.remedy_id AND r.case_id = the_case)
       OR NEW.letter_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM records_letter l WHERE l.id = NEW.letter_id AND l.case_id = the_case)
       OR NEW.told_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM records_contact k WHERE k.id = NEW.told_id AND k.case_id = the_case AND k.direction = 'outbound')
       OR NEW.answer_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM records_contact k WHERE k.id = NEW.answer_id AND k.case_id = the_case AND k.direction = 'inbound' AND k.happened_at >= NEW.decided_at) THEN
        PERFORM refuse('claim_step_is_of_its_own_case', 'What is done for a claim is done, told and answered in its own case.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER claim_step_is_of_its_own_case BEFORE INSERT OR UPDATE ON records_claimstep
    FOR EACH ROW EXECUTE FUNCTION claim_step_is_of_its_own_case();

-- What takes a promise back: ending it by somebody's record, or closing the case.

CREATE FUNCTION promise_is_not_taken_back_before_the_ladder() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM records_claim c WHERE c.promise_id = NEW.id AND c.settled_at IS NULL) THEN
        PERFORM refuse('promise_is_not_taken_back_before_the_ladder', format('Promise %s is claimed: decide first how it is honoured.', NEW.id));
    END IF;
    RETURN NEW;
END $$;
-- What customers choose on their own page (nobody recorded it) is theirs to choose.
CREATE TRIGGER promise_is_not_taken_back_before_the_ladder BEFORE UPDATE OF outcome ON records_promise
    FOR EACH ROW WHEN (NEW.outcome IN ('released', 'replaced') AND NEW.settled_by_id IS NOT NULL)
    EXECUTE FUNCTION promise_is_not_taken_back_before_the_ladder();

CREATE FUNCTION closed_case_has_no_open_claim() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    the_case bigint;
    closed timestamptz;
BEGIN
    IF TG_TABLE_NAME = 'records_case' THEN the_case := NEW.id; ELSE the_case := NEW.case_id; END IF;
    SELECT c.closed_at INTO closed FROM records_case c WHERE c.id = the_case FOR NO KEY UPDATE;
    IF closed IS NOT NULL AND EXISTS (SELECT 1 FROM records_claim c WHERE c.case_id = the_case AND c.settled_at IS NULL) THEN
        PERFORM refuse('closed_case_has_no_open_claim', format('Case %s cannot be closed before what its customer was promised is honoured.', the_case));
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER closed_case_has_no_open_claim
    AFTER INSERT OR UPDATE OF closed_at ON records_case
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.closed_at IS NOT NULL)
    EXECUTE FUNCTION closed_case_has_no_open_claim();
CREATE CONSTRAINT TRIGGER claim_on_an_open_case
    AFTER INSERT ON records_claim
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION closed_case_has_no_open_claim();

-- Knowledge.

CREATE FUNCTION article_stays_as_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (to_jsonb(NEW) - '{owner_id,review_on,replaced_at,withdrawn_at,withdrawn_by_id}'::text[])
       IS DISTINCT FROM (to_jsonb(OLD) - '{owner_id,review_on,replaced_at,withdrawn_at,withdrawn_by_id}'::text[])
       OR (OLD.replaced_at IS NOT NULL AND NEW.replaced_at IS DISTINCT FROM OLD.replaced_at)
       OR (OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS DISTINCT FROM OLD.withdrawn_at) THEN
        PERFORM refuse('article_stays_as_written', format('Version %s of an article stays as it was written; write the next one.', OLD.number));
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER article_stays_as_written BEFORE UPDATE ON records_article
    FOR EACH ROW EXECUTE FUNCTION article_stays_as_written();

CREATE FUNCTION doubt_is_answered_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (to_jsonb(NEW) - '{role,asked_id,act_at,verdict,answered_at,answered_by_id,why,gap_owner_id,gap_closed_at,gap_closed_by_id,lesson}'::text[])
       IS DISTINCT FROM
       (to_jsonb(OLD) - '{role,asked_id,act_at,verdict,answered_at,answered_by_id,why,gap_owner_id,gap_closed_at,gap_closed_by_id,lesson}'::text[])
       OR (OLD.answered_at IS NOT NULL
           AND (NEW.verdict, NEW.answered_at, NEW.answered_by_id, NEW.why) IS DISTINCT FROM (OLD.verdict, OLD.answered_at, OLD.answered_by_id, OLD.why))
       OR (OLD.gap_closed_at IS NOT NULL AND NEW.gap_closed_at IS DISTINCT FROM OLD.gap_closed_at) THEN
        PERFORM refuse('doubt_is_answered_once', format('Doubt %s stays as it was raised, and is answered once.', OLD.id));
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER doubt_is_answered_once BEFORE UPDATE ON records_doubt
    FOR EACH ROW EXECUTE FUNCTION doubt_is_answered_once();
