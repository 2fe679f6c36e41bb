-- Finding things: what cases, customers and assets are found by, kept by triggers in the
-- transaction of what it is about. Nothing here is a source: `search_fill` makes it all anew.

-- Both come with PostgreSQL and may be created by whoever owns the database. Where they may not, or
-- were not installed, accents are not folded and misspelt words are not found; all else works.
DO $$ BEGIN
    CREATE EXTENSION IF NOT EXISTS unaccent;
EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported THEN
    RAISE NOTICE 'Without the extension unaccent a search tells accents apart: %', SQLERRM;
END $$;
DO $$ BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported THEN
    RAISE NOTICE 'Without the extension pg_trgm misspelt words are not found: %', SQLERRM;
END $$;

-- No stemming and no stop words: customers write in many languages, often two in one sentence.
CREATE TEXT SEARCH CONFIGURATION makegood (COPY = pg_catalog.simple);
DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'unaccent') THEN
        ALTER TEXT SEARCH CONFIGURATION makegood
            ALTER MAPPING FOR word, numword, hword, hword_part, numhword, hword_numpart
            WITH unaccent, simple;
        EXECUTE 'CREATE FUNCTION search_folded(words text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
            AS $f$ SELECT lower(unaccent(words)) $f$';
    ELSE
        EXECUTE 'CREATE FUNCTION search_folded(words text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
            AS $f$ SELECT lower(words) $f$';
    END IF;
END $$;

