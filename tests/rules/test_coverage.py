"""The week as it is shown says at every moment what the clock would find then."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from makegood.rules.calendars import Calendar, Interval
from makegood.rules.coverage import Stretch, on_duty, open_hours, union, without
from makegood.rules.duty import Person, Span

# The week of the spring clock change in London, so that a day has 23 hours.
SINCE = datetime(2026, 3, 26, tzinfo=UTC)
UNTIL = SINCE + timedelta(days=7)
OFFICE = Calendar(
    name="office",
    zone=ZoneInfo("Europe/London"),
    week=((Interval(opens=540, closes=720), Interval(opens=750, closes=1440)),) * 6 + ((),),
    holidays={date(2026, 3, 27): "A day off"},
    known_until=date(2026, 3, 30),
)
QUARTERS = 7 * 24 * 4
moments = st.integers(-40, QUARTERS + 40).map(lambda n: SINCE + timedelta(minutes=15 * n))
spans = st.lists(
    st.tuples(moments, st.integers(1, 200)).map(
        lambda pair: Span(starts_at=pair[0], ends_at=pair[0] + timedelta(minutes=15 * pair[1]))
    ),
    max_size=4,
).map(tuple)


def _as_the_clock_sees(person: Person, moment: datetime) -> Person:
    """At a moment the clock reads only what has not ended."""
    alive = {
        name: tuple(span for span in getattr(person, name) if span.ends_at > moment)
        for name in ("shifts", "watches", "absences")
    }
    return replace(person, **alive)


@given(shifts=spans, watches=spans, absences=spans, active=st.booleans())
@example(shifts=(), watches=(), absences=(), active=True)
def test_the_week_says_at_every_quarter_of_an_hour_what_the_clock_finds(
    shifts, watches, absences, active
):
    person = Person(
        id=1,
        name="Laura",
        calendar=OFFICE,
        is_active=active,
        shifts=shifts,
        watches=watches,
        absences=absences,
    )
    hours = open_hours(OFFICE, since=SINCE, until=UNTIL)

    there = on_duty(person, hours=hours, since=SINCE, until=UNTIL)

    for number in range(0, QUARTERS, 3):
        moment = SINCE + timedelta(minutes=15 * number)
        shown = any(stretch.holds(moment) for stretch in there)
        assert shown == _as_the_clock_sees(person, moment).on_duty(moment), moment


@given(whole=spans, taken=spans, moment=moments)
def test_taking_time_out_leaves_exactly_the_rest(whole, taken, moment):
    whole_, taken_ = (
        [Stretch(starts_at=span.starts_at, ends_at=span.ends_at) for span in each]
        for each in (whole, taken)
    )

    left = without(whole_, taken_)

    inside = any(stretch.holds(moment) for stretch in left)
    in_whole = any(stretch.holds(moment) for stretch in whole_)
    in_taken = any(stretch.holds(moment) for stretch in taken_)
    assert inside == (in_whole and not in_taken)
    assert left == union(left)


def test_hours_that_touch_are_one_stretch():
    noon = SINCE + timedelta(hours=12)
    halves = [Stretch(starts_at=noon, ends_at=UNTIL), Stretch(starts_at=SINCE, ends_at=noon)]
    assert union(halves) == (Stretch(starts_at=SINCE, ends_at=UNTIL),)


@pytest.mark.parametrize(("day", "is_open"), [(26, True), (27, False), (29, False), (31, True)])
def test_an_office_keeps_its_holidays_and_past_them_its_week(day, is_open):
    noon = datetime(2026, 3, day, 13, tzinfo=UTC)
    hours = open_hours(OFFICE, since=SINCE, until=UNTIL)
    assert any(stretch.holds(noon) for stretch in hours) is is_open
