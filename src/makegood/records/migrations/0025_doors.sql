-- What happens and who is to be told of it are written together: no webhook misses an entry, and
-- none hears of what was rolled back. The clock's canary is nobody's case.

CREATE FUNCTION webhook_hears_what_happens() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO records_delivery (webhook_id, entry_id, made_at, send_at)
    SELECT w.id, e.id, e.recorded_at, e.recorded_at
      FROM fresh e
      JOIN records_webhook w ON w.stopped_at IS NULL AND (w.kinds = '{}' OR e.kind = ANY (w.kinds))
      JOIN records_case c ON c.id = e.case_id AND NOT c.is_canary;
    RETURN NULL;
END $$;
CREATE TRIGGER webhook_hears_what_happens AFTER INSERT ON records_timelineentry
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION webhook_hears_what_happens();
