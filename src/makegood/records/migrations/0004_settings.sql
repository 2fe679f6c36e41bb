-- Who changed what of the settings is never changed or removed, as a case's timeline is not.

CREATE TRIGGER settings_change_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON records_settingschange
    FOR EACH STATEMENT EXECUTE FUNCTION only_grows('settings_change_only_grows');

-- A key of another system cannot be widened, renamed or revived: one makes a new one.

CREATE FUNCTION token_is_only_used_and_revoked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (to_jsonb(NEW) - '{last_used_at,revoked_at,revoked_by_id}'::text[])
       IS DISTINCT FROM (to_jsonb(OLD) - '{last_used_at,revoked_at,revoked_by_id}'::text[])
       OR (OLD.revoked_at IS NOT NULL
           AND (NEW.revoked_at, NEW.revoked_by_id) IS DISTINCT FROM (OLD.revoked_at, OLD.revoked_by_id)) THEN
        PERFORM refuse('token_is_only_used_and_revoked', format('Token %s stays as it was made; it can only be revoked, once.', OLD.id));
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER token_is_only_used_and_revoked BEFORE UPDATE ON records_token
    FOR EACH ROW EXECUTE FUNCTION token_is_only_used_and_revoked();
CREATE TRIGGER token_stays BEFORE DELETE OR TRUNCATE ON records_token
    FOR EACH STATEMENT EXECUTE FUNCTION only_grows('token_stays');
