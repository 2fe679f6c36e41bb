-- Laws 6 and 7 and the ledger, kept by the database as in 0002_laws.sql: also from psql.
-- Who may give what is judged where a remedy is written, with the customer and the giver locked,
-- so that neither two sessions nor two people together come past a limit.

-- ---- What was agreed stays, what happened is not undone -----------------------------------------

CREATE TRIGGER remedy_stays BEFORE DELETE OR TRUNCATE ON records_remedy
    FOR EACH STATEMENT EXECUTE FUNCTION only_grows('remedy_stays');
CREATE TRIGGER approval_stays BEFORE DELETE OR TRUNCATE ON records_approvalrequest
    FOR EACH STATEMENT EXECUTE FUNCTION only_grows('approval_stays');
CREATE TRIGGER payment_stays BEFORE DELETE OR TRUNCATE ON records_payment
    FOR EACH STATEMENT EXECUTE FUNCTION only_grows('payment_stays');
CREATE TRIGGER authority_stays BEFORE DELETE OR TRUNCATE ON records_authority
    FOR EACH STATEMENT EXECUTE FUNCTION only_grows('authority_stays');
CREATE TRIGGER fee_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON records_fee
    FOR EACH STATEMENT EXECUTE FUNCTION only_grows('fee_stays');
CREATE TRIGGER withholding_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON records_withholding
    FOR EACH STATEMENT EXECUTE FUNCTION only_grows('withholding_only_grows');
CREATE TRIGGER ledger_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON records_ledgertransaction
    FOR EACH STATEMENT EXECUTE FUNCTION only_grows('ledger_only_grows');
CREATE TRIGGER ledger_entries_only_grow BEFORE UPDATE OR DELETE OR TRUNCATE ON records_ledgerentry
    FOR EACH STATEMENT EXECUTE FUNCTION only_grows('ledger_entries_only_grow');

