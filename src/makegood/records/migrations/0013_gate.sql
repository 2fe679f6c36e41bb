-- Law 4, kept by the database: what is said to a customer passed the gate in the very transaction
-- in which it is said, word for word.

-- The number of the transaction is the database's to give, so that no pass can be made up for another.
CREATE FUNCTION gate_pass_is_of_its_transaction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.made_in := txid_current();
    RETURN NEW;
END $$;
CREATE TRIGGER gate_pass_is_of_its_transaction BEFORE INSERT ON records_gatepass
    FOR EACH ROW EXECUTE FUNCTION gate_pass_is_of_its_transaction();
CREATE TRIGGER gate_pass_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON records_gatepass
    FOR EACH STATEMENT EXECUTE FUNCTION only_grows('gate_pass_only_grows');

-- For any table whose rows are words that leave: did these, about this case, pass just now?
CREATE FUNCTION gate_passed(the_case bigint, the_words text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT 1 FROM records_gatepass g
                   WHERE g.case_id = the_case AND g.made_in = txid_current()
                     AND g.digest = sha256(convert_to(the_words, 'UTF8')))
$$;

CREATE FUNCTION message_said_only_through_the_gate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT gate_passed(NEW.case_id, NEW.words) THEN
        PERFORM refuse('message_said_only_through_the_gate', 'These words were not checked in this transaction: they have to pass the gate as they are said.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER message_said_only_through_the_gate BEFORE UPDATE OF said_at, words ON records_message
    FOR EACH ROW WHEN (NEW.said_at IS NOT NULL AND (OLD.said_at IS NULL OR OLD.words IS DISTINCT FROM NEW.words))
    EXECUTE FUNCTION message_said_only_through_the_gate();
CREATE TRIGGER message_begins_said_only_through_the_gate BEFORE INSERT ON records_message
    FOR EACH ROW WHEN (NEW.said_at IS NOT NULL)
    EXECUTE FUNCTION message_said_only_through_the_gate();

-- A letter is taken from the queue with a pass, and leaves minutes later at most: see `letters.LEASE`.
-- What a receipt tells afterwards is news of a letter, not its leaving.
CREATE FUNCTION letter_leaves_only_through_the_gate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM records_gatepass g
                   WHERE g.case_id = NEW.case_id AND g.digest = sha256(convert_to(NEW.words, 'UTF8'))
                     AND g.at BETWEEN NEW.handed_at - interval '1 hour' AND NEW.handed_at) THEN
        PERFORM refuse('letter_leaves_only_through_the_gate', 'This letter was not checked as it left: its words have to pass the gate.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER letter_leaves_only_through_the_gate AFTER UPDATE OF handed_at, words ON records_letter
    FOR EACH ROW WHEN (NEW.handed_at IS NOT NULL AND NEW.delivered_at IS NULL AND NEW.bounced_at IS NULL
                       AND (OLD.handed_at IS NULL OR OLD.words IS DISTINCT FROM NEW.words))
    EXECUTE FUNCTION letter_leaves_only_through_the_gate();

-- Who stopped a template where and why stays; a stop is lifted once.
CREATE FUNCTION template_stop_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.lifted_at IS NOT NULL
       OR (NEW.template_id, NEW.area, NEW.why, NEW.stopped_by_id, NEW.stopped_at)
          IS DISTINCT FROM (OLD.template_id, OLD.area, OLD.why, OLD.stopped_by_id, OLD.stopped_at) THEN
        PERFORM refuse('template_stop_stays', 'What was stopped, where, by whom and why stays; a stop is only lifted, and once.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER template_stop_stays BEFORE UPDATE ON records_templatestop
    FOR EACH ROW EXECUTE FUNCTION template_stop_stays();
CREATE TRIGGER template_stops_only_grow BEFORE DELETE OR TRUNCATE ON records_templatestop
    FOR EACH STATEMENT EXECUTE FUNCTION only_grows('template_stops_only_grow');