-- Letters and digits only, so that e-mail addresses, references and prices are found by any part.
-- `makegood.rules.sought` does the same to what is searched for.
CREATE FUNCTION search_plain(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT translate(left(normalize(words, NFC), 20000),
                     '!"#$%&()*+,-./:;<=>?@[\]^_`{|}~''’', repeat(' ', 31))
$$;

CREATE FUNCTION search_words(words text) RETURNS tsvector LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT to_tsvector('makegood', search_plain(coalesce(words, '')))
$$;

-- A phone number by every way to write it: whole, and without zeros or a country's code before it.
CREATE FUNCTION search_phone_keys(phone text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(DISTINCT 'tel' || key), '{}')
      FROM (SELECT regexp_replace(phone, '[^0-9]', '', 'g') digits,
                   phone ~ '^\s*(\+|00)' abroad) given,
           LATERAL (SELECT ltrim(digits, '0') bare) b,
           LATERAL (SELECT digits key
                    UNION SELECT bare
                    UNION SELECT ltrim(substr(bare, 1 + code), '0')
                      FROM generate_series(1, 3) code WHERE abroad) keys
     WHERE length(key) >= 4
$$;

-- Codes are also found when written together, and a postcode by its area.
CREATE FUNCTION search_codes(VARIADIC codes text[]) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT array_to_tsvector(coalesce(array_agg(DISTINCT key), '{}'))
      FROM unnest(codes) code, LATERAL (SELECT lower(regexp_replace(code, '[^[:alnum:]]', '', 'g')) key) k
     WHERE key <> ''
$$;
CREATE FUNCTION search_area(postcode text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN postcode <> '' THEN 'area' || lower(split_part(btrim(postcode), ' ', 1)) END
$$;

-- What is asked for. Every text gives a query: the last word may be a beginning, and a number may be
-- a phone's. `phone` is the text as typed where it can be a number, else empty.
CREATE FUNCTION search_query(words text, phone text) RETURNS tsquery LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
    asked tsquery := websearch_to_tsquery('makegood', words);
    keys text[] := search_phone_keys(phone);
BEGIN
    IF words ~ '([^\s"]{2}| \w)$' AND asked::text ~ '''$' THEN
        asked := (asked::text || ':*')::tsquery;
    END IF;
    IF cardinality(keys) > 0 THEN
        asked := asked || (SELECT string_agg(quote_literal(key) || ':*', ' | ') FROM unnest(keys) key)::tsquery;
    END IF;
    RETURN asked;
END $$;

-- The words of one thing, from their sources.

CREATE FUNCTION search_words_of_customer(sought bigint) RETURNS tsvector LANGUAGE sql STABLE AS $$
    SELECT setweight(search_words(name), 'A')
        || setweight(search_words(concat_ws(' ', address, postcode, email, phone)), 'B')
        || search_codes(postcode) || array_to_tsvector(search_phone_keys(phone))
      FROM records_customer WHERE id = sought
$$;

CREATE FUNCTION search_words_of_asset(sought bigint) RETURNS tsvector LANGUAGE sql STABLE AS $$
    SELECT setweight(search_words(a.name), 'A')
        || setweight(search_words(concat_ws(' ', a.place, a.external_id)), 'B')
        || setweight(search_words(concat_ws(' ', c.name, c.postcode)), 'C')
        || search_codes(a.external_id, c.postcode)
      FROM records_asset a JOIN records_customer c ON c.id = a.customer_id WHERE a.id = sought
$$;

-- What is in a report beside its words: keys, choices and counts that nobody searches for.
CREATE FUNCTION search_text_of_report(raw jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE jsonb_typeof(raw)
           WHEN 'object' THEN
               (SELECT string_agg(value, ' ') FROM jsonb_each_text(raw)
                 WHERE key NOT IN ('key', 'customer', 'asset', 'function', 'harm', 'lives_in', 'taken_by',
                                   'vulnerable', 'hold_minutes', 'talk_minutes'))
           WHEN 'array' THEN raw::text
           ELSE raw #>> '{}' END
$$;

-- What the clock says by itself is the same in every case: nobody searches for it.
CREATE FUNCTION search_words_of_case(sought bigint) RETURNS tsvector LANGUAGE sql STABLE AS $$
    SELECT setweight(search_words(concat_ws(' ', c.reference, u.name)), 'A')
        || setweight(search_words(concat_ws(' ', c.title, a.name, a.external_id)), 'B')
        || setweight(search_words(concat_ws(' ', a.place, u.address, u.postcode, u.email, u.phone, c.wanted)), 'C')
        || search_codes(c.reference, u.postcode, a.external_id, search_area(u.postcode))
        || array_to_tsvector(search_phone_keys(u.phone))
        || search_words(left((
               SELECT string_agg(t.words, ' ' ORDER BY t.at DESC) FROM (
                   SELECT words, said_at at FROM records_promise WHERE case_id = c.id AND speaker <> 'system'
                   UNION ALL SELECT note, happened_at FROM records_contact WHERE case_id = c.id AND note <> ''
                   UNION ALL SELECT words, said_at FROM records_message WHERE case_id = c.id AND words <> ''
                   UNION ALL SELECT search_text_of_report(raw), happened_at FROM records_report WHERE case_id = c.id
               ) t), 20000))
      FROM records_case c JOIN records_customer u ON u.id = c.customer_id
      LEFT JOIN records_asset a ON a.id = c.asset_id
     WHERE c.id = sought
$$;

-- Since when the customer waits: the first time they reached us after we last reached them.
CREATE FUNCTION search_waiting_since(sought bigint) RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT min(happened_at) FROM records_contact
     WHERE case_id = sought AND direction = 'inbound' AND happened_at > coalesce(greatest(
        (SELECT max(happened_at) FROM records_contact WHERE case_id = sought AND direction = 'outbound'),
        (SELECT max(said_at) FROM records_message WHERE case_id = sought)), '-infinity')
$$;

-- Writing them. A case that is not there (the clock's canary) is not made.

CREATE FUNCTION search_set_customer(sought bigint) RETURNS void LANGUAGE sql AS $$
    INSERT INTO records_customersearch (customer_id, words, alike)
    SELECT id, search_words_of_customer(id), search_folded(name) FROM records_customer
     WHERE id = sought AND uuid <> '6d616b65-676f-4f64-8000-63616e617279'
    ON CONFLICT (customer_id) DO UPDATE SET words = EXCLUDED.words, alike = EXCLUDED.alike
$$;
CREATE FUNCTION search_set_asset(sought bigint) RETURNS void LANGUAGE sql AS $$
    INSERT INTO records_assetsearch (asset_id, words, alike)
    SELECT id, search_words_of_asset(id), search_folded(concat_ws(' ', name, place)) FROM records_asset
     WHERE id = sought
    ON CONFLICT (asset_id) DO UPDATE SET words = EXCLUDED.words, alike = EXCLUDED.alike
$$;
CREATE FUNCTION search_set_case(sought bigint) RETURNS void LANGUAGE sql AS $$
    INSERT INTO records_casesearch (case_id, words, alike, waiting_since)
    SELECT id, search_words_of_case(id), search_folded(title), search_waiting_since(id) FROM records_case
     WHERE id = sought AND NOT is_canary
    ON CONFLICT (case_id) DO UPDATE
       SET words = EXCLUDED.words, alike = EXCLUDED.alike, waiting_since = EXCLUDED.waiting_since
$$;
-- Cheaper than making it anew: a long case has hundreds of promises. Past 4,000 different words, far
-- beyond what a case says, it is made anew instead, from the newest words only.
CREATE FUNCTION search_add_to_case(sought bigint, more text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE records_casesearch SET words = words || search_words(more)
     WHERE case_id = sought AND length(words) < 4000;
    IF NOT FOUND THEN
        PERFORM search_set_case(sought);
    END IF;
END $$;

CREATE FUNCTION search_fill() RETURNS void LANGUAGE sql AS $$
    DELETE FROM records_customersearch;
    DELETE FROM records_assetsearch;
    DELETE FROM records_casesearch;
    INSERT INTO records_customersearch (customer_id, words, alike)
        SELECT id, search_words_of_customer(id), search_folded(name) FROM records_customer
         WHERE uuid <> '6d616b65-676f-4f64-8000-63616e617279';
    INSERT INTO records_assetsearch (asset_id, words, alike)
        SELECT id, search_words_of_asset(id), search_folded(concat_ws(' ', name, place)) FROM records_asset;
    INSERT INTO records_casesearch (case_id, words, alike, waiting_since)
        SELECT id, search_words_of_case(id), search_folded(title), search_waiting_since(id)
          FROM records_case WHERE NOT is_canary ORDER BY id;
$$;

CREATE FUNCTION search_follows_customer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        DELETE FROM records_customersearch WHERE customer_id = OLD.id;
    ELSIF TG_OP = 'INSERT' THEN
        PERFORM search_set_customer(NEW.id);
    ELSIF (NEW.name, NEW.email, NEW.phone, NEW.address, NEW.postcode)
       IS DISTINCT FROM (OLD.name, OLD.email, OLD.phone, OLD.address, OLD.postcode) THEN
        PERFORM search_set_customer(NEW.id);
        PERFORM search_set_asset(a.id) FROM records_asset a WHERE a.customer_id = NEW.id ORDER BY a.id;
        PERFORM search_set_case(c.id) FROM records_case c WHERE c.customer_id = NEW.id ORDER BY c.id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER customer_is_found_by_their_words AFTER INSERT OR DELETE OR UPDATE OF name, email, phone, address, postcode
    ON records_customer FOR EACH ROW EXECUTE FUNCTION search_follows_customer();

CREATE FUNCTION search_follows_asset() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        DELETE FROM records_assetsearch WHERE asset_id = OLD.id;
    ELSIF TG_OP = 'INSERT' THEN
        PERFORM search_set_asset(NEW.id);
    ELSIF (NEW.name, NEW.place, NEW.external_id, NEW.customer_id)
       IS DISTINCT FROM (OLD.name, OLD.place, OLD.external_id, OLD.customer_id) THEN
        PERFORM search_set_asset(NEW.id);
        PERFORM search_set_case(c.id) FROM records_case c WHERE c.asset_id = NEW.id ORDER BY c.id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER asset_is_found_by_its_words AFTER INSERT OR DELETE OR UPDATE OF name, place, external_id, customer_id
    ON records_asset FOR EACH ROW EXECUTE FUNCTION search_follows_asset();

CREATE FUNCTION search_follows_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' OR (NEW.reference, NEW.title, NEW.wanted, NEW.customer_id, NEW.asset_id)
       IS DISTINCT FROM (OLD.reference, OLD.title, OLD.wanted, OLD.customer_id, OLD.asset_id) THEN
        PERFORM search_set_case(NEW.id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER case_is_found_by_its_words AFTER INSERT OR UPDATE OF reference, title, wanted, customer_id, asset_id
    ON records_case FOR EACH ROW WHEN (NOT NEW.is_canary) EXECUTE FUNCTION search_follows_case();

CREATE FUNCTION search_follows_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM search_add_to_case(NEW.case_id, NEW.words);
    ELSIF NEW.words IS DISTINCT FROM OLD.words THEN
        PERFORM search_set_case(NEW.case_id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER case_is_found_by_its_promises AFTER INSERT OR UPDATE OF words ON records_promise
    FOR EACH ROW WHEN (NEW.speaker <> 'system') EXECUTE FUNCTION search_follows_words();
CREATE TRIGGER case_is_found_by_what_was_said AFTER UPDATE OF words, said_at ON records_message
    FOR EACH ROW EXECUTE FUNCTION search_follows_words();

CREATE FUNCTION search_follows_contact() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        PERFORM search_set_case(NEW.case_id);
        RETURN NULL;
    END IF;
    UPDATE records_casesearch SET waiting_since = search_waiting_since(NEW.case_id) WHERE case_id = NEW.case_id;
    IF NEW.note <> '' THEN
        PERFORM search_add_to_case(NEW.case_id, NEW.note);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER case_is_found_by_its_contacts AFTER INSERT OR UPDATE OF note, happened_at, direction ON records_contact
    FOR EACH ROW EXECUTE FUNCTION search_follows_contact();

CREATE FUNCTION search_follows_report() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.raw IS DISTINCT FROM OLD.raw THEN
        PERFORM search_set_case(NEW.case_id);
    ELSE
        PERFORM search_add_to_case(NEW.case_id, search_text_of_report(NEW.raw));
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER case_is_found_by_its_reports AFTER INSERT OR UPDATE OF case_id, raw ON records_report
    FOR EACH ROW WHEN (NEW.case_id IS NOT NULL) EXECUTE FUNCTION search_follows_report();

SELECT search_fill();
