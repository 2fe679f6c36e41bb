-- The laws of visits, kept by the database as in 0002_laws.sql: also from psql. No crew is booked
-- twice, no visit is called sure that is not, no window is held that nobody promised, and nobody
-- leaves a failed visit without the next one.

CREATE TRIGGER visit_stays BEFORE DELETE OR TRUNCATE ON records_visit
    FOR EACH STATEMENT EXECUTE FUNCTION only_grows('visit_stays');
CREATE TRIGGER slot_stays BEFORE DELETE OR TRUNCATE ON records_slot
    FOR EACH STATEMENT EXECUTE FUNCTION only_grows('slot_stays');
CREATE TRIGGER order_stays BEFORE DELETE OR TRUNCATE ON records_partorder
    FOR EACH STATEMENT EXECUTE FUNCTION only_grows('order_stays');
CREATE TRIGGER diagnosis_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON records_diagnosis
    FOR EACH STATEMENT EXECUTE FUNCTION only_grows('diagnosis_only_grows');
CREATE TRIGGER eta_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON records_etachange
    FOR EACH STATEMENT EXECUTE FUNCTION only_grows('eta_only_grows');
CREATE TRIGGER crew_absence_stays BEFORE DELETE OR TRUNCATE ON records_crewabsence
    FOR EACH STATEMENT EXECUTE FUNCTION only_grows('crew_absence_stays');

-- ---- No crew is in two places --------------------------------------------------------------------

-- Ranges of one number stand for "=", so that no extension is needed.
ALTER TABLE records_slot ADD CONSTRAINT slot_is_never_double_booked
    EXCLUDE USING gist (
        int8range(crew_id, crew_id, '[]') WITH &&,
        int8range(lane, lane, '[]') WITH &&,
        tstzrange(opens_at, closes_at) WITH &&
    ) WHERE (released_at IS NULL);

-- The crew is locked, so that an absence and a slot of the same moment see one another.
CREATE FUNCTION slot_fits_its_crew() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    the_crew records_crew;
    the_skill text;
BEGIN
    SELECT c.* INTO the_crew FROM records_crew c WHERE c.id = NEW.crew_id FOR NO KEY UPDATE;
    SELECT v.skill INTO the_skill FROM records_visit v WHERE v.id = NEW.visit_id;
    IF NEW.lane NOT BETWEEN 1 AND the_crew.capacity OR the_crew.retired_at IS NOT NULL THEN
        PERFORM refuse('slot_within_the_crew', format('Crew %s does no more visits at once than its capacity, and none once it is retired.', the_crew.name));
    END IF;
    IF the_skill <> '' AND NOT the_skill = ANY (the_crew.skills) THEN
        PERFORM refuse('slot_of_a_crew_with_the_skill', format('Crew %s cannot do %s.', the_crew.name, the_skill));
    END IF;
    IF EXISTS (SELECT 1 FROM records_crewabsence a WHERE a.crew_id = NEW.crew_id AND a.withdrawn_at IS NULL
               AND tstzrange(a.starts_at, a.ends_at) && tstzrange(NEW.opens_at, NEW.closes_at)) THEN
        PERFORM refuse('slot_while_the_crew_is_there', format('Crew %s is away at that time.', the_crew.name));
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER slot_fits_its_crew BEFORE INSERT ON records_slot
    FOR EACH ROW EXECUTE FUNCTION slot_fits_its_crew();

CREATE FUNCTION crew_absence_waits_for_slots() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM records_crew c WHERE c.id = NEW.crew_id FOR NO KEY UPDATE;
    RETURN NEW;
END $$;
CREATE TRIGGER crew_absence_waits_for_slots BEFORE INSERT ON records_crewabsence
    FOR EACH ROW EXECUTE FUNCTION crew_absence_waits_for_slots();

