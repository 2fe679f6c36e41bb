"""The order of the ladder, and which words take a promise back."""

from contextlib import nullcontext
from itertools import product

import pytest

from honour_world import BOTH_A_YEAR
from makegood.rules import claims
from makegood.rules.claims import ClaimSettledError, NothingAskedError, NotYetError, Rung


@pytest.mark.parametrize(
    ("taken", "following"),
    [
        ({}, Rung.DO),
        ({Rung.DO: False}, Rung.OFFER),
        ({Rung.DO: False, Rung.OFFER: None}, None),
        ({Rung.DO: False, Rung.OFFER: False}, Rung.VALUE),
    ],
)
def test_the_rungs_come_in_their_order(taken, following):
    assert claims.next_rung(taken) is following
    for rung in Rung:
        if rung is following:
            claims.check_next(taken, rung)
        else:
            with pytest.raises(NotYetError):
                claims.check_next(taken, rung)


def test_after_one_was_taken_there_is_no_other():
    for taken in product([True, False], repeat=3):
        if any(taken):
            with pytest.raises(ClaimSettledError):
                claims.next_rung(dict(zip(Rung, taken, strict=True)))


@pytest.mark.parametrize(
    ("text", "times", "is_taken_back"),
    [
        ("We have to move the flooring to the 6-month plan.", False, True),
        ("The flooring runs six months only.", True, True),
        ("You keep the 12-month plan for the flooring.", True, False),
        ("Was the flooring on the 6-month plan?", True, False),
        ("The flooring was laid. Your tiles come in 6 months.", True, False),
        ("We write to you about the flooring.", True, False),
    ],
)
def test_other_figures_for_the_same_thing_take_it_back(text, times, is_taken_back):
    assert (claims.takes_back(text, BOTH_A_YEAR, times=times) is not None) is is_taken_back


def test_days_of_a_live_promise_are_left_to_the_gate():
    promised = "We lay the flooring within 5 days."

    assert claims.takes_back("We lay it in 9 days, the flooring.", promised, times=False) is None
    assert claims.takes_back("We lay it in 9 days, the flooring.", promised, times=True)


@pytest.mark.parametrize(
    "other",
    [
        "25 November",
        "25th November",
        "3 May",
        "25. Dezember",
        "November 25 and emptied",
        "4 Mär",
        "Nov 25 between 8 and 11",
    ],
)
def test_another_date_takes_nothing_back_where_the_gate_knows_the_dates(other):
    promised = (
        "Your bin will be collected on Friday 27 November, 3 May or 27. Dezember, on November 28 "
        "and on 8 Mär between 9 and 12."
    )
    text = f"Your bin will be collected on {other}."

    assert claims.takes_back(text, "Your bin is collected on 27 November.", times=False) is None
    assert claims.takes_back(text, promised, times=False) is None


def test_another_date_takes_back_what_a_customer_says_they_were_promised():
    told = "Your bin will be collected on 25 November."

    assert claims.takes_back(told, "My bin will be collected on 27 November.", times=True)


@pytest.mark.parametrize(
    ("words", "is_refused"),
    [
        ("We cannot do it. What would help? You would get 25 GBP.", False),
        ("We cannot do it. What would help? You would get £20.", True),
        ("We cannot do it. You get 25 GBP.", True),
    ],
)
def test_an_offer_of_money_is_named_by_its_sum(words, is_refused):
    offer = "£25 voucher for another branch nearby"
    with pytest.raises(NothingAskedError) if is_refused else nullcontext():
        claims.check_asked(words, offer, is_one_language=True)
