-- What a scheme owes, given to everybody whom an incident hit: each by their own facts, and nobody
-- more than was decided. Whoever decides answers for that times everybody, as for goodwill.

CREATE OR REPLACE FUNCTION given_by(the_staff bigint, the_currency text, the_activity text, since timestamptz)
RETURNS numeric LANGUAGE sql STABLE AS $$
    SELECT coalesce(sum(r.amount_minor), 0)
         + (SELECT coalesce(sum(d.amount_minor * d.at_most), 0) FROM records_incidentremedy d
             WHERE d.decided_by_id = the_staff AND d.currency = the_currency
               AND the_activity = CASE d.scheme WHEN '' THEN 'goodwill' ELSE 'scheme' END
               AND d.decided_at > since)
    FROM records_remedy r LEFT JOIN records_approvalrequest q ON q.id = r.approval_id
    WHERE CASE WHEN r.approval_id IS NULL THEN r.granted_by_id ELSE q.decided_by_id END = the_staff
      AND r.of_incident_id IS NULL
      AND r.currency = the_currency AND activity_of(r.kind, r.source) = the_activity
      AND r.granted_at > since AND r.late_for_id IS NULL AND r.outcome IS DISTINCT FROM 'released'
$$;

CREATE OR REPLACE FUNCTION incident_remedy_is_authorised() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held records_authority;
    the_activity text := CASE NEW.scheme WHEN '' THEN 'goodwill' ELSE 'scheme' END;
BEGIN
    IF current_setting('transaction_isolation') = 'repeatable read' THEN
        PERFORM refuse('incident_remedy_within_authority', 'Decide under READ COMMITTED or SERIALIZABLE: a repeatable read cannot see what others grant.');
    END IF;
    PERFORM 1 FROM records_staff s WHERE s.id = NEW.decided_by_id FOR NO KEY UPDATE;
    held := authority_of(NEW.decided_by_id, NEW.currency, the_activity, NEW.decided_at);
    IF held.id IS NULL OR NEW.granted <> 0
       OR (NEW.to_one_minor, NEW.period_days) IS DISTINCT FROM (held.per_case_minor::bigint, held.period_days::int)
       OR NEW.amount_minor > held.per_case_minor
       OR given_by(NEW.decided_by_id, NEW.currency, the_activity, NEW.decided_at - make_interval(days => held.period_days)) + NEW.amount_minor * NEW.at_most > held.per_period_minor THEN
        PERFORM refuse('incident_remedy_within_authority', 'This is more than this person may give: to each customer, or to all of them together, within the period.');
    END IF;
    IF NOT EXISTS (SELECT 1 FROM records_incidenttruth t WHERE t.id = NEW.truth_id AND t.incident_id = NEW.incident_id AND t.reached = 0) THEN
        PERFORM refuse('incident_remedy_is_told_with_a_truth', 'What everybody is given is told with a truth of its incident, before anybody has heard that.');
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION remedy_is_authorised() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    the_customer bigint;
    the_activity text := activity_of(NEW.kind, NEW.source);
    request records_approvalrequest;
    giver bigint := NEW.granted_by_id;
    held records_authority;
    small_sums numeric;
    decided records_incidentremedy;
