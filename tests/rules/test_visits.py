"""What a visit needs, when the clock looks at it, and how long parts take."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.rules import visits
from makegood.rules.visits import Access, Missing, Needs, Part

NOW = datetime(2026, 7, 6, 9, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
IN_HAND = Part(is_ordered=True, eta=NOW, is_here=True)


@pytest.mark.parametrize(
    ("needs", "missing"),
    [
        (Needs(has_slot=True), ()),
        (Needs(has_slot=False), (Missing.SLOT,)),
        (Needs(has_slot=True, access=Access.GIVEN), ()),
        (Needs(has_slot=True, access=Access.ASKED), (Missing.ACCESS,)),
        (Needs(has_slot=True, skill="gas", skills=frozenset({"gas"})), ()),
        (Needs(has_slot=True, skill="gas"), (Missing.SKILL,)),
        (Needs(has_slot=True, part=IN_HAND), ()),
        (Needs(has_slot=True, part=Part()), (Missing.PART_NOT_ORDERED,)),
        (Needs(has_slot=True, part=Part(is_ordered=True)), (Missing.PART_NOT_HERE,)),
        (
            Needs(has_slot=True, part=Part(is_ordered=True, is_doubted=True, is_here=True)),
            (Missing.PART_DOUBTED,),
        ),
        (
            Needs(has_slot=False, access=Access.ASKED, part=Part()),
            (Missing.SLOT, Missing.ACCESS, Missing.PART_NOT_ORDERED),
        ),
    ],
)
def test_a_visit_is_sure_when_part_skill_access_and_slot_are_there(needs, missing):
    assert visits.missing(needs) == missing


@pytest.mark.parametrize(
    ("part", "earliest"),
    [
        (None, NOW + visits.NOTICE),
        (IN_HAND, NOW + visits.NOTICE),
        (Part(), None),
        (Part(is_ordered=True), None),
        (Part(is_ordered=True, eta=NOW + 3 * DAY), NOW + 4 * DAY),
        # What is overdue may come any moment, and is looked for on the day before all the same.
        (Part(is_ordered=True, eta=NOW - DAY), NOW + DAY),
    ],
)
def test_a_slot_waits_for_its_part_and_a_day_more(part, earliest):
    assert visits.ready_from(part, now=NOW) == earliest


@given(hours=st.integers(min_value=-500, max_value=500))
def test_a_part_that_comes_in_time_is_in_hand_at_the_gate(hours):
    eta = NOW + hours * HOUR

    opens = visits.ready_from(Part(is_ordered=True, eta=eta), now=NOW)

    assert opens is not None
    assert visits.gate_at(opens) >= max(eta, NOW)


def test_nobody_came_a_quarter_of_an_hour_after_the_window():
    assert visits.missed_at(NOW) == NOW + timedelta(minutes=15)


def test_how_long_a_part_takes_is_learned_from_enough_orders():
    usual = 7 * DAY
    assert visits.lead_time([DAY] * 4, usual=usual) == usual
    assert visits.lead_time([n * DAY for n in (1, 2, 3, 4, 9)], usual=usual) == 4 * DAY
    assert visits.lead_time([n * DAY for n in range(1, 11)], usual=usual) == 8 * DAY


@given(st.lists(st.integers(min_value=1, max_value=90), min_size=5))
def test_eight_of_ten_orders_came_within_the_lead_time(days):
    history = [n * DAY for n in days]
    within = visits.lead_time(history, usual=DAY)
    assert sum(each <= within for each in history) >= 0.8 * len(history)


def test_refusals_speak_for_themselves():
    assert "another" in str(visits.SlotGoneError())
    assert str(visits.SlotGoneError("Nine o'clock is taken.")) == "Nine o'clock is taken."
