"""When the digest is due on the reader's clock, and which one thing it names."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.rules import digest
from makegood.rules.digest import Trouble

MONDAY = date(2026, 6, 1)
LONDON, TOKYO = ZoneInfo("Europe/London"), ZoneInfo("Asia/Tokyo")


def a_trouble(key: str, minutes: int = 0, cost: int = 0, cases: int = 1) -> Trouble:
    return Trouble(key=key, name=key, cases=cases, minutes=minutes, cost_minor=cost)


@pytest.mark.parametrize(
    ("zone", "at"),
    [
        (LONDON, datetime(2026, 6, 1, 6, tzinfo=UTC)),
        (TOKYO, datetime(2026, 5, 31, 22, tzinfo=UTC)),
    ],
)
def test_it_is_due_at_seven_on_the_readers_own_monday(zone, at):
    assert digest.due_at(MONDAY, zone=zone) == at
    assert digest.monday_of(at, zone=zone) == MONDAY


@pytest.mark.parametrize(
    ("late", "due"),
    [
        (timedelta(seconds=-1), False),
        (timedelta(0), True),
        (timedelta(days=2, seconds=-1), True),
        (timedelta(days=2), False),
    ],
)
def test_one_that_did_not_go_out_is_sent_while_it_is_news(late, due):
    now = digest.due_at(MONDAY, zone=LONDON) + late

    assert digest.is_due(MONDAY, zone=LONDON, now=now) is due


@given(st.integers(min_value=0, max_value=20 * 365 * 24 * 60))
def test_the_monday_of_any_moment_is_a_monday_not_after_it(minutes):
    now = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)

    monday = digest.monday_of(now, zone=TOKYO)

    assert monday.weekday() == 0
    assert timedelta(0) <= now.astimezone(TOKYO).date() - monday < timedelta(days=7)


def test_the_one_thing_took_the_largest_share_of_time_and_cost_together():
    time, money, both = a_trouble("time", 600), a_trouble("money", 0, 500), a_trouble("b", 500, 400)

    chosen = digest.choose([time, money, both])

    assert chosen.trouble is both
    assert (round(chosen.of_minutes, 2), round(chosen.of_cost, 2)) == (0.45, 0.44)


def test_of_two_alike_the_one_in_more_cases_is_named():
    chosen = digest.choose([a_trouble("one", 10, cases=1), a_trouble("many", 10, cases=9)])

    assert chosen.trouble.key == "many"


@pytest.mark.parametrize("troubles", [[], [a_trouble("nothing")]])
def test_where_nothing_took_time_or_money_nothing_is_named(troubles):
    assert digest.choose(troubles) is None