CREATE FUNCTION slot_keeps_its_terms() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.released_at IS NOT NULL
       OR (NEW.visit_id, NEW.number, NEW.crew_id, NEW.lane, NEW.opens_at, NEW.closes_at, NEW.why, NEW.held_at, NEW.held_by_id)
          IS DISTINCT FROM (OLD.visit_id, OLD.number, OLD.crew_id, OLD.lane, OLD.opens_at, OLD.closes_at, OLD.why, OLD.held_at, OLD.held_by_id) THEN
        PERFORM refuse('slot_keeps_its_terms', 'A slot stays as it was held; it is released, once, and another one is held.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER slot_keeps_its_terms BEFORE UPDATE ON records_slot
    FOR EACH ROW EXECUTE FUNCTION slot_keeps_its_terms();

-- ---- Parts ---------------------------------------------------------------------------------------

CREATE FUNCTION order_keeps_its_terms() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.diagnosis_id, NEW.part_id, NEW.ordered_at, NEW.recorded_at, NEW.ordered_by_id)
       IS DISTINCT FROM (OLD.diagnosis_id, OLD.part_id, OLD.ordered_at, OLD.recorded_at, OLD.ordered_by_id)
       OR (OLD.received_at IS NOT NULL AND (NEW.received_at, NEW.eta_at) IS DISTINCT FROM (OLD.received_at, OLD.eta_at))
       OR (OLD.cancelled_at IS NOT NULL OR OLD.wrong_at IS NOT NULL)
       OR (OLD.fits_because <> '' AND NEW.fits_because <> OLD.fits_because) THEN
        PERFORM refuse('order_keeps_its_terms', format('Order %s stays as it was placed, and what has happened to it is not undone.', OLD.id));
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER order_keeps_its_terms BEFORE UPDATE ON records_partorder
    FOR EACH ROW EXECUTE FUNCTION order_keeps_its_terms();

CREATE FUNCTION order_eta_has_its_history() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    the_eta timestamptz;
    the_last timestamptz;
BEGIN
    SELECT o.eta_at INTO the_eta FROM records_partorder o WHERE o.id = NEW.id;
    SELECT e.new_at INTO the_last FROM records_etachange e WHERE e.order_id = NEW.id ORDER BY e.number DESC LIMIT 1;
    IF the_eta IS DISTINCT FROM the_last THEN
        PERFORM refuse('order_eta_has_its_history', format('The expected arrival of order %s is what was last said of it.', NEW.id));
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER order_eta_has_its_history AFTER INSERT OR UPDATE OF eta_at ON records_partorder
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION order_eta_has_its_history();

-- ---- A visit is as it says -----------------------------------------------------------------------

