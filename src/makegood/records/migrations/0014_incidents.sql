-- Incidents: what was said to everybody stays as it was said, and what is over stays over.

CREATE TRIGGER incident_stays BEFORE DELETE OR TRUNCATE ON records_incident
    FOR EACH STATEMENT EXECUTE FUNCTION only_grows('incident_stays');
CREATE TRIGGER incident_truth_stays BEFORE DELETE OR TRUNCATE ON records_incidenttruth
    FOR EACH STATEMENT EXECUTE FUNCTION only_grows('incident_truth_stays');

CREATE FUNCTION incident_stays_as_declared() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (to_jsonb(NEW) - '{owner_id,team_id,reached,missed,spread_at,over_at,over_by_id,evidence}'::text[])
       IS DISTINCT FROM
       (to_jsonb(OLD) - '{owner_id,team_id,reached,missed,spread_at,over_at,over_by_id,evidence}'::text[])
       OR NEW.reached < OLD.reached
       OR (OLD.spread_at IS NOT NULL AND NEW.spread_at IS DISTINCT FROM OLD.spread_at) THEN
        PERFORM refuse('incident_stays_as_declared', 'An incident stays as it was declared; say what is new as its next truth.');
    END IF;
    IF OLD.over_at IS NOT NULL
       AND (NEW.over_at, NEW.over_by_id, NEW.evidence) IS DISTINCT FROM (OLD.over_at, OLD.over_by_id, OLD.evidence) THEN
        PERFORM refuse('incident_is_over_once', 'An incident is over once; if it failed again, declare another.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER incident_stays_as_declared BEFORE UPDATE ON records_incident
    FOR EACH ROW EXECUTE FUNCTION incident_stays_as_declared();

CREATE FUNCTION incident_truth_stays_as_said() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (to_jsonb(NEW) - '{reached,missed,told_at}'::text[]) IS DISTINCT FROM (to_jsonb(OLD) - '{reached,missed,told_at}'::text[])
       OR NEW.reached < OLD.reached
       OR (OLD.told_at IS NOT NULL AND NEW.told_at IS DISTINCT FROM OLD.told_at) THEN
        PERFORM refuse('incident_truth_stays_as_said', 'What was said to everybody stays as it was said; say the next truth.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER incident_truth_stays_as_said BEFORE UPDATE ON records_incidenttruth
    FOR EACH ROW EXECUTE FUNCTION incident_truth_stays_as_said();
