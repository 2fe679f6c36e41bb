-- Gestures: after correction, apology and a date, never instead of what is owed, within a budget.

CREATE TRIGGER gesture_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON records_gesture
    FOR EACH STATEMENT EXECUTE FUNCTION only_grows('gesture_only_grows');
CREATE TRIGGER gesture_item_stays BEFORE DELETE OR TRUNCATE ON records_gestureitem
    FOR EACH STATEMENT EXECUTE FUNCTION only_grows('gesture_item_stays');
CREATE TRIGGER gesture_budget_stays BEFORE DELETE OR TRUNCATE ON records_gesturebudget
    FOR EACH STATEMENT EXECUTE FUNCTION only_grows('gesture_budget_stays');

CREATE FUNCTION gesture_budget_keeps_its_terms() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.ended_at IS NOT NULL OR to_jsonb(NEW) - 'ended_at' IS DISTINCT FROM to_jsonb(OLD) - 'ended_at' THEN
        PERFORM refuse('gesture_budget_keeps_its_terms', 'A budget keeps its terms: end it, and begin another.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER gesture_budget_keeps_its_terms BEFORE UPDATE ON records_gesturebudget
    FOR EACH ROW EXECUTE FUNCTION gesture_budget_keeps_its_terms();

-- What a gesture on a case waits for at a moment; nothing if it may be given.
CREATE FUNCTION gesture_lacks(the_case bigint, the_moment timestamptz) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN EXISTS (SELECT 1 FROM records_gesture g WHERE g.case_id = k.id) THEN 'given'
        WHEN k.is_canary OR k.closed_by_parting_id IS NOT NULL THEN 'parted'
        WHEN EXISTS (SELECT 1 FROM records_promise p WHERE p.case_id = k.id AND p.outcome IS NULL
                     AND p.kind IN ('visit', 'delivery', 'repair'))
          OR k.closed_at IS NULL AND NOT EXISTS (
                     SELECT 1 FROM records_promise p WHERE p.case_id = k.id AND p.outcome = 'kept'
                     AND p.kind IN ('visit', 'delivery', 'repair')
                     AND NOT EXISTS (SELECT 1 FROM records_correction c WHERE c.promise_id = p.id)) THEN 'correction'
        WHEN NOT EXISTS (SELECT 1 FROM records_message m WHERE m.case_id = k.id AND m.kind = 'apology' AND m.said_at IS NOT NULL)
          OR EXISTS (SELECT 1 FROM records_message m WHERE m.case_id = k.id AND m.kind = 'apology' AND m.said_at IS NULL) THEN 'apology'
        WHEN EXISTS (SELECT 1 FROM records_promise p WHERE p.case_id = k.id AND p.outcome IS NULL AND p.due_at < the_moment) THEN 'date'
        WHEN EXISTS (SELECT 1 FROM records_entitlement e WHERE e.case_id = k.id AND e.raised_at IS NOT NULL)
          OR EXISTS (SELECT 1 FROM records_approvalrequest q WHERE q.case_id = k.id AND q.decided_at IS NULL)
          OR EXISTS (SELECT 1 FROM records_fee f WHERE f.customer_id = k.customer_id AND f.charged_at >= k.failed_at
                     AND k.closed_at IS NULL AND NOT EXISTS (
                         SELECT 1 FROM records_remedy r WHERE r.fee_id = f.id AND r.outcome IS DISTINCT FROM 'released')) THEN 'owed'
        ELSE '' END
    FROM records_case k WHERE k.id = the_case
$$;

-- What a team has spent on gestures within some days before a moment, and after it.
CREATE FUNCTION gestures_spent(the_team bigint, the_currency text, since timestamptz) RETURNS numeric LANGUAGE sql STABLE AS $$
    SELECT coalesce(sum(g.cost_minor), 0) FROM records_gesture g
    WHERE g.team_id = the_team AND g.currency = the_currency AND g.given_at > since
$$;

CREATE FUNCTION gesture_is_due() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    the_case records_case;
    held records_gesturebudget;
    lack text;
BEGIN
    IF current_setting('transaction_isolation') = 'repeatable read' THEN
        PERFORM refuse('gesture_within_budget', 'Give under READ COMMITTED or SERIALIZABLE: a repeatable read cannot see what others give.');
    END IF;
    SELECT k.* INTO the_case FROM records_case k WHERE k.id = NEW.case_id FOR NO KEY UPDATE;
    lack := gesture_lacks(NEW.case_id, NEW.given_at);
    IF lack = 'owed' THEN
        PERFORM refuse('gesture_never_instead_of_a_remedy', 'Something is still owed on this case: a gesture never stands in for it.');
    ELSIF lack NOT IN ('', 'given') THEN
        PERFORM refuse('gesture_after_correction_apology_and_date', format('A gesture comes after the correction, the apology and a date that stands; this case lacks: %s.', lack));
    END IF;
    IF is_ones_own(NEW.given_by_id, the_case.customer_id) THEN
        PERFORM refuse('gesture_not_for_ones_own', 'Nobody gives a gesture to themselves or their own.');
    END IF;
    IF NEW.team_id <> the_case.team_id OR NOT EXISTS (
        SELECT 1 FROM records_gestureitem i WHERE i.id = NEW.item_id AND i.retired_at IS NULL
        AND (i.name, i.cost_minor, i.currency) = (NEW.what, NEW.cost_minor, NEW.currency)) THEN
        PERFORM refuse('gesture_is_of_the_catalogue', 'A gesture is something of the catalogue, at its cost, of the team of its case.');
    END IF;
    -- Whoever gives for this team waits here, so that two never come past the budget together.
    PERFORM 1 FROM records_team t WHERE t.id = NEW.team_id FOR NO KEY UPDATE;
    SELECT b.* INTO held FROM records_gesturebudget b
    WHERE b.team_id = NEW.team_id AND b.currency = NEW.currency AND b.since <= NEW.given_at
      AND (b.ended_at IS NULL OR b.ended_at > NEW.given_at)
    ORDER BY b.since DESC LIMIT 1;
    IF held.id IS NULL OR gestures_spent(NEW.team_id, NEW.currency, NEW.given_at - make_interval(days => held.period_days)) + NEW.cost_minor > held.per_period_minor THEN
        PERFORM refuse('gesture_within_budget', 'This is more than the team may spend on gestures within the period.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER gesture_after_correction_apology_and_date BEFORE INSERT ON records_gesture
    FOR EACH ROW EXECUTE FUNCTION gesture_is_due();
