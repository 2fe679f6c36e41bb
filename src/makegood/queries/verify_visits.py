"""What `verify` asks of visits: nobody is booked twice, and every window held was promised."""

QUESTIONS = [
    (
        "2 never silent",
        "is no crew booked twice",
        """
        SELECT 'slot ' || s.id, 'it overlaps slot ' || o.id || ' of the same crew'
        FROM records_slot s JOIN records_slot o ON o.crew_id = s.crew_id AND o.lane = s.lane
        AND o.id > s.id AND tstzrange(o.opens_at, o.closes_at) && tstzrange(s.opens_at, s.closes_at)
        WHERE s.released_at IS NULL
        AND o.released_at IS NULL
        """,
    ),
    (
        "3 settled once",
        "is the window of every visit promised, or about to be told",
        """
        SELECT 'visit ' || v.id, 'nobody promised the time that is held for it'
        FROM records_visit v
        JOIN records_slot s ON s.visit_id = v.id AND s.released_at IS NULL
        LEFT JOIN records_promise p ON p.id = v.promise_id
        WHERE v.outcome IS NULL
        AND (p.id IS NULL OR p.kind <> 'visit' OR p.case_id <> v.case_id
        OR p.outcome IN ('released', 'replaced')
        OR (p.outcome IS NULL
        AND (p.earliest_at, p.due_at) IS DISTINCT FROM (s.opens_at, s.closes_at)
        AND NOT EXISTS (SELECT 1
        FROM records_promiserevision r
        WHERE r.promise_id = p.id
        AND r.told_at IS NULL
        AND r.old_due_at = p.due_at
        AND r.new_due_at = s.closes_at)))
        """,
    ),
    (
        "3 settled once",
        "was every new time of a visit told, or is it owed once",
        """
        SELECT 'visit ' || v.id, 'its new time was neither told nor is it owed once'
        FROM records_visit v
        JOIN records_slot s ON s.visit_id = v.id AND s.released_at IS NULL
        JOIN records_promise p ON p.id = v.promise_id
        WHERE v.outcome IS NULL
        AND p.outcome IS NULL
        AND p.due_at <> s.closes_at
        AND (SELECT count(*)
        FROM records_message m
        WHERE m.kind = 'visit'
        AND m.promise_id = p.id
        AND m.said_at IS NULL) <> 1
        """,
    ),
    (
        "4 only true words",
        "is every visit that is called sure ready",
        """
        SELECT 'visit ' || v.id, 'it is called sure, and something is missing'
        FROM records_visit v
        WHERE v.outcome IS NULL
        AND v.confirmed_at IS NOT NULL
        AND NOT visit_is_ready(v)
        """,
    ),
    (
        "2 never silent",
        "did every visit that failed leave a next one",
        """
        SELECT 'visit ' || v.id, 'it failed, and no visit follows it'
        FROM records_visit v
        WHERE v.outcome = 'failed'
        AND NOT EXISTS (SELECT 1
        FROM records_visit n
        WHERE n.follows_id = v.id)
        """,
    ),
    (
        "5 nothing lost",
        "is what is expected of every order what was last said of it",
        """
        SELECT 'order ' || o.id, 'its arrival is not what was last said'
        FROM records_partorder o
        WHERE o.eta_at IS DISTINCT FROM (SELECT e.new_at
        FROM records_etachange e
        WHERE e.order_id = o.id
        ORDER BY e.number DESC LIMIT 1)
        """,
    ),
]

GUARD_TRIGGERS = frozenset(
    """
    visit_stays slot_stays order_stays diagnosis_only_grows eta_only_grows crew_absence_stays
    slot_fits_its_crew crew_absence_waits_for_slots slot_keeps_its_terms order_keeps_its_terms
    order_eta_has_its_history visit_keeps_its_terms visit_is_judged visit_is_judged_by_its_slot
    visits_of_a_promise_are_judged visits_of_an_order_are_judged case_closes_with_no_visit_open
    """.split()  # noqa: SIM905 - a list of names reads better as a list of names
)
GUARD_CONSTRAINTS = frozenset(
    """
    slot_is_never_double_booked visit_open_is_watched visit_done_by_who_came
    visit_open_or_ended order_fits_because_somebody_says_why slot_released_for_a_cause
    """.split()  # noqa: SIM905 - as above
)
