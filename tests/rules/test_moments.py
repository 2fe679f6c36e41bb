"""Moments in words: near and far, in the reader's zone, through the nights when clocks change."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.rules import moments
from makegood.rules.moments import SkippedTimeError

LONDON = ZoneInfo("Europe/London")
PARIS = ZoneInfo("Europe/Paris")
NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)  # Monday, 13:00 in London
MOMENTS = st.datetimes(
    min_value=datetime(2020, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone itself
    max_value=datetime(2040, 1, 1),  # noqa: DTZ001 - as above
    timezones=st.just(UTC),
)


@given(st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=400)))
def test_a_span_is_cut_to_its_two_largest_units_and_never_grows(span):
    said = moments.rounded_down(span)
    whole = timedelta(days=said.days, hours=said.hours, minutes=said.minutes)

    assert whole <= span < whole + timedelta(days=1)
    assert sum(part > 0 for part in (said.days, said.hours, said.minutes)) <= 2


def test_an_hour_comes_twice_when_the_clocks_go_back():
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)

    twice = [
        moments.comes_twice(first + timedelta(hours=hours), zone=LONDON) for hours in range(-1, 3)
    ]

    assert twice == [False, True, True, False]


def test_a_typed_time_that_comes_twice_is_its_first():
    wall = datetime(2026, 10, 25, 1, 30)  # noqa: DTZ001 - a wall time has no zone yet

    assert moments.from_wall(wall, zone=LONDON) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_typed_time_that_never_comes_is_refused():
    wall = datetime(2026, 3, 29, 1, 30)  # noqa: DTZ001 - a wall time has no zone yet

    with pytest.raises(SkippedTimeError, match="01:30 does not come"):
        moments.from_wall(wall, zone=LONDON)


@given(MOMENTS.map(lambda moment: moment.replace(second=0, microsecond=0)))
def test_what_is_typed_is_what_is_shown(moment):
    wall = moment.astimezone(PARIS).replace(tzinfo=None)
    found = moments.from_wall(wall, zone=PARIS)

    assert found.astimezone(PARIS).replace(tzinfo=None) == wall
    assert moment - found in {timedelta(0), timedelta(hours=1)}
