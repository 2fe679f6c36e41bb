"""The policy: its snapshot is read back as it was, and a file that cannot be used says why."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.rules import policy
from makegood.rules.escalation import Ladder, Role, Rung
from makegood.rules.policy import DEFAULT, Policy, PolicyError
from makegood.rules.severity import Severity
from makegood.rules.workinghours import Amount, Unit

waits = st.integers(1, 10**6).map(lambda seconds: timedelta(seconds=seconds))
ladders = st.builds(
    Ladder,
    rungs=st.lists(
        st.tuples(st.integers(1, 99), st.sampled_from(Role)),
        min_size=1,
        max_size=5,
        unique_by=lambda rung: rung[0],
    ).map(lambda rungs: tuple(Rung(share=share / 100, role=role) for share, role in sorted(rungs))),
    unheard_after=waits,
    speak_again_after=waits,
)
patience = st.builds(
    Amount,
    quantity=st.integers(1, policy.MOST_DAYS),
    unit=st.sampled_from([Unit.DAYS, Unit.WORKING_DAYS]),
)
policies = st.builds(
    Policy,
    grace=st.integers(0, 10**6).map(lambda seconds: timedelta(seconds=seconds)),
    news_within=st.builds(Amount, quantity=st.integers(1, 500), unit=st.sampled_from(Unit)),
    ladder=ladders,
    ask_again_after=patience,
    close_after=patience,
)
SNAPSHOT = policy.to_snapshot(DEFAULT[Severity.P1])


@given(policies)
def test_a_snapshot_is_read_back_as_it_was_taken(some_policy):
    assert policy.from_snapshot(policy.to_snapshot(some_policy)) == some_policy


def test_a_snapshot_is_plain():
    assert SNAPSHOT == {
        "grace_seconds": 60,
        "news_within": "1 hour",
        "ask_again_after": "3 working days",
        "close_after": "5 working days",
        "unheard_after_seconds": 600,
        "speak_again_after_seconds": 1800,
        "rungs": [
            {"share": 0.25, "role": "owner"},
            {"share": 0.5, "role": "lead"},
            {"share": 0.6, "role": "executive"},
        ],
    }


@pytest.mark.parametrize(
    ("severity", "grace", "news_within", "unheard", "again", "shares"),
    [
        (Severity.P1, 1, "1 hour", 10, 30, [0.25, 0.5, 0.6]),
        (Severity.P2, 5, "4 hours", 30, 120, [0.5, 0.75]),
        (Severity.P3, 15, "1 working day", 120, 1440, [0.5, 0.8]),
        (Severity.P4, 30, "3 working days", 480, 2880, [0.5, 0.9]),
    ],
)
def test_the_default_is_that_of_the_evidence(severity, grace, news_within, unheard, again, shares):
    found = DEFAULT[severity]

    assert found.grace == timedelta(minutes=grace)
    assert str(found.news_within) == news_within
    assert found.ladder.unheard_after == timedelta(minutes=unheard)
    assert found.ladder.speak_again_after == timedelta(minutes=again)
    assert [rung.share for rung in found.ladder.rungs] == shares
    assert [rung.role for rung in found.ladder.rungs[:2]] == [Role.OWNER, Role.LEAD]


def test_what_is_more_severe_has_less_grace_and_is_heard_sooner():
    for above, below in pairwise(DEFAULT[severity] for severity in Severity):
        assert above.grace < below.grace
        assert above.ladder.unheard_after < below.ladder.unheard_after
        assert above.ladder.speak_again_after < below.ladder.speak_again_after


def test_an_empty_file_is_the_default():
    assert policy.from_document({}) == DEFAULT


def test_a_file_changes_what_it_names_and_nothing_else():
    found = policy.from_document({"P2": {"grace_seconds": 0, "news_within": "90 minutes"}})

    changed = replace(
        DEFAULT[Severity.P2],
        grace=timedelta(0),
        news_within=Amount(quantity=90, unit=Unit.MINUTES),
    )
    assert found == DEFAULT | {Severity.P2: changed}


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ({"P5": {}}, "Unknown table P5; a policy file has the tables P1, P2, P3, P4."),
        (
            {"title": "x", "P9": {}},
            "Unknown table P9; a policy file has the tables P1, P2, P3, P4.",
        ),
        ({"P1": 5}, "[P1] is not a table of keys and values."),
        ({"P1": None}, "[P1] is not a table of keys and values."),
        (
            {"P1": {"grace": 5}},
            (
                "[P1] has an unknown key grace; known are grace_seconds, news_within, "
                "ask_again_after, close_after, unheard_after_seconds, speak_again_after_seconds, "
                "rungs."
            ),
        ),
        (
            {"P3": {"grace_seconds": -1}},
            (
                "[P3] The policy cannot be used: Its grace of -1 seconds must be at least 0, or "
                "promises would break before they fall due, and at most 366 days."
            ),
        ),
        (
            {"P3": {"unheard_after_seconds": 0}},
            (
                "[P3] The policy cannot be used: A ladder's waits must be longer than zero "
                "and at most 366 days."
            ),
        ),
        (
            {"P4": {"rungs": [{"share": 1.5, "role": "owner"}]}},
            (
                "[P4] The policy cannot be used: Rung 1 (owner) speaks at 1.5 of the span; "
                "it must lie above 0 and below 1, or nobody would hear it in time."
            ),
        ),
        (
            {"P4": {"ask_again_after": "2 hours"}},
            (
                "[P4] The policy cannot be used: A customer who is asked needs whole days to "
                "answer, 1 to 60; 2 hours is not."
            ),
        ),
        (
            {"P4": {"close_after": "61 days"}},
            (
                "[P4] The policy cannot be used: A customer who is asked needs whole days to "
                "answer, 1 to 60; 61 days is not."
            ),
        ),
        (
            {"P2": {"rungs": []}},
            "[P2] The policy cannot be used: A ladder needs at least one rung.",
        ),
        (
            {"P2": {"rungs": [{"share": 0.5, "role": "king"}]}},
            "[P2] The policy cannot be used: 'king' is not a valid Role.",
        ),
        (
            {"P2": {"rungs": "owner"}},
            "[P2] The policy cannot be used: string indices must be integers, not 'str'.",
        ),
        (
            {"P2": {"news_within": "soon"}},
            (
                '[P2] The policy cannot be used: "soon" is not an amount of time; write one such '
                'as "3 working days", "4 working hours", "90 minutes", "2 days" or "PT4H".'
            ),
        ),
        ({"P2": {"rungs": [{"role": "owner"}]}}, "[P2] The policy lacks 'share'."),
    ],
)
def test_a_file_that_cannot_be_used_says_where_and_why(document, sentence):
    with pytest.raises(PolicyError) as refusal:
        policy.from_document(document)

    assert str(refusal.value) == sentence


def test_the_longest_grace_is_a_year():
    year = 366 * 24 * 60 * 60
    assert policy.from_snapshot(SNAPSHOT | {"grace_seconds": year}).grace == timedelta(days=366)
    with pytest.raises(PolicyError, match=f"Its grace of {year + 1} seconds"):
        policy.from_snapshot(SNAPSHOT | {"grace_seconds": year + 1})


def test_a_snapshot_from_before_customers_were_asked_has_the_usual_patience():
    older = {
        key: value
        for key, value in SNAPSHOT.items()
        if key not in {"ask_again_after", "close_after"}
    }

    assert policy.from_snapshot(older) == policy.from_snapshot(SNAPSHOT)


@pytest.mark.parametrize("missing", SNAPSHOT.keys() - {"ask_again_after", "close_after"})
def test_a_snapshot_without_a_value_is_refused(missing):
    with pytest.raises(PolicyError, match=f"The policy lacks '{missing}'"):
        policy.from_snapshot({key: value for key, value in SNAPSHOT.items() if key != missing})


wrong_values = st.sampled_from(
    [
        None,
        "",
        "soon",
        [],
        {},
        -1,
        0.5,
        float("nan"),
        float("inf"),
        10**30,
        True,
        [[]],
        [None],
        "9 x",
    ]
)
tables = st.dictionaries(st.sampled_from([*SNAPSHOT, "other"]), wrong_values, max_size=3)
documents = st.dictionaries(st.sampled_from(["P1", "P2", "p1", ""]), tables | wrong_values)


@given(documents)
def test_whatever_a_file_holds_it_is_a_policy_or_one_sentence(document):
    try:
        found = policy.from_document(document)
    except PolicyError as refusal:
        sentence = str(refusal)
        assert sentence.endswith(".")
        assert "\n" not in sentence
    else:
        assert set(found) == set(Severity)
        assert all(some_policy.grace >= timedelta(0) for some_policy in found.values())