CREATE FUNCTION authority_keeps_its_terms() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.ended_at IS NOT NULL
       OR (NEW.staff_id, NEW.role, NEW.currency, NEW.activity, NEW.since)
          IS DISTINCT FROM (OLD.staff_id, OLD.role, OLD.currency, OLD.activity, OLD.since)
       OR (NEW.per_case_minor, NEW.per_period_minor, NEW.period_days, NEW.small_minor)
          IS DISTINCT FROM (OLD.per_case_minor, OLD.per_period_minor, OLD.period_days, OLD.small_minor) THEN
        PERFORM refuse('authority_keeps_its_terms', 'An authority keeps its terms: end it, and begin another.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER authority_keeps_its_terms BEFORE UPDATE ON records_authority
    FOR EACH ROW EXECUTE FUNCTION authority_keeps_its_terms();

-- ---- Who may give what ---------------------------------------------------------------------------

-- The authority of a person at a moment: their own, else that of their role.
CREATE FUNCTION authority_of(the_staff bigint, the_currency text, the_activity text, the_moment timestamptz)
RETURNS records_authority LANGUAGE sql STABLE AS $$
    SELECT a.* FROM records_authority a JOIN records_staff s ON s.id = the_staff AND s.is_active
    WHERE (a.staff_id = s.id OR (a.staff_id IS NULL AND a.role = s.role))
      AND a.currency = the_currency AND a.activity = the_activity
      AND a.since <= the_moment AND (a.ended_at IS NULL OR a.ended_at > the_moment)
    ORDER BY a.staff_id NULLS LAST, a.since DESC LIMIT 1
$$;

CREATE FUNCTION activity_of(kind text, source text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN kind = 'waiver' THEN 'waiver' WHEN source = 'goodwill' THEN 'goodwill' ELSE 'scheme' END
$$;

CREATE FUNCTION is_ones_own(the_staff bigint, the_customer bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT 1 FROM records_conflict f WHERE f.staff_id = the_staff AND f.customer_id = the_customer)
        OR EXISTS (SELECT 1 FROM records_staff s JOIN records_customer c ON c.id = the_customer
                   WHERE s.id = the_staff
                     AND (lower(s.email) = lower(c.email)
                          OR (s.phone <> '' AND regexp_replace(s.phone, '\D', '', 'g') = regexp_replace(c.phone, '\D', '', 'g'))))
$$;

-- What a customer was given within some days before a moment, on whichever case and by whomever.
CREATE FUNCTION given_to(the_customer bigint, the_currency text, the_activity text, since timestamptz)
RETURNS numeric LANGUAGE sql STABLE AS $$
    SELECT coalesce(sum(r.amount_minor), 0) FROM records_remedy r JOIN records_case c ON c.id = r.case_id
    WHERE c.customer_id = the_customer AND r.currency = the_currency
      AND activity_of(r.kind, r.source) = the_activity
      AND r.granted_at > since AND r.late_for_id IS NULL AND r.outcome IS DISTINCT FROM 'released'
$$;

-- What a person gave alone or approved within some days before a moment.
CREATE FUNCTION given_by(the_staff bigint, the_currency text, the_activity text, since timestamptz)
RETURNS numeric LANGUAGE sql STABLE AS $$
    SELECT coalesce(sum(r.amount_minor), 0)
    FROM records_remedy r LEFT JOIN records_approvalrequest q ON q.id = r.approval_id
    WHERE CASE WHEN r.approval_id IS NULL THEN r.granted_by_id ELSE q.decided_by_id END = the_staff
      AND r.currency = the_currency AND activity_of(r.kind, r.source) = the_activity
      AND r.granted_at > since AND r.late_for_id IS NULL AND r.outcome IS DISTINCT FROM 'released'
$$;

CREATE FUNCTION remedy_is_authorised() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    the_customer bigint;
    the_activity text := activity_of(NEW.kind, NEW.source);
    request records_approvalrequest;
    giver bigint := NEW.granted_by_id;
    held records_authority;
    small_sums numeric;
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
CREATE TRIGGER remedy_is_authorised BEFORE INSERT ON records_remedy
    FOR EACH ROW EXECUTE FUNCTION remedy_is_authorised();

-- ---- Four eyes -----------------------------------------------------------------------------------

CREATE FUNCTION approval_begins_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.decided_at IS NOT NULL THEN
        PERFORM refuse('approval_begins_open', 'A request is asked first, and decided later.');
    END IF;
    IF EXISTS (SELECT 1 FROM records_case c WHERE c.id = NEW.case_id AND c.closed_at IS NOT NULL FOR NO KEY UPDATE) THEN
        PERFORM refuse('approval_on_an_open_case', 'A request is made on an open case.');
    END IF;
    IF NEW.small_minor > coalesce((authority_of(NEW.requested_by_id, NEW.currency, activity_of(NEW.kind, NEW.source), NEW.asked_at)).small_minor, 0) THEN
        PERFORM refuse('approval_small_as_authorised', 'What counts as a small sum is set by the authority of who asks.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER approval_begins_open BEFORE INSERT ON records_approvalrequest
    FOR EACH ROW EXECUTE FUNCTION approval_begins_open();

CREATE FUNCTION approval_keeps_its_terms() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.decided_at IS NOT NULL THEN
        PERFORM refuse('approval_decided_once', 'A request is decided once.');
    END IF;
    IF (NEW.case_id, NEW.kind, NEW.source, NEW.scheme, NEW.version, NEW.amount_minor, NEW.currency, NEW.thing, NEW.late_minor, NEW.fee_id, NEW.key)
       IS DISTINCT FROM
       (OLD.case_id, OLD.kind, OLD.source, OLD.scheme, OLD.version, OLD.amount_minor, OLD.currency, OLD.thing, OLD.late_minor, OLD.fee_id, OLD.key)
       OR (NEW.requested_by_id, NEW.asked_at, NEW.small_minor) IS DISTINCT FROM (OLD.requested_by_id, OLD.asked_at, OLD.small_minor) THEN
        PERFORM refuse('approval_keeps_its_terms', 'A request stays as it was asked; ask anew for other terms.');
    END IF;
    IF NEW.decided_by_id IS NOT NULL AND EXISTS (
        SELECT 1 FROM records_case c WHERE c.id = NEW.case_id AND is_ones_own(NEW.decided_by_id, c.customer_id)) THEN
        PERFORM refuse('approval_not_for_ones_own', 'Nobody approves a remedy for themselves or their own.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER approval_keeps_its_terms BEFORE UPDATE ON records_approvalrequest
    FOR EACH ROW EXECUTE FUNCTION approval_keeps_its_terms();

CREATE FUNCTION case_closes_with_nothing_asked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM records_approvalrequest q WHERE q.case_id = NEW.id AND q.decided_at IS NULL) THEN
        PERFORM refuse('case_closes_with_nothing_asked', format('Case %s has a request that nobody has decided: decide it before closing.', NEW.id));
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER case_closes_with_nothing_asked BEFORE UPDATE OF closed_at ON records_case
    FOR EACH ROW WHEN (OLD.closed_at IS NULL AND NEW.closed_at IS NOT NULL)
    EXECUTE FUNCTION case_closes_with_nothing_asked();

-- ---- Law 7: granted means paid -------------------------------------------------------------------

CREATE FUNCTION remedy_keeps_its_terms() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.outcome IS NOT NULL THEN
        PERFORM refuse('remedy_settled_once', format('Remedy %s was settled already: it arrives, or is released, once.', OLD.id));
    END IF;
    IF (NEW.case_id, NEW.kind, NEW.source, NEW.scheme, NEW.version, NEW.amount_minor, NEW.currency, NEW.thing, NEW.late_minor, NEW.pay_by, NEW.fee_id, NEW.key)
       IS DISTINCT FROM
       (OLD.case_id, OLD.kind, OLD.source, OLD.scheme, OLD.version, OLD.amount_minor, OLD.currency, OLD.thing, OLD.late_minor, OLD.pay_by, OLD.fee_id, OLD.key)
       OR (NEW.team_id, NEW.granted_at, NEW.granted_by_id, NEW.approval_id, NEW.late_for_id)
          IS DISTINCT FROM (OLD.team_id, OLD.granted_at, OLD.granted_by_id, OLD.approval_id, OLD.late_for_id) THEN
        PERFORM refuse('remedy_keeps_its_terms', format('Remedy %s: what was granted never changes.', OLD.id));
    END IF;
    IF NEW.promise_id <> OLD.promise_id AND NOT EXISTS (
        SELECT 1 FROM records_promise p JOIN records_promise o ON o.id = OLD.promise_id
        WHERE p.id = NEW.promise_id AND p.case_id = NEW.case_id AND p.kind = 'redress'
          AND p.outcome IS NULL AND o.outcome IS NOT NULL) THEN
        PERFORM refuse('remedy_is_promised', 'Only when its promise has ended does a remedy get another, on its own case.');
    END IF;
    IF NEW.outcome = 'arrived' AND NOT EXISTS (
        SELECT 1 FROM records_payment m WHERE m.remedy_id = NEW.id AND m.state = 'arrived') THEN
        PERFORM refuse('remedy_arrives_by_payment', format('Remedy %s arrives when its payment has arrived.', NEW.id));
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER remedy_keeps_its_terms BEFORE UPDATE ON records_remedy
    FOR EACH ROW EXECUTE FUNCTION remedy_keeps_its_terms();

-- Judged at commit: an open remedy has an open promise, and its promise is not kept without it.

CREATE FUNCTION granted_means_paid() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    found record;
BEGIN
    FOR found IN
        SELECT r.id, r.outcome AS remedy, p.outcome AS promise FROM records_remedy r
        JOIN records_promise p ON p.id = r.promise_id
        WHERE CASE WHEN TG_TABLE_NAME = 'records_remedy' THEN r.id ELSE r.promise_id END = NEW.id
    LOOP
        IF found.remedy IS NULL AND found.promise IS NOT NULL THEN
            PERFORM refuse('granted_means_paid', format('Remedy %s has not arrived, so that it stays promised: its promise is not %s.', found.id, found.promise));
        END IF;
        IF found.remedy IS NOT NULL AND found.promise IS NULL THEN
            PERFORM refuse('granted_means_paid', format('Remedy %s is %s, so that its promise is settled too.', found.id, found.remedy));
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER granted_means_paid AFTER INSERT OR UPDATE OF outcome, promise_id ON records_remedy
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION granted_means_paid();
CREATE CONSTRAINT TRIGGER promise_of_a_remedy_ends_with_it AFTER UPDATE OF outcome ON records_promise
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.kind = 'redress' AND NEW.outcome IS NOT NULL)
    EXECUTE FUNCTION granted_means_paid();

CREATE FUNCTION payment_is_of_its_remedy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM records_remedy r WHERE r.id = NEW.remedy_id
                   AND r.amount_minor = NEW.amount_minor AND r.currency = NEW.currency) THEN
        PERFORM refuse('payment_is_what_was_granted', 'A payment is as much as was granted, in the same currency.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payment_is_what_was_granted BEFORE INSERT ON records_payment
    FOR EACH ROW EXECUTE FUNCTION payment_is_of_its_remedy();

CREATE FUNCTION payment_settled_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state IN ('arrived', 'failed') THEN
        PERFORM refuse('payment_settled_once', format('Payment %s has %s already.', OLD.key, OLD.state));
    END IF;
    IF (NEW.remedy_id, NEW.number, NEW.key, NEW.amount_minor, NEW.currency, NEW.made_at)
       IS DISTINCT FROM (OLD.remedy_id, OLD.number, OLD.key, OLD.amount_minor, OLD.currency, OLD.made_at)
       OR (OLD.state = 'sent' AND NEW.state = 'waiting') THEN
        PERFORM refuse('payment_keeps_its_terms', format('Payment %s: its sum and its key never change, and what was sent is not sent again.', OLD.key));
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payment_settled_once BEFORE UPDATE ON records_payment
    FOR EACH ROW EXECUTE FUNCTION payment_settled_once();

-- ---- The ledger ----------------------------------------------------------------------------------

CREATE FUNCTION ledger_balances() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    booked bigint;
BEGIN
    booked := CASE WHEN TG_TABLE_NAME = 'records_ledgerentry' THEN (to_jsonb(NEW) ->> 'transaction_id')::bigint ELSE NEW.id END;
    IF NOT EXISTS (SELECT 1 FROM records_ledgerentry e WHERE e.transaction_id = booked)
       OR EXISTS (SELECT 1 FROM records_ledgerentry e WHERE e.transaction_id = booked
                  GROUP BY e.currency HAVING sum(e.amount_minor) <> 0) THEN
        PERFORM refuse('ledger_balances', format('The entries of booking %s sum to zero in each currency.', booked));
    END IF;
    IF EXISTS (SELECT 1 FROM records_ledgerentry e
               JOIN records_ledgertransaction t ON t.id = e.transaction_id
               JOIN records_remedy r ON r.id = t.remedy_id JOIN records_case c ON c.id = r.case_id
               WHERE e.transaction_id = booked
                 AND (e.case_id <> r.case_id OR e.customer_id <> c.customer_id OR e.currency <> r.currency)) THEN
        PERFORM refuse('ledger_books_where_it_belongs', format('Booking %s belongs to the case and the customer of its remedy.', booked));
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_balances AFTER INSERT ON records_ledgerentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_balances();
CREATE CONSTRAINT TRIGGER ledger_booking_has_entries AFTER INSERT ON records_ledgertransaction
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_balances();

-- What the ledger says is owed for a remedy is what was granted, until it has arrived.
CREATE FUNCTION ledger_follows_the_remedy() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    the_remedy bigint;
    granted records_remedy;
    owed numeric;
BEGIN
    the_remedy := CASE WHEN TG_TABLE_NAME = 'records_remedy' THEN NEW.id ELSE (to_jsonb(NEW) ->> 'remedy_id')::bigint END;
    SELECT r.* INTO granted FROM records_remedy r WHERE r.id = the_remedy;
    SELECT coalesce(sum(e.amount_minor), 0) INTO owed
    FROM records_ledgertransaction t JOIN records_ledgerentry e ON e.transaction_id = t.id
    WHERE t.remedy_id = the_remedy AND e.account = 'owed';
    IF owed <> (CASE WHEN granted.outcome IS NULL THEN -granted.amount_minor ELSE 0 END) THEN
        PERFORM refuse('ledger_follows_the_remedy', format('The ledger owes for remedy %s what was granted, until it has arrived.', the_remedy));
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_follows_the_remedy AFTER INSERT OR UPDATE OF outcome ON records_remedy
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_follows_the_remedy();
CREATE CONSTRAINT TRIGGER ledger_books_what_happened AFTER INSERT ON records_ledgertransaction
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_follows_the_remedy();
