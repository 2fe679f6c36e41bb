"""The questions that `verify` puts about honour: claims, their ladder, and confirmed errors."""

QUESTIONS = [
    (
        "6 never can't for won't",
        "was every claim settled by what the customer got, or let go of by them",
        """
        SELECT 'claim ' || c.id, 'it was settled, and no rung of its ladder was taken'
        FROM records_claim c
        WHERE c.settled_at IS NOT NULL
        AND c.outcome <> 'let_go'
        AND NOT EXISTS (SELECT 1
        FROM records_claimstep s
        WHERE s.claim_id = c.id
        AND s.taken
        AND s.rung = CASE c.outcome WHEN 'honoured' THEN 'do' WHEN 'substituted' THEN 'offer'
        ELSE 'value' END)
        """,
    ),
    (
        "6 never can't for won't",
        "was every rung decided after the one before",
        """
        SELECT 'claim ' || s.claim_id, 'the rung ' || s.rung || ' came before its turn'
        FROM records_claimstep s
        WHERE (s.rung = 'offer'
        AND NOT EXISTS (SELECT 1
        FROM records_claimstep b
        WHERE b.claim_id = s.claim_id
        AND b.rung = 'do'
        AND NOT b.taken
        AND b.decided_at <= s.decided_at))
        OR (s.rung = 'value'
        AND NOT EXISTS (SELECT 1
        FROM records_claimstep b
        WHERE b.claim_id = s.claim_id
        AND b.rung = 'offer'
        AND NOT b.taken
        AND b.decided_at <= s.decided_at))
        """,
    ),
    (
        "8 asked before closed",
        "was every claim settled before its case closed",
        """
        SELECT 'claim ' || c.id, 'its case is closed, and nobody decided on it'
        FROM records_claim c JOIN records_case k ON k.id = c.case_id
        WHERE k.closed_at IS NOT NULL
        AND c.settled_at IS NULL
        """,
    ),
    (
        "3 settled once",
        "was no promise taken back while it was claimed",
        """
        SELECT 'promise ' || p.id, 'it was taken back while its claim was open'
        FROM records_promise p JOIN records_claim c ON c.promise_id = p.id
        WHERE p.outcome IN ('released', 'replaced')
        AND p.settled_by_id IS NOT NULL
        AND p.settled_recorded_at >= c.recorded_at
        AND (c.settled_at IS NULL
        OR p.settled_recorded_at < c.settled_at)
        """,
    ),
    (
        "5 nothing lost",
        "has every confirmed error somebody who learns from it",
        """
        SELECT 'doubt ' || d.id, 'an error was found, and nobody owns the gap'
        FROM records_doubt d
        WHERE d.verdict IN ('article_wrong', 'statement_wrong')
        AND d.gap_owner_id IS NULL
        """,
    ),
]

GUARD_TRIGGERS = frozenset(
    """
    claim_stays claim_step_stays article_stays doubt_stays claim_stays_as_it_was_said
    claim_is_of_its_own_case claim_is_settled_by_its_ladder claim_step_comes_in_order
    claim_step_is_answered_once claim_step_is_of_its_own_case
    promise_is_not_taken_back_before_the_ladder closed_case_has_no_open_claim claim_on_an_open_case
    article_stays_as_written doubt_is_answered_once
    """.split()  # noqa: SIM905 - a list of names reads better as a list of names
)
GUARD_CONSTRAINTS = frozenset(
    """
    claim_ends_by_its_ladder_or_by_the_customer claim_step_taken_gives_something
    claim_step_is_told_to_the_customer claim_step_of_value_gives_value
    doubt_is_answered_with_a_verdict_and_why doubt_of_an_error_leaves_a_gap_with_an_owner
    """.split()  # noqa: SIM905 - as above
)
