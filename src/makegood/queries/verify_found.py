"""The questions that `verify` puts about gestures and found things (R44, R45)."""

QUESTIONS = [
    (
        "7 granted means paid",
        "has everything that was found a promise to bring it",
        """
        SELECT 'found ' || f.id, 'nobody promised its customer to bring it'
        FROM records_foundthing f
        WHERE NOT EXISTS (SELECT 1
        FROM records_promise p
        WHERE p.case_id = f.case_id
        AND p.kind = CASE f.kind WHEN 'property' THEN 'delivery' ELSE 'redress' END)
        """,
    ),
    (
        "7 granted means paid",
        "is all found money paid as it was found, and nothing else",
        """
        SELECT coalesce('found ' || f.id, 'remedy ' || r.id),
        'what was found and what is paid are not the same'
        FROM (SELECT * FROM records_foundthing WHERE kind <> 'property') f
        FULL JOIN (SELECT * FROM records_remedy WHERE source = 'found') r ON r.case_id = f.case_id
        WHERE (f.amount_minor, f.currency) IS DISTINCT FROM (r.amount_minor, r.currency)
        """,
    ),
    (
        "gestures",
        "did every gesture come after an apology, on a case that did not end without a yes",
        """
        SELECT 'gesture ' || g.id, 'it came before an apology, or on a case that it is not for'
        FROM records_gesture g JOIN records_case c ON c.id = g.case_id
        LEFT JOIN records_parting q ON q.id = c.closed_by_parting_id
        WHERE c.is_canary
        OR (q.id IS NOT NULL AND c.closed_at <= g.given_at)
        OR NOT EXISTS (SELECT 1
        FROM records_message m
        WHERE m.case_id = c.id
        AND m.kind = 'apology'
        AND m.said_at <= g.given_at)
        """,
    ),
    (
        "gestures",
        "was no gesture given by somebody to themselves or their own",
        """
        SELECT 'gesture ' || g.id, 'it was given to whoever gave it, or to their own'
        FROM records_gesture g JOIN records_case c ON c.id = g.case_id
        WHERE EXISTS (SELECT 1
        FROM records_staff s JOIN records_customer k ON k.id = c.customer_id
        WHERE s.id = g.given_by_id
        AND k.email <> ''
        AND lower(s.email) = lower(k.email))
        """,
    ),
    (
        "gestures",
        "was every gesture of the catalogue, at its cost",
        """
        SELECT 'gesture ' || g.id, 'it is not what the catalogue has, or at another cost'
        FROM records_gesture g JOIN records_gestureitem i ON i.id = g.item_id
        WHERE (g.what, g.cost_minor, g.currency) <> (i.name, i.cost_minor, i.currency)
        OR i.retired_at < g.given_at
        """,
    ),
    (
        "gestures",
        "did every team stay within its budget",
        """
        SELECT 'gesture ' || g.id, 'with it, its team spent more than it may within the period'
        FROM records_gesture g
        LEFT JOIN LATERAL (SELECT *
        FROM records_gesturebudget b
        WHERE b.team_id = g.team_id
        AND b.currency = g.currency
        AND b.since <= g.given_at
        AND (b.ended_at IS NULL OR b.ended_at > g.given_at)
        ORDER BY b.since DESC LIMIT 1) b ON true
        WHERE b.id IS NULL
        OR b.per_period_minor < (SELECT sum(o.cost_minor)
        FROM records_gesture o
        WHERE o.team_id = g.team_id
        AND o.currency = g.currency
        AND o.given_at > g.given_at - make_interval(days => b.period_days)
        AND (o.given_at, o.id) <= (g.given_at, g.id))
        """,
    ),
]

GUARD_TRIGGERS = frozenset(
    """
    gesture_only_grows gesture_item_stays gesture_budget_stays gesture_budget_keeps_its_terms
    gesture_after_correction_apology_and_date found_stays found_stays_as_found found_is_promised
    found_money_is_paid remedy_of_found_money_is_what_was_found
    """.split()  # noqa: SIM905 - a list of names reads better as a list of names
)
GUARD_CONSTRAINTS = frozenset(
    """
    gesture_once_per_case gesture_once_by_key gesture_item_has_a_name_and_a_currency
    gesture_budget_makes_sense gesture_budget_ends_after_it_began found_once
    found_is_a_thing_or_money approval_is_not_asked_for_found_money
    """.split()  # noqa: SIM905 - as above
)
