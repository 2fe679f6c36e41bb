-- Erasing: a person's words are taken out of what has happened, and nothing else is.
--
-- The guards of what has happened look away only while a transaction says that it is erasing; then
-- another guard looks: only personal columns are emptied, only of the person who is erased in this
-- very transaction. Asking for the setting first costs nothing where nobody erases.

CREATE FUNCTION erasure_is_of_its_transaction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM records_case c WHERE c.customer_id = NEW.customer_id AND c.closed_at IS NULL) THEN
        PERFORM refuse('erasure_waits_for_open_cases', format('Customer %s has an open case: what they were promised comes first.', NEW.customer_id));
    END IF;
    NEW.made_in := txid_current();
    RETURN NEW;
END $$;
CREATE TRIGGER erasure_is_of_its_transaction BEFORE INSERT ON records_erasure
    FOR EACH ROW EXECUTE FUNCTION erasure_is_of_its_transaction();
CREATE TRIGGER erasures_only_grow BEFORE UPDATE OR DELETE OR TRUNCATE ON records_erasure
    FOR EACH STATEMENT EXECUTE FUNCTION only_grows('erasures_only_grow');

CREATE FUNCTION is_erasing() RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce(current_setting('makegood.erasing', true), '') <> ''
       AND EXISTS (SELECT 1 FROM records_erasure e WHERE e.made_in = txid_current())
$$;

-- Whose a row is, by the column that leads to them.
CREATE FUNCTION customer_of(way text, line jsonb) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
DECLARE
    found bigint;
BEGIN
    CASE way
    WHEN 'self' THEN RETURN (line ->> 'id')::bigint;
    WHEN 'customer' THEN RETURN (line ->> 'customer_id')::bigint;
    WHEN 'case' THEN
        SELECT c.customer_id INTO found FROM records_case c WHERE c.id = (line ->> 'case_id')::bigint;
    WHEN 'promise' THEN
        SELECT c.customer_id INTO found FROM records_promise p JOIN records_case c ON c.id = p.case_id
         WHERE p.id = (line ->> 'promise_id')::bigint;
    WHEN 'claim' THEN
        SELECT c.customer_id INTO found FROM records_claim l JOIN records_case c ON c.id = l.case_id
         WHERE l.id = (line ->> 'claim_id')::bigint;
    WHEN 'remedy' THEN
        SELECT c.customer_id INTO found FROM records_remedy r JOIN records_case c ON c.id = r.case_id
         WHERE r.id = (line ->> 'remedy_id')::bigint;
    WHEN 'mail' THEN
        -- One that joined no case is theirs by the address that it came from.
        SELECT coalesce(c.customer_id, u.id) INTO found
          FROM records_mail m LEFT JOIN records_case c ON c.id = m.case_id
          LEFT JOIN records_erasure e ON e.made_in = txid_current()
          LEFT JOIN records_customer u ON u.id = e.customer_id AND u.email <> '' AND lower(u.email) = lower(m.sender)
         WHERE m.id = coalesce((line ->> 'mail_id')::bigint, (line ->> 'id')::bigint)
         ORDER BY u.id NULLS LAST LIMIT 1;
    END CASE;
    RETURN found;
END $$;

CREATE FUNCTION erasing_takes_only_words() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    words text[] := TG_ARGV[0];
    old_line jsonb := to_jsonb(OLD);
    new_line jsonb := to_jsonb(NEW);
BEGIN
    IF NOT is_erasing() THEN
        RETURN NEW;
    END IF;
    IF (new_line - words) IS DISTINCT FROM (old_line - words)
       OR EXISTS (SELECT 1 FROM unnest(words) w
                  WHERE new_line -> w IS DISTINCT FROM old_line -> w
                    AND coalesce(new_line ->> w, '') NOT IN ('', '—', '[]', '{}', '\x', 'false')) THEN
        PERFORM refuse('erasing_takes_only_words', format('Erasing empties personal columns of %s, and changes nothing else.', TG_TABLE_NAME));
    END IF;
    IF new_line IS DISTINCT FROM old_line AND NOT EXISTS (
        SELECT 1 FROM records_erasure e
         WHERE e.made_in = txid_current() AND e.customer_id = customer_of(TG_ARGV[1], old_line)) THEN
        PERFORM refuse('erasing_is_of_one_person', format('This row of %s is not of the person who is erased.', TG_TABLE_NAME));
    END IF;
    RETURN NEW;
END $$;

-- The history of settings names a customer where somebody was close to them: that number goes.
CREATE FUNCTION erasing_takes_only_the_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (to_jsonb(NEW) - '{key,before,after}'::text[]) IS DISTINCT FROM (to_jsonb(OLD) - '{key,before,after}'::text[])
       OR OLD.thing <> 'conflict' OR NEW.key <> split_part(OLD.key, '/', 1) || '/0'
       OR NEW.before <> OLD.before - 'customer' OR NEW.after <> OLD.after - 'customer'
       OR NOT EXISTS (SELECT 1 FROM records_erasure e
                       WHERE e.made_in = txid_current() AND e.customer_id::text = split_part(OLD.key, '/', 2)) THEN
        PERFORM refuse('erasing_takes_only_the_number', 'Erasing takes a customer''s number out of the history of settings, and changes nothing else.');
    END IF;
    RETURN NEW;
END $$;

-- Two guards that refuse whole statements: what is never removed, and what is never changed.
DROP TRIGGER diagnosis_only_grows ON records_diagnosis;
CREATE TRIGGER diagnosis_only_grows BEFORE DELETE OR TRUNCATE ON records_diagnosis
    FOR EACH STATEMENT EXECUTE FUNCTION only_grows('diagnosis_only_grows');
