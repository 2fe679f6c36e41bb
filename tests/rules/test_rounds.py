"""Rounds that come again by a rule: their days, their hours, and why a holiday moved them."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.rules import rounds
from makegood.rules.calendars import Calendar, Interval
from makegood.rules.rounds import Plan, RoundError, Shift, Turn

LONDON = ZoneInfo("Europe/London")
DAY = timedelta(days=1)
HOLIDAYS = {
    date(2026, 4, 3): "Good Friday",
    date(2026, 4, 6): "Easter Monday",
    date(2026, 12, 25): "Christmas Day",
    date(2026, 12, 28): "Boxing Day",
    date(2027, 1, 1): "New Year's Day",
}
COUNCIL = Calendar(
    name="council",
    zone=LONDON,
    week=((Interval(opens=540, closes=1020),),) * 5 + ((), ()),
    holidays=HOLIDAYS,
    known_until=date(2027, 1, 31),
)


def plan(rule: str = "FREQ=WEEKLY;BYDAY=FR", **more) -> Plan:
    plain = {
        "rule": rule,
        "first": date(2026, 1, 2),
        "hours": Interval(opens=420, closes=960),
        "calendar": COUNCIL,
    }
    return Plan(**plain | more)


def at(day: date, hour: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def days(some: Plan, *, since: date, most: int = 3) -> list[date]:
    return [turn.day for turn in rounds.next_turns(some, since=at(since), most=most)]


def next_turn(some: Plan, *, since: datetime) -> Turn | None:
    return next(rounds.turns(some, since=since), None)


def test_a_round_comes_by_its_rule_within_its_hours_on_the_wall():
    turn = next_turn(plan(), since=at(date(2026, 7, 1)))

    assert turn.day == turn.planned == date(2026, 7, 3)
    assert turn.opens_at == datetime(2026, 7, 3, 6, tzinfo=UTC)
    assert turn.closes_at == datetime(2026, 7, 3, 15, tzinfo=UTC)
    assert not turn.is_moved


def test_a_round_that_is_out_now_is_still_the_next_one():
    friday = date(2026, 1, 9)

    assert next_turn(plan(), since=at(friday, 15)).day == friday
    assert next_turn(plan(), since=at(friday, 16)).day == friday + 7 * DAY


@pytest.mark.parametrize(
    ("shift", "comes"),
    [
        (Shift.STAY, date(2026, 4, 3)),
        (Shift.NEXT, date(2026, 4, 7)),  # over the weekend and Easter Monday
        (Shift.BEFORE, date(2026, 4, 2)),
        (Shift.SLIDE, date(2026, 4, 4)),
        (Shift.SKIP, date(2026, 4, 10)),
    ],
)
def test_a_holiday_moves_a_round_as_the_company_says(shift, comes):
    found = next_turn(plan(shift=shift), since=at(date(2026, 3, 30)))

    assert found.day == comes
    assert found.is_moved == (found.day != found.planned)


def test_a_moved_day_says_which_holidays_moved_it():
    moved = next_turn(plan(shift=Shift.NEXT), since=at(date(2026, 3, 30)))

    assert moved.planned == date(2026, 4, 3)
    assert moved.moved_by == ("Good Friday", "Easter Monday")


def test_after_a_holiday_the_rest_of_the_week_slides_a_day():
    wednesdays = plan("FREQ=WEEKLY;BYDAY=WE", shift=Shift.SLIDE)

    turn = next_turn(wednesdays, since=at(date(2026, 4, 6)))

    assert (turn.planned, turn.day) == (date(2026, 4, 8), date(2026, 4, 9))
    assert turn.moved_by == ("Easter Monday",)


def test_days_are_left_out_and_added():
    changed = plan(left_out=frozenset({date(2026, 7, 3)}), added=frozenset({date(2026, 7, 6)}))

    assert days(changed, since=date(2026, 7, 1)) == [
        date(2026, 7, 6),
        date(2026, 7, 10),
        date(2026, 7, 17),
    ]


def test_no_day_is_named_where_the_holidays_are_not_known():
    assert days(plan(), since=date(2027, 1, 20), most=10) == [date(2027, 1, 22), date(2027, 1, 29)]
    assert next_turn(plan(), since=at(date(2027, 2, 1))) is None


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", [date(2026, 1, 2), date(2026, 1, 16)]),
        ("FREQ=MONTHLY;BYDAY=1MO", [date(2026, 1, 5), date(2026, 2, 2)]),
        ("RRULE:FREQ=WEEKLY;BYDAY=FR;COUNT=1", [date(2026, 1, 2)]),
        ("FREQ=WEEKLY;BYDAY=FR;UNTIL=20260109T000000Z", [date(2026, 1, 2), date(2026, 1, 9)]),
    ],
)
def test_rules_of_rfc_5545_are_read(rule, expected):
    assert days(plan(rule), since=date(2026, 1, 1), most=2) == expected


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ("", "begins with FREQ"),
        ("every Friday", "leave out"),
        ("FREQ=HOURLY", "begins with FREQ"),
        ("FREQ=DAILY;BYHOUR=3", "leave out BYHOUR"),
        ("FREQ=WEEKLY;BYDAY=XX", "cannot be read"),
        ("FREQ=WEEKLY;BYDAY=FR;BYDAY=MO", "stands once"),
        ("FREQ=WEEKLY;COUNT=-1", "COUNT is how often"),
        ("FREQ=WEEKLY;COUNT=3;UNTIL=20270101", "by COUNT or by UNTIL"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "names no day"),
        ("FREQ=WEEKLY;BYDAY=" + "FR," * 200, "at most 200"),
    ],
)
def test_a_rule_that_cannot_be_followed_is_refused_in_a_sentence(rule, why):
    with pytest.raises(RoundError, match=why):
        rounds.check(plan(rule))


def test_a_rule_that_can_be_followed_is_accepted():
    rounds.check(plan())
    rounds.check(plan("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", added=frozenset({date(2026, 3, 1)})))


@given(
    since=st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    shift=st.sampled_from(Shift),
    weekdays=st.sets(st.sampled_from(["MO", "TU", "WE", "TH", "FR"]), min_size=1),
)
def test_rounds_come_in_order_and_never_on_a_holiday_unless_they_stay(since, shift, weekdays):
    found = rounds.next_turns(
        plan(f"FREQ=WEEKLY;BYDAY={','.join(sorted(weekdays))}", shift=shift),
        since=at(since),
        most=12,
    )

    assert all(one.opens_at <= two.opens_at for one, two in pairwise(found))
    assert all(turn.closes_at > at(since) for turn in found)
    if shift is not Shift.STAY:
        assert not {turn.day for turn in found} & HOLIDAYS.keys()
    assert all(turn.moved_by for turn in found if turn.is_moved)
