"""The questions that `verify` puts about authority, remedies and money (laws 6 and 7)."""

QUESTIONS = [
    (
        "6 never can't for won't",
        "was every request decided by somebody else than who asked, or waits with a clock",
        """
        SELECT 'request ' || q.id, 'it was decided by who asked for it'
        FROM records_approvalrequest q
        WHERE q.decided_by_id = q.requested_by_id
        OR (q.decided_at IS NULL AND q.approver_id = q.requested_by_id)
        """,
    ),
    (
        "6 never can't for won't",
        "was every approved request granted as it was approved",
        """
        SELECT 'request ' || q.id, 'it was approved, and what it asked for was not granted'
        FROM records_approvalrequest q
        LEFT JOIN records_remedy r ON r.approval_id = q.id
        WHERE q.approved
        AND (r.id IS NULL
        OR (r.amount_minor, r.currency, r.case_id) <> (q.amount_minor, q.currency, q.case_id))
        """,
    ),
    (
        "6 never can't for won't",
        "was every request declined with a reason and an alternative",
        """
        SELECT 'request ' || q.id, 'it was declined without a reason or an alternative'
        FROM records_approvalrequest q
        WHERE NOT q.approved
        AND (q.why = '' OR q.instead = '')
        """,
    ),
    (
        "7 granted means paid",
        "has every open remedy an open promise, and every ended one a settled promise",
        """
        SELECT 'remedy ' || r.id, 'its promise is ' || coalesce(p.outcome, 'open')
        || ' while it is ' || coalesce(r.outcome, 'open')
        FROM records_remedy r JOIN records_promise p ON p.id = r.promise_id
        WHERE (r.outcome IS NULL) <> (p.outcome IS NULL)
        OR p.case_id <> r.case_id
        """,
    ),
    (
        "7 granted means paid",
        "has every remedy that arrived a payment that arrived, and no other one two",
        """
        SELECT 'remedy ' || r.id,
        'it is ' || coalesce(r.outcome, 'open') || ' with ' || count(m.id) || ' payments arrived'
        FROM records_remedy r
        LEFT JOIN records_payment m ON m.remedy_id = r.id AND m.state = 'arrived'
        GROUP BY r.id, r.outcome
        HAVING count(m.id) <> (r.outcome IS NOT DISTINCT FROM 'arrived')::int
        """,
    ),
    (
        "7 granted means paid",
        "was every remedy put into words for the customer",
        """
        SELECT 'remedy ' || r.id, 'nothing was queued to tell the customer of it'
        FROM records_remedy r
        WHERE NOT EXISTS (SELECT 1
        FROM records_message m
        WHERE m.about = 'remedy:' || r.id || ':granted')
        """,
    ),
    (
        "7 granted means paid",
        "do the entries of every booking sum to zero",
        """
        SELECT 'booking ' || t.id, 'its entries sum to ' || coalesce(sum(e.amount_minor), 0)
        FROM records_ledgertransaction t
        LEFT JOIN records_ledgerentry e ON e.transaction_id = t.id
        GROUP BY t.id, e.currency
        HAVING coalesce(sum(e.amount_minor), 1) <> 0
        """,
    ),
    (
        "7 granted means paid",
        "does the ledger owe what was granted and has not arrived",
        """
        SELECT 'remedy ' || r.id, 'the ledger owes ' || -coalesce(sum(e.amount_minor), 0)
        FROM records_remedy r
        LEFT JOIN records_ledgertransaction t ON t.remedy_id = r.id
        LEFT JOIN records_ledgerentry e ON e.transaction_id = t.id AND e.account = 'owed'
        GROUP BY r.id
        HAVING -coalesce(sum(e.amount_minor), 0)
        <> CASE WHEN r.outcome IS NULL THEN r.amount_minor ELSE 0 END
        """,
    ),
]

GUARD_TRIGGERS = frozenset(
    """
    remedy_stays approval_stays payment_stays authority_stays fee_stays withholding_only_grows
    ledger_only_grows ledger_entries_only_grow authority_keeps_its_terms remedy_is_authorised
    approval_begins_open approval_keeps_its_terms case_closes_with_nothing_asked
    remedy_keeps_its_terms granted_means_paid promise_of_a_remedy_ends_with_it
    payment_is_what_was_granted payment_settled_once ledger_balances ledger_booking_has_entries
    ledger_follows_the_remedy ledger_books_what_happened
    """.split()  # noqa: SIM905 - a list of names reads better as a list of names
)
GUARD_CONSTRAINTS = frozenset(
    """
    approval_by_another_than_who_asked approval_open_or_decided
    approval_by_silence_only_of_small_sums approval_declined_with_a_reason_and_an_alternative
    remedy_open_or_settled remedy_is_granted_by_somebody remedy_once_by_key
    payment_waits_or_is_sent_or_arrived_or_failed ledger_books_once
    """.split()  # noqa: SIM905 - as above
)
