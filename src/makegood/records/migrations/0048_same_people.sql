-- Goodwill to one customer counts what the same person was given under any of their entries: the
-- same telephone number or e-mail address. A switchboard, or what somebody types where they have no
-- number, is shared by many and is nobody's.

-- The ten last digits without the zeros in front, which a number of a country with so many has at
-- home and abroad alike. Shorter ones are told apart by all of their digits, and too short ones are
-- no number: better two entries of one person than one of two.
CREATE FUNCTION number_of(phone text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN length(digits) >= 9 THEN right(digits, 10) END
      FROM (SELECT ltrim(regexp_replace(regexp_replace(phone, '(ext|x|#|,|;|/).*$', '', 'i'), '[^0-9]', '', 'g'), '0'))
        AS bare(digits)
$$;
CREATE INDEX customer_by_number ON records_customer (number_of(phone)) WHERE number_of(phone) IS NOT NULL;
CREATE INDEX customer_by_email ON records_customer (lower(email)) WHERE email <> '';

CREATE FUNCTION same_people(the_customer bigint) RETURNS SETOF bigint LANGUAGE sql STABLE AS $$
    WITH it AS MATERIALIZED (SELECT number_of(c.phone) AS number, nullif(lower(c.email), '') AS email
                               FROM records_customer c WHERE c.id = the_customer),
         by_number AS MATERIALIZED (SELECT c.id FROM records_customer c
                                     WHERE number_of(c.phone) = (SELECT number FROM it) LIMIT 21),
         by_email AS MATERIALIZED (SELECT c.id FROM records_customer c
                                    WHERE c.email <> '' AND lower(c.email) = (SELECT email FROM it) LIMIT 21)
    SELECT the_customer
     UNION SELECT n.id FROM by_number n WHERE (SELECT count(*) FROM by_number) <= 20
     UNION SELECT e.id FROM by_email e WHERE (SELECT count(*) FROM by_email) <= 20
$$;

CREATE FUNCTION counted_with(the_customer bigint, the_activity text) RETURNS SETOF bigint LANGUAGE sql STABLE AS $$
    SELECT the_customer UNION SELECT same_people(the_customer) WHERE the_activity = 'goodwill'
$$;

-- As given_to, over all entries of the person.
CREATE FUNCTION given_to_person(the_customer bigint, the_currency text, the_activity text, since timestamptz)
RETURNS numeric LANGUAGE sql STABLE AS $$
    SELECT coalesce(sum(given_to(one, the_currency, the_activity, since)), 0)
      FROM counted_with(the_customer, the_activity) one
$$;
