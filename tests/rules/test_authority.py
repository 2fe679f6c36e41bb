"""How much room there is, and what becomes of a wish: given, asked for, or kept away from."""

from hypothesis import given
from hypothesis import strategies as st

from makegood.rules.authority import ANSWER_WITHIN, Limits, Standing, Verdict, judge
from makegood.rules.severity import Severity

AMOUNTS = st.integers(0, 10**7)
LIMITS = st.builds(
    Limits, per_case_minor=AMOUNTS, per_period_minor=AMOUNTS, period_days=st.integers(1, 366)
)
STANDINGS = st.builds(
    Standing,
    limits=st.none() | LIMITS,
    to_customer_minor=AMOUNTS,
    by_person_minor=AMOUNTS,
    is_own=st.booleans(),
)


@given(STANDINGS)
def test_the_room_is_what_may_be_given_and_not_a_penny_more(standing):
    room = standing.room_minor
    if standing.is_own:
        assert judge(room, standing) is Verdict.CONFLICT
    elif standing.limits is None:
        assert judge(0, standing) is Verdict.ASK
    else:
        assert judge(room, standing) is Verdict.GIVE
        assert judge(room + 1, standing) is Verdict.ASK


@given(STANDINGS, AMOUNTS)
def test_what_is_given_never_passes_a_limit(standing, amount):
    if amount and judge(amount, standing) is Verdict.GIVE:
        assert standing.limits
        assert standing.to_customer_minor + amount <= standing.limits.per_case_minor
        assert standing.by_person_minor + amount <= standing.limits.per_period_minor


def test_without_authority_there_is_no_room_and_ones_own_are_kept_away_from():
    held = Limits(per_case_minor=100, per_period_minor=100, period_days=30)
    assert Standing(limits=None).room_minor == 0
    assert Standing(limits=held, is_own=True).room_minor == 0
    assert judge(1, Standing(limits=held, is_own=True)) is Verdict.CONFLICT


def test_the_more_severe_the_sooner_somebody_has_to_answer():
    assert [str(ANSWER_WITHIN[severity]) for severity in Severity] == [
        "30 minutes", "1 working hour", "2 working hours", "4 working hours",
    ]  # fmt: skip
