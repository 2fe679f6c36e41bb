-- A signal stays as it came: only what is set aside changes, once somebody has looked at it, and
-- only erasing takes out who used the device.

CREATE FUNCTION signal_stays_as_it_came() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.source_id, NEW.external_id, NEW.recorded_at) IS DISTINCT FROM (OLD.source_id, OLD.external_id, OLD.recorded_at)
       OR (OLD."end" <> 'aside' AND NOT (OLD."end" = 'noted' AND OLD.device = '') AND NEW IS DISTINCT FROM OLD)
       OR (NEW."end" IN ('aside', 'let_go') AND OLD."end" = 'aside' AND NEW.raw IS DISTINCT FROM OLD.raw) THEN
        PERFORM refuse('signal_stays_as_it_came', format('Signal %s stays as it came; only what is set aside is settled.', OLD.id));
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER signal_stays_as_it_came BEFORE UPDATE ON records_signal
    FOR EACH ROW WHEN (coalesce(current_setting('makegood.erasing'::text, true), ''::text) = ''::text OR NOT is_erasing())
    EXECUTE FUNCTION signal_stays_as_it_came();
CREATE TRIGGER signal_only_grows BEFORE DELETE OR TRUNCATE ON records_signal
    FOR EACH STATEMENT EXECUTE FUNCTION only_grows('signal_only_grows');

-- Whose a signal is, its asset says: the same guard as of all that is erased.
CREATE FUNCTION signal_erasing_takes_only_words() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    words CONSTANT text[] := '{raw,device}';
BEGIN
    IF NOT is_erasing() THEN
        RETURN NEW;
    END IF;
    IF (to_jsonb(NEW) - words) IS DISTINCT FROM (to_jsonb(OLD) - words) OR NEW.device <> '' OR NEW.raw <> '{}' THEN
        PERFORM refuse('erasing_takes_only_words', 'Erasing empties personal columns of a signal, and changes nothing else.');
    END IF;
    IF NEW IS DISTINCT FROM OLD AND NOT EXISTS (
        SELECT 1 FROM records_erasure e JOIN records_asset a ON a.customer_id = e.customer_id
         WHERE e.made_in = txid_current() AND a.id = OLD.asset_id) THEN
        PERFORM refuse('erasing_is_of_one_person', 'This signal is not of the person who is erased.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER signal_erasing_takes_only_words BEFORE UPDATE ON records_signal
    FOR EACH ROW WHEN (coalesce(current_setting('makegood.erasing', true), '') <> '')
    EXECUTE FUNCTION signal_erasing_takes_only_words();

-- What a partner's request was, stays: its case is found by its number there.
CREATE FUNCTION partner_request_keeps_its_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.partner_id, NEW.external_id, NEW.case_id) IS DISTINCT FROM (OLD.partner_id, OLD.external_id, OLD.case_id) THEN
        PERFORM refuse('partner_request_keeps_its_case', format('Request %s of a partner keeps its number and its case.', OLD.external_id));
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER partner_request_keeps_its_case BEFORE UPDATE ON records_partnerrequest
    FOR EACH ROW EXECUTE FUNCTION partner_request_keeps_its_case();
CREATE TRIGGER partner_request_stays BEFORE DELETE OR TRUNCATE ON records_partnerrequest
    FOR EACH STATEMENT EXECUTE FUNCTION only_grows('partner_request_stays');