CREATE TRIGGER diagnosis_stays_as_found BEFORE UPDATE ON records_diagnosis
    FOR EACH STATEMENT EXECUTE FUNCTION only_grows('diagnosis_only_grows');
DROP TRIGGER settings_change_only_grows ON records_settingschange;
CREATE TRIGGER settings_change_only_grows BEFORE DELETE OR TRUNCATE ON records_settingschange
    FOR EACH STATEMENT EXECUTE FUNCTION only_grows('settings_change_only_grows');
CREATE TRIGGER settings_change_stays_as_made BEFORE UPDATE ON records_settingschange
    FOR EACH STATEMENT EXECUTE FUNCTION only_grows('settings_change_only_grows');
CREATE TRIGGER erasing_takes_only_the_number BEFORE UPDATE ON records_settingschange
    FOR EACH ROW EXECUTE FUNCTION erasing_takes_only_the_number();

DO $do$
DECLARE
    guard record;
    line text;
    now_erasing CONSTANT text := $q$coalesce(current_setting('makegood.erasing'::text, true), ''::text) = ''::text OR NOT is_erasing()$q$;
BEGIN
    FOR guard IN
        SELECT t.tgname, t.tgrelid::regclass AS of_table, pg_get_triggerdef(t.oid) AS def
          FROM pg_trigger t
         WHERE t.tgname IN (
            'report_stays_as_it_came', 'promise_keeps_its_word', 'revision_is_told_once',
            'message_said_only_through_the_gate', 'letter_leaves_only_through_the_gate',
            'diagnosis_stays_as_found', 'settings_change_stays_as_made', 'visit_keeps_its_terms',
            'remedy_keeps_its_terms', 'approval_keeps_its_terms', 'payment_settled_once',
            'claim_stays_as_it_was_said', 'claim_step_is_answered_once', 'want_is_answered_once',
            'doubt_is_answered_once')
    LOOP
        IF position(' WHEN (' IN guard.def) > 0 THEN
            line := regexp_replace(guard.def, ' WHEN \((.*)\) EXECUTE ', ' WHEN ((\1) AND (' || replace(now_erasing, '\', '\\') || ')) EXECUTE ');
        ELSE
            line := replace(guard.def, ' EXECUTE ', ' WHEN (' || now_erasing || ') EXECUTE ');
        END IF;
        EXECUTE format('DROP TRIGGER %I ON %s', guard.tgname, guard.of_table);
        EXECUTE line;
    END LOOP;
    FOR guard IN SELECT * FROM (VALUES
        ('records_customer', '{name,email,phone,address,postcode,language,vulnerable,suits}', 'self'),
        ('records_asset', '{name,place,external_id}', 'customer'),
        ('records_case', '{title,wanted,meanwhile}', 'self_case'),
        ('records_report', '{raw}', 'case'),
        ('records_contact', '{note}', 'case'),
        ('records_promise', '{words,evidence}', 'case'),
        ('records_promiserevision', '{told_evidence}', 'promise'),
        ('records_choice', '{words}', 'promise'),
        ('records_message', '{words}', 'case'),
        ('records_letter', '{recipient,subject,words,error}', 'case'),
        ('records_mail', '{raw,message_id,sender,sender_name,subject,words,signature,history}', 'mail'),
        ('records_attachment', '{name}', 'mail'),
        ('records_reply', '{phone}', 'case'),
        ('records_want', '{words,honest_no,instead}', 'case'),
        ('records_parting', '{tried}', 'case'),
        ('records_claim', '{words,speaker_name}', 'case'),
        ('records_claimstep', '{why,offer}', 'claim'),
        ('records_doubt', '{words}', 'case'),
        ('records_diagnosis', '{note}', 'case'),
        ('records_visit', '{what,note}', 'case'),
        ('records_approvalrequest', '{because,why,instead}', 'case'),
        ('records_remedy', '{because}', 'case'),
        ('records_payment', '{reference,error}', 'remedy')
        ) AS given (tgname, of_table, def)
    LOOP
        EXECUTE format(
            'CREATE TRIGGER erasing_takes_only_words BEFORE UPDATE ON %s FOR EACH ROW'
            ' WHEN (coalesce(current_setting(''makegood.erasing'', true), '''') <> '''')'
            ' EXECUTE FUNCTION erasing_takes_only_words(%L, %L)',
            guard.tgname, guard.of_table, replace(guard.def, 'self_case', 'customer'));
    END LOOP;
END $do$;

-- Whoever was erased does not come back by an old list or a late form.
CREATE FUNCTION erased_customer_stays_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM records_erasure e WHERE e.customer_id = OLD.id AND e.made_in <> txid_current()) THEN
        PERFORM refuse('erased_customer_stays_erased', format('Customer %s was erased: register them anew, if they come again.', OLD.id));
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER erased_customer_stays_erased BEFORE UPDATE ON records_customer
    FOR EACH ROW EXECUTE FUNCTION erased_customer_stays_erased();
CREATE FUNCTION erased_customer_has_no_new_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM records_erasure e WHERE e.customer_id = NEW.customer_id) THEN
        PERFORM refuse('erased_customer_has_no_new_case', format('Customer %s was erased: register them anew, if they come again.', NEW.customer_id));
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER erased_customer_has_no_new_case BEFORE INSERT ON records_case
    FOR EACH ROW EXECUTE FUNCTION erased_customer_has_no_new_case();
CREATE TRIGGER erased_customer_reopens_no_case BEFORE UPDATE OF closed_at ON records_case
    FOR EACH ROW WHEN (OLD.closed_at IS NOT NULL AND NEW.closed_at IS NULL)
    EXECUTE FUNCTION erased_customer_has_no_new_case();