CREATE FUNCTION visit_keeps_its_terms() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.outcome IS NOT NULL THEN
        PERFORM refuse('visit_ends_once', format('Visit %s has ended as %s.', OLD.id, OLD.outcome));
    END IF;
    IF (NEW.uuid, NEW.case_id, NEW.follows_id, NEW.booked_at, NEW.booked_by_id)
       IS DISTINCT FROM (OLD.uuid, OLD.case_id, OLD.follows_id, OLD.booked_at, OLD.booked_by_id)
       OR (OLD.arrived_at IS NOT NULL AND NEW.arrived_at IS DISTINCT FROM OLD.arrived_at) THEN
        PERFORM refuse('visit_keeps_its_terms', format('Visit %s belongs to its case, and what has happened stays.', OLD.id));
    END IF;
    IF NEW.sequence < OLD.sequence THEN
        PERFORM refuse('visit_sequence_only_grows', 'Calendars take a lower sequence for old news.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER visit_keeps_its_terms BEFORE UPDATE ON records_visit
    FOR EACH ROW EXECUTE FUNCTION visit_keeps_its_terms();

-- Whether everything that a visit needs is there: what `rules.visits.missing` says, in SQL.
CREATE FUNCTION visit_is_ready(v records_visit) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT v.access <> 'asked'
       AND EXISTS (SELECT 1 FROM records_slot s JOIN records_crew c ON c.id = s.crew_id
                   WHERE s.visit_id = v.id AND s.released_at IS NULL
                     AND (v.skill = '' OR v.skill = ANY (c.skills)))
       AND (v.diagnosis_id IS NULL OR EXISTS (
            SELECT 1 FROM records_partorder o JOIN records_diagnosis d ON d.id = o.diagnosis_id
            WHERE o.diagnosis_id = v.diagnosis_id AND o.received_at IS NOT NULL
              AND o.wrong_at IS NULL AND (o.part_id = d.part_id OR o.fits_because <> '')))
$$;

-- Judged at commit, with the case locked, so that two sessions cannot each believe the other half.
CREATE FUNCTION visit_is_as_it_says(the_visit bigint, the_case bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v records_visit;
    s records_slot;
    p records_promise;
    closed timestamptz;
BEGIN
    SELECT c.closed_at INTO closed FROM records_case c WHERE c.id = the_case FOR NO KEY UPDATE;
    SELECT x.* INTO v FROM records_visit x WHERE x.id = the_visit;
    SELECT x.* INTO s FROM records_slot x WHERE x.visit_id = the_visit AND x.released_at IS NULL;
    IF v.outcome IN ('failed', 'cancelled') AND s.id IS NOT NULL THEN
        PERFORM refuse('visit_that_failed_frees_its_slot', format('Visit %s has ended: its crew is free.', v.id));
    END IF;
    IF v.outcome = 'failed' AND NOT EXISTS (SELECT 1 FROM records_visit n WHERE n.follows_id = v.id) THEN
        PERFORM refuse('visit_that_failed_leaves_a_next_one', format('Visit %s failed: book the next one before it ends.', v.id));
    END IF;
    IF v.outcome IS NOT NULL THEN
        RETURN;
    END IF;
    IF closed IS NOT NULL THEN
        PERFORM refuse('case_closes_with_no_visit_open', format('Case %s has a visit that has not ended.', the_case));
    END IF;
    IF v.confirmed_at IS NOT NULL AND NOT visit_is_ready(v) THEN
        PERFORM refuse('visit_confirmed_only_when_ready', format('Visit %s is tentative until its part, skill, access and slot are there.', v.id));
    END IF;
    SELECT x.* INTO p FROM records_promise x WHERE x.id = v.promise_id;
    IF p.outcome = 'kept' AND v.arrived_at IS NULL THEN
        PERFORM refuse('visit_is_kept_by_coming', format('Visit %s: the word that we come is kept by coming.', v.id));
    END IF;
    IF s.id IS NULL THEN
        RETURN;
    END IF;
    IF p.id IS NULL OR p.case_id <> v.case_id OR p.kind <> 'visit' OR p.outcome IN ('released', 'replaced')
       OR (p.outcome IS NULL AND (p.earliest_at, p.due_at) IS DISTINCT FROM (s.opens_at, s.closes_at)
           AND NOT EXISTS (SELECT 1 FROM records_promiserevision r
                           WHERE r.promise_id = p.id AND r.told_at IS NULL AND r.old_due_at = p.due_at
                             AND r.new_earliest_at = s.opens_at AND r.new_due_at = s.closes_at)) THEN
        PERFORM refuse('visit_window_is_promised', format('Visit %s: its window is what was promised to the customer, or is about to be told.', v.id));
    END IF;
END $$;

CREATE FUNCTION visit_is_judged() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    the_visit bigint;
    the_case bigint;
BEGIN
    IF TG_TABLE_NAME = 'records_visit' THEN the_visit := NEW.id; ELSE the_visit := NEW.visit_id; END IF;
    SELECT v.case_id INTO the_case FROM records_visit v WHERE v.id = the_visit;
    PERFORM visit_is_as_it_says(the_visit, the_case);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER visit_is_judged AFTER INSERT OR UPDATE ON records_visit
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION visit_is_judged();
CREATE CONSTRAINT TRIGGER visit_is_judged_by_its_slot AFTER INSERT OR UPDATE ON records_slot
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION visit_is_judged();

CREATE FUNCTION visits_of_a_promise_are_judged() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    found record;
BEGIN
    FOR found IN SELECT v.id, v.case_id FROM records_visit v WHERE v.promise_id = NEW.id AND v.outcome IS NULL LOOP
        PERFORM visit_is_as_it_says(found.id, found.case_id);
    END LOOP;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER visits_of_a_promise_are_judged AFTER UPDATE OF outcome, due_at, earliest_at ON records_promise
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.kind = 'visit')
    EXECUTE FUNCTION visits_of_a_promise_are_judged();

CREATE FUNCTION visits_of_an_order_are_judged() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    found record;
BEGIN
    FOR found IN SELECT v.id, v.case_id FROM records_visit v WHERE v.diagnosis_id = NEW.diagnosis_id AND v.outcome IS NULL LOOP
        PERFORM visit_is_as_it_says(found.id, found.case_id);
    END LOOP;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER visits_of_an_order_are_judged AFTER UPDATE ON records_partorder
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION visits_of_an_order_are_judged();

CREATE FUNCTION case_closes_with_no_visit_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM records_visit v WHERE v.case_id = NEW.id AND v.outcome IS NULL) THEN
        PERFORM refuse('case_closes_with_no_visit_open', format('Case %s has a visit that has not ended.', NEW.id));
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER case_closes_with_no_visit_open AFTER UPDATE OF closed_at ON records_case
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.closed_at IS NULL AND NEW.closed_at IS NOT NULL)
    EXECUTE FUNCTION case_closes_with_no_visit_open();
