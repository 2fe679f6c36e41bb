-- Cases that are opened together are made findable together, by one statement. A customer's own
-- words are taken as they were made for finding them, not made again for each of their cases. What
-- was made before finds as well as it did, and is not made anew.

-- What cases are found by before anything was said in them.
CREATE FUNCTION search_heads_of_cases(sought bigint[])
RETURNS TABLE (case_id bigint, words tsvector, alike text) LANGUAGE sql STABLE AS $$
    SELECT c.id,
           setweight(search_words(concat_ws(' ', c.reference, u.name)), 'A')
        || setweight(search_words(concat_ws(' ', c.title, a.name, a.external_id)), 'B')
        || setweight(search_words(nullif(concat_ws(' ', a.place, c.wanted), '')), 'C')
        || coalesce(setweight(s.words, 'C'), '')
        || search_codes(c.reference, a.external_id, search_area(u.postcode)),
           search_folded(c.title)
      FROM records_case c JOIN records_customer u ON u.id = c.customer_id
      LEFT JOIN records_customersearch s ON s.customer_id = u.id
      LEFT JOIN records_asset a ON a.id = c.asset_id
     WHERE c.id = ANY(sought)
$$;

CREATE OR REPLACE FUNCTION search_words_of_case(sought bigint) RETURNS tsvector LANGUAGE sql STABLE AS $$
    SELECT h.words
        || search_words(left((
               SELECT string_agg(t.words, ' ' ORDER BY t.at DESC) FROM (
                   SELECT words, said_at at FROM records_promise WHERE case_id = sought AND speaker <> 'system'
                   UNION ALL SELECT note, happened_at FROM records_contact WHERE case_id = sought AND note <> ''
                   UNION ALL SELECT words, said_at FROM records_message WHERE case_id = sought AND words <> ''
                   UNION ALL SELECT search_text_of_report(raw), happened_at FROM records_report WHERE case_id = sought
               ) t), 20000))
      FROM search_heads_of_cases(ARRAY[sought]) h
$$;

-- Of what is said by the same statement, its own triggers come first: then the row is there.
CREATE FUNCTION search_follows_new_cases() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO records_casesearch (case_id, words, alike)
        SELECT h.case_id, h.words, h.alike
          FROM search_heads_of_cases(ARRAY(SELECT id FROM opened WHERE NOT is_canary ORDER BY id)) h
         ORDER BY h.case_id
        ON CONFLICT (case_id) DO NOTHING;
    RETURN NULL;
END $$;

DROP TRIGGER case_is_found_by_its_words ON records_case;
CREATE TRIGGER case_is_found_by_its_words AFTER INSERT ON records_case
    REFERENCING NEW TABLE AS opened FOR EACH STATEMENT EXECUTE FUNCTION search_follows_new_cases();
CREATE TRIGGER case_is_found_by_its_new_words AFTER UPDATE OF reference, title, wanted, customer_id, asset_id
    ON records_case FOR EACH ROW WHEN (NOT NEW.is_canary) EXECUTE FUNCTION search_follows_case();
