"""What a failure deserves: more when it is worse, each part with its reason and its source."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from makegood.rules.goodwill import DEFAULT, Failure, suggest, warning
from makegood.rules.remedies import RemedyKind
from makegood.rules.severity import Function, Harm, Severity

A_FAILURE = Failure(
    function=Function.CONNECTION, harm=Harm.LOST, severity=Severity.P3, currency="GBP"
)
FAILURES = st.builds(
    Failure,
    function=st.sampled_from(Function),
    harm=st.sampled_from(Harm),
    severity=st.sampled_from(Severity),
    currency=st.just("GBP"),
    price_minor=st.none() | st.integers(1, 10**6),
    was_used=st.booleans(),
    customer_minutes=st.integers(0, 5_000),
    customer_contacts=st.integers(0, 50),
    broken_promises=st.integers(0, 20),
    repeats=st.integers(0, 5),
)


def test_the_first_failure_of_a_carrier_that_cost_an_hour_and_three_calls():
    failure = replace(A_FAILURE, customer_minutes=60, customer_contacts=3)

    found = suggest(failure)

    assert found.amount_minor == 1_000 + 1_000 + 300  # rounded up from 250
    assert found.because == (
        "For a P3 failure, and for 60 minutes of the customer's time,"
        " and for 3 times that the customer had to reach us."
    )
    assert found.lacks == ("what the customer paid for it",)


def test_what_was_of_no_use_gives_back_most_of_its_price_and_what_was_used_a_part():
    paid = replace(A_FAILURE, price_minor=10_000)
    assert suggest(paid).amount_minor == 8_000
    assert suggest(replace(paid, was_used=True)).amount_minor == 2_000


def test_money_that_was_lost_comes_back_as_money():
    wrong_bill = suggest(replace(A_FAILURE, function=Function.MONEY))
    assert wrong_bill.kind is RemedyKind.REFUND
    assert "give money back" in wrong_bill.like
    assert "exchange it first" in suggest(replace(A_FAILURE, function=Function.GOODS)).like


def test_half_as_much_again_as_the_price_is_warned_of():
    assert warning(15_000, price_minor=10_000) == ""
    assert warning(15_001, price_minor=10_000).startswith("This is 150 % of the price.")
    assert warning(99_999, price_minor=None) == ""


@given(FAILURES)
def test_a_suggestion_is_the_sum_of_its_reasons_rounded_up_and_says_them_all(failure):
    found = suggest(failure)
    total = sum(line.amount_minor for line in found.lines)
    assert total <= found.amount_minor < total + DEFAULT.round_to
    assert all(line.source and line.why in found.because for line in found.lines)
    assert found.warning == warning(found.amount_minor, price_minor=failure.price_minor)


@given(FAILURES)
def test_more_effort_more_broken_words_and_a_repeat_never_earn_less(failure):
    base = suggest(failure).amount_minor
    for worse in (
        replace(failure, customer_minutes=failure.customer_minutes + 30),
        replace(failure, customer_contacts=failure.customer_contacts + 1),
        replace(failure, broken_promises=failure.broken_promises + 1),
        replace(failure, repeats=failure.repeats + 1),
    ):
        assert suggest(worse).amount_minor >= base
