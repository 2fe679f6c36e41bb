"""The questions that `verify` puts about erasing: who was erased stays so, and by no other door."""

QUESTIONS = [
    (
        "5 nothing lost",
        "is nothing left of whoever was erased",
        """
        SELECT 'customer ' || c.id, 'they were erased, and their name or address is there'
        FROM records_erasure e JOIN records_customer c ON c.id = e.customer_id
        WHERE c.name <> '—'
        OR c.email <> ''
        OR c.phone <> ''
        OR c.address <> ''
        """,
    ),
    (
        "5 nothing lost",
        "has nobody who was erased an open case",
        """
        SELECT 'case ' || k.reference, 'its customer was erased, and it is open'
        FROM records_erasure e JOIN records_case k ON k.customer_id = e.customer_id
        WHERE k.closed_at IS NULL
        """,
    ),
]

GUARD_TRIGGERS = frozenset(
    """
    erasure_is_of_its_transaction erasures_only_grow erasing_takes_only_words
    erasing_takes_only_the_number diagnosis_stays_as_found settings_change_stays_as_made
    erased_customer_stays_erased erased_customer_has_no_new_case erased_customer_reopens_no_case
    data_acts_only_grow imported_case_stays imports_stay_listed exports_stay_listed
    import_that_is_over_stays_so
    """.split()  # noqa: SIM905 - a list of names reads better as a list of names
)
GUARD_CONSTRAINTS = frozenset(
    """
    erasure_is_for_a_known_reason retention_is_of_a_known_kind import_is_begun_by_somebody
    import_that_is_over_keeps_no_file export_that_is_ready_expires
    data_act_names_whose_data_was_copied
    """.split()  # noqa: SIM905 - as above
)