BEGIN
    IF current_setting('transaction_isolation') = 'repeatable read' THEN
        PERFORM refuse('remedy_within_authority', 'Grant under READ COMMITTED or SERIALIZABLE: a repeatable read cannot see what others grant.');
    END IF;
    SELECT c.customer_id INTO the_customer FROM records_case c WHERE c.id = NEW.case_id;
    PERFORM 1 FROM records_customer c WHERE c.id = the_customer FOR NO KEY UPDATE;
    IF NEW.outcome IS NOT NULL THEN
        PERFORM refuse('remedy_begins_open', 'A remedy is granted first, and arrives later.');
    END IF;
    IF NOT EXISTS (SELECT 1 FROM records_promise p WHERE p.id = NEW.promise_id AND p.case_id = NEW.case_id
                   AND p.kind = 'redress' AND p.outcome IS NULL) THEN
        PERFORM refuse('remedy_is_promised', 'A remedy has an open promise of redress on its own case.');
    END IF;
    IF NEW.late_for_id IS NOT NULL THEN
        IF NOT EXISTS (SELECT 1 FROM records_remedy r WHERE r.id = NEW.late_for_id AND r.case_id = NEW.case_id
                       AND r.scheme = NEW.scheme AND r.currency = NEW.currency AND r.late_for_id IS NULL
                       AND r.late_minor = NEW.amount_minor AND r.pay_by < NEW.granted_at
                       AND (r.settled_at IS NULL OR r.settled_at > r.pay_by)) THEN
            PERFORM refuse('remedy_second_only_when_late', 'A second payment is what the scheme owes because the first one came late.');
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.fee_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM records_fee f WHERE f.id = NEW.fee_id AND f.customer_id = the_customer
        AND f.currency = NEW.currency AND f.amount_minor >= NEW.amount_minor) THEN
        PERFORM refuse('remedy_waives_no_more_than_the_fee', 'A waiver takes off no more than the fee that this customer was charged.');
    END IF;
    IF is_ones_own(NEW.granted_by_id, the_customer) THEN
        PERFORM refuse('remedy_not_for_ones_own', 'Nobody grants a remedy to themselves or their own.');
    END IF;
    IF NEW.of_incident_id IS NOT NULL THEN
        SELECT d.* INTO decided FROM records_incidentremedy d WHERE d.id = NEW.of_incident_id;
        IF NEW.approval_id IS NOT NULL
           OR (NEW.kind, NEW.scheme, NEW.currency, NEW.thing, NEW.granted_by_id)
              IS DISTINCT FROM
              (decided.kind, decided.scheme, decided.currency, decided.thing, decided.decided_by_id)
           OR NEW.amount_minor > decided.amount_minor
           OR (decided.scheme = '' AND NEW.amount_minor <> decided.amount_minor)
           OR NOT EXISTS (SELECT 1 FROM records_case c WHERE c.id = NEW.case_id AND c.incident_id = decided.incident_id) THEN
            PERFORM refuse('remedy_as_published', 'What everybody is given is given as it was decided, to those whom the incident hit.');
        END IF;
        IF given_to(the_customer, NEW.currency, the_activity, NEW.granted_at - make_interval(days => decided.period_days)) + NEW.amount_minor > decided.to_one_minor THEN
            PERFORM refuse('remedy_within_authority', 'This is more than this person may give: to this customer, or in all, within the period.');
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.approval_id IS NOT NULL THEN
        SELECT q.* INTO request FROM records_approvalrequest q WHERE q.id = NEW.approval_id;
        IF request.approved IS NOT TRUE
           OR (request.case_id, request.kind, request.source, request.scheme, request.amount_minor, request.currency, request.thing, request.fee_id, request.requested_by_id)
              IS DISTINCT FROM
              (NEW.case_id, NEW.kind, NEW.source, NEW.scheme, NEW.amount_minor, NEW.currency, NEW.thing, NEW.fee_id, NEW.granted_by_id) THEN
            PERFORM refuse('remedy_as_approved', 'A remedy is granted as it was approved, by who asked for it.');
        END IF;
        IF request.by_default THEN
            SELECT coalesce(sum(r.amount_minor), 0) INTO small_sums
            FROM records_remedy r JOIN records_case c ON c.id = r.case_id
            JOIN records_approvalrequest q ON q.id = r.approval_id AND q.by_default
            WHERE c.customer_id = the_customer AND r.currency = NEW.currency
              AND r.granted_at > NEW.granted_at - interval '30 days';
            IF small_sums + NEW.amount_minor > request.small_minor THEN
                PERFORM refuse('approval_by_silence_is_not_split', 'Silence approves one small sum for a customer, not many small ones.');
            END IF;
            RETURN NEW;
        END IF;
        giver := request.decided_by_id;
    END IF;
    PERFORM 1 FROM records_staff s WHERE s.id = giver FOR NO KEY UPDATE;
    held := authority_of(giver, NEW.currency, the_activity, NEW.granted_at);
    IF held.id IS NULL
       OR given_to(the_customer, NEW.currency, the_activity, NEW.granted_at - make_interval(days => held.period_days)) + NEW.amount_minor > held.per_case_minor
       OR given_by(giver, NEW.currency, the_activity, NEW.granted_at - make_interval(days => held.period_days)) + NEW.amount_minor > held.per_period_minor THEN
        PERFORM refuse('remedy_within_authority', 'This is more than this person may give: to this customer, or in all, within the period.');
    END IF;
    RETURN NEW;
END $$;

-- An incident that was none, or is part of another, is over once as any.

CREATE OR REPLACE FUNCTION incident_stays_as_declared() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (to_jsonb(NEW) - '{owner_id,team_id,reached,missed,spread_at,over_at,over_by_id,evidence,was_false,merged_into_id}'::text[])
       IS DISTINCT FROM
       (to_jsonb(OLD) - '{owner_id,team_id,reached,missed,spread_at,over_at,over_by_id,evidence,was_false,merged_into_id}'::text[])
       OR NEW.reached < OLD.reached
       OR (OLD.spread_at IS NOT NULL AND NEW.spread_at IS DISTINCT FROM OLD.spread_at) THEN
        PERFORM refuse('incident_stays_as_declared', 'An incident stays as it was declared; say what is new as its next truth.');
    END IF;
    IF OLD.over_at IS NOT NULL
       AND (NEW.over_at, NEW.over_by_id, NEW.evidence, NEW.was_false, NEW.merged_into_id)
           IS DISTINCT FROM (OLD.over_at, OLD.over_by_id, OLD.evidence, OLD.was_false, OLD.merged_into_id) THEN
        PERFORM refuse('incident_is_over_once', 'An incident is over once; if it failed again, declare another.');
    END IF;
    RETURN NEW;
END $$;
