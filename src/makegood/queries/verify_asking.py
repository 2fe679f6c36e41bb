"""The questions that `verify` puts about asking and closing (law 8)."""

QUESTIONS = [
    (
        "8 asked before closed",
        "was every case that closed by an answer closed by its own customer's",
        """
        SELECT 'case ' || c.reference, 'it was closed without an answer of its customer'
        FROM records_case c
        LEFT JOIN records_contact k ON k.id = c.closed_by_contact_id
        LEFT JOIN records_reply r ON r.contact_id = k.id AND r.kind = 'not_right'
        WHERE c.closed_at IS NOT NULL
        AND c.closed_by_asking_id IS NULL
        AND c.closed_by_parting_id IS NULL
        AND (k.id IS NULL
        OR k.case_id <> c.id
        OR k.direction <> 'inbound'
        OR k.withdrawn_at IS NOT NULL
        OR r.id IS NOT NULL)
        """,
    ),
    (
        "8 asked before closed",
        "was every customer whose silence closed a case asked twice, with time to answer",
        """
        SELECT 'case ' || c.reference, 'its customer was not asked twice before silence closed it'
        FROM records_case c JOIN records_asking a ON a.id = c.closed_by_asking_id
        LEFT JOIN records_asking f ON f.id = a.first_id
        LEFT JOIN records_message m ON m.id = a.message_id AND m.said_at = a.asked_at
        LEFT JOIN records_message o ON o.id = f.message_id AND o.said_at = f.asked_at
        WHERE a.case_id <> c.id
        OR m.id IS NULL
        OR o.id IS NULL
        OR a.asked_at < f.act_at
        OR c.closed_at < a.act_at
        """,
    ),
    (
        "8 asked before closed",
        "was every unsatisfied customer told where to turn, by the top of the ladder",
        """
        SELECT 'case ' || c.reference, 'it ended without a yes, and the customer was not told'
        FROM records_case c JOIN records_parting p ON p.id = c.closed_by_parting_id
        LEFT JOIN records_message m ON m.id = p.message_id AND m.said_at IS NOT NULL
        WHERE p.case_id <> c.id
        OR m.id IS NULL
        OR p.route = ''
        OR NOT EXISTS (SELECT 1
        FROM records_escalation e
        WHERE e.case_id = c.id
        AND e.acknowledged_by_id = p.decided_by_id)
        """,
    ),
    (
        "8 asked before closed",
        "was every want answered before its case closed",
        """
        SELECT 'want ' || w.id, 'its case is closed, and nobody answered it'
        FROM records_want w JOIN records_case c ON c.id = w.case_id
        WHERE c.closed_at IS NOT NULL
        AND num_nonnulls(w.promise_id, w.declined_at, w.let_go_by_id) = 0
        """,
    ),
    (
        "8 asked before closed",
        "did every case open again of which somebody outside upheld the complaint",
        """
        SELECT 'review ' || v.id, 'it was upheld, and its case did not open again'
        FROM records_review v JOIN records_parting p ON p.id = v.parting_id
        WHERE p.case_id <> v.case_id
        OR v.verdict <> 'not_upheld'
        AND NOT EXISTS (SELECT 1
        FROM records_timelineentry e
        WHERE e.case_id = v.case_id
        AND e.kind IN ('case_reopened', 'closing_taken_back')
        AND e.recorded_at >= p.decided_at)
        """,
    ),
]

GUARD_TRIGGERS = frozenset(
    """
    asking_stays want_stays parting_stays asking_goes_forward asking_counts_once_it_was_said
    parting_after_the_whole_ladder want_is_answered_once want_is_of_its_own_case
    case_is_asked_before_it_closes closed_case_has_no_open_want want_on_an_open_case
    asking_on_an_open_case review_stays review_stays_as_recorded review_is_of_its_parting
    """.split()  # noqa: SIM905 - a list of names reads better as a list of names
)
GUARD_CONSTRAINTS = frozenset(
    """
    case_closed_by_an_answer_a_silence_or_a_parting asking_is_the_first_or_the_second
    asking_waits_for_an_answer want_ends_one_way want_is_declined_with_a_reason_and_an_alternative
    parting_says_what_was_tried_and_where_to_turn contact_on_their_page_is_by_the_customer
    review_verdict_is_known review_says_who_decided_and_what
    """.split()  # noqa: SIM905 - as above
)
