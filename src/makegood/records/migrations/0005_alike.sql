-- Misspelt words, where the extension pg_trgm is there; else nothing is ever alike. Run again after
-- the extension was added, it takes effect.
DO $$
DECLARE kind text;
BEGIN
    FOREACH kind IN ARRAY ARRAY['case', 'customer', 'asset'] LOOP
        IF EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm') THEN
            EXECUTE format('CREATE INDEX IF NOT EXISTS %1$s_search_by_likeness
                                ON records_%1$ssearch USING gin (alike gin_trgm_ops)', kind);
            EXECUTE format($f$
                CREATE OR REPLACE FUNCTION search_%1$ss_alike(typed text, most int) RETURNS SETOF bigint
                LANGUAGE sql STABLE SET pg_trgm.word_similarity_threshold = 0.35 AS $g$
                    SELECT %1$s_id FROM records_%1$ssearch WHERE search_folded(typed) <%% alike
                     ORDER BY word_similarity(search_folded(typed), alike) DESC, %1$s_id DESC LIMIT most
                $g$ $f$, kind);
        ELSE
            EXECUTE format($f$
                CREATE OR REPLACE FUNCTION search_%1$ss_alike(typed text, most int) RETURNS SETOF bigint
                LANGUAGE sql STABLE AS $g$ SELECT %1$s_id FROM records_%1$ssearch WHERE false $g$ $f$, kind);
        END IF;
    END LOOP;
END $$;
