"""Local times become moments, whole columns at once and as the rules would place each one."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.queries.replay import times
from makegood.rules import promises
from makegood.rules.calendars import at_wall_time

ZONES = st.sampled_from(
    ["UTC", "America/New_York", "America/Sao_Paulo", "Europe/London", "Australia/Lord_Howe",
     "Asia/Kathmandu", "Africa/Casablanca"]
)  # fmt: skip
FIRST, LAST = datetime.fromisoformat("1999-01-01"), datetime.fromisoformat("2027-01-01")
WALLS = st.lists(st.datetimes(FIRST, LAST), min_size=1, max_size=20)


def as_walls(*naive: datetime) -> times.Moments:
    return np.array([times.micros(wall.replace(tzinfo=UTC)) for wall in naive], dtype=np.int64)


@given(WALLS, ZONES)
def test_a_column_is_placed_as_the_rules_place_each_time(walls, name):
    zone = ZoneInfo(name)

    placed = times.place(as_walls(*walls), zone=zone)

    for wall, moment in zip(walls, placed.moments.tolist(), strict=True):
        assert times.moment(moment) == at_wall_time(wall, zone=zone)


@given(WALLS, ZONES)
def test_what_is_neither_skipped_nor_shown_twice_comes_back(walls, name):
    zone = ZoneInfo(name)
    given_walls = as_walls(*walls)

    placed = times.place(given_walls, zone=zone)

    plain = ~placed.skipped
    assert (times.walls_of(placed.moments, zone=zone)[plain] == given_walls[plain]).all()


@given(WALLS, ZONES)
def test_a_promised_day_ends_as_the_rules_say(walls, name):
    zone = ZoneInfo(name)

    ends = times.ends_of_days(as_walls(*walls), zone=zone)

    expected = [promises.end_of_day(wall.date(), zone) for wall in walls]
    assert [times.moment(end) for end in ends.tolist()] == expected


@pytest.mark.parametrize(
    ("wall", "skipped", "twice", "moment"),
    [
        ("2015-03-08T01:59", False, False, "2015-03-08T06:59"),
        ("2015-03-08T02:30", True, False, "2015-03-08T07:00"),
        ("2015-03-08T03:00", False, False, "2015-03-08T07:00"),
        ("2015-11-01T00:59", False, False, "2015-11-01T04:59"),
        ("2015-11-01T01:30", False, True, "2015-11-01T05:30"),
        ("2015-11-01T02:00", False, False, "2015-11-01T07:00"),
    ],
)
def test_the_nights_on_which_clocks_change_are_noticed(wall, skipped, twice, moment):
    placed = times.place(as_walls(datetime.fromisoformat(wall)), zone=ZoneInfo("America/New_York"))

    assert (placed.skipped[0], placed.twice[0]) == (skipped, twice)
    assert times.moment(int(placed.moments[0])).replace(tzinfo=None).isoformat()[:16] == moment


def test_a_time_shown_twice_has_a_second_coming_an_hour_later():
    zone = ZoneInfo("America/New_York")
    first = times.place(as_walls(datetime.fromisoformat("2015-11-01T01:30")), zone=zone).moments

    second = times.second_coming(first, zone=zone)

    assert times.moment(int(second[0])) - times.moment(int(first[0])) == timedelta(hours=1)


def test_no_time_stays_no_time():
    placed = times.place(np.array([times.NONE, times.NONE]), zone=ZoneInfo("Europe/London"))

    assert placed.moments.tolist() == [times.NONE, times.NONE]
    assert not placed.skipped.any()
