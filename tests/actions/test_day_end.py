"""At the end of the day, what will break tonight is said while somebody can still do something."""

from datetime import UTC, date, datetime, timedelta

import pytest

from clock import SimulatedClock
from makegood.actions import day_end, promises
from makegood.clockwork import ticks
from makegood.records.models import Escalation, Holiday, Team, WorkingCalendar
from world import MONDAY, a_calendar, a_case, a_customer, a_team, a_word

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
INSTANT = timedelta(microseconds=1)
DAY_END = datetime(2026, 6, 1, 15, 30, tzinfo=UTC)  # half an hour before five in London
OPENS = datetime(2026, 6, 2, 8, 0, tzinfo=UTC)
FRIDAY = datetime(2026, 6, 5, 15, 30, tzinfo=UTC)


@pytest.fixture
def team() -> Team:
    team = a_team()
    day_end.schedule(team, now=MONDAY)
    return team


def a_promise_due(at: datetime, *, who: str):
    case = a_case(customer=a_customer(who))
    return promises.make_promise(case.pk, a_word(due_at=at), now=MONDAY)


def told_of_tonight() -> set[int]:
    return set(Escalation.objects.filter(reason="day_end").values_list("promise", flat=True))


def after(moment: datetime, calendar=None) -> datetime | None:
    return day_end.next_day_end((calendar or a_calendar()).facts(), now=moment)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (MONDAY, DAY_END),
        (DAY_END - INSTANT, DAY_END),
        (DAY_END, DAY_END + timedelta(days=1)),
        (FRIDAY, FRIDAY + timedelta(days=3)),
        (datetime(2026, 6, 6, 12, tzinfo=UTC), FRIDAY + timedelta(days=3)),
        # The Friday before the clocks go back, and the Monday after.
        (datetime(2026, 10, 23, 12, tzinfo=UTC), datetime(2026, 10, 23, 15, 30, tzinfo=UTC)),
        (datetime(2026, 10, 24, 12, tzinfo=UTC), datetime(2026, 10, 26, 16, 30, tzinfo=UTC)),
    ],
)
def test_the_day_ends_half_an_hour_before_the_office_closes(now, expected):
    assert after(now) == expected


def test_a_holiday_has_no_end_of_day():
    Holiday.objects.create(calendar=a_calendar(), day=date(2026, 6, 2), name="Founders' Day")

    assert after(DAY_END) == DAY_END + timedelta(days=2)


def test_a_day_with_a_break_ends_once():
    siesta = a_calendar("siesta", zone="UTC", week=[[[540, 780], [960, 1200]]] * 7)

    assert after(MONDAY, siesta) == datetime(2026, 6, 1, 19, 30, tzinfo=UTC)


def test_a_calendar_that_has_run_out_has_no_end_of_day():
    assert after(datetime(2031, 1, 1, 9, tzinfo=UTC)) is None
    assert after(datetime(2030, 12, 31, 15, 30, tzinfo=UTC)) == datetime(
        2030, 12, 31, 16, 30, tzinfo=UTC
    )
    assert after(datetime(2030, 12, 31, 17, 30, tzinfo=UTC)) is None


def test_what_falls_due_before_the_office_opens_again_is_told_to_the_lead(team):
    tonight = [
        a_promise_due(DAY_END + INSTANT, who="Ann"),
        a_promise_due(OPENS - INSTANT, who="Bob"),
    ]
    a_promise_due(OPENS, who="Charlie")
    a_promise_due(DAY_END, who="Dora")  # due this moment: too late to be warned of
    ticks.tick(now=DAY_END)

    assert told_of_tonight() == {promise.pk for promise in tonight}
    rows = Escalation.objects.filter(reason="day_end")
    assert {row.staff for row in rows} == {team.lead}
    team.refresh_from_db()
    assert team.day_end_at == DAY_END + timedelta(days=1)


@pytest.mark.usefixtures("team")
def test_nothing_is_said_before_its_hour_and_only_once():
    a_promise_due(OPENS - HOUR, who="Ann")
    ticks.tick(now=DAY_END - INSTANT)
    assert told_of_tonight() == set()
    ticks.tick(now=DAY_END)
    ticks.tick(now=DAY_END + HOUR)
    assert Escalation.objects.filter(reason="day_end").count() == 1


def test_on_friday_the_whole_weekend_is_looked_through(team):
    sunday = a_promise_due(datetime(2026, 6, 7, 12, tzinfo=UTC), who="Ann")
    Team.objects.update(day_end_at=FRIDAY)
    ticks.tick(now=FRIDAY)

    assert sunday.pk in told_of_tonight()
    team.refresh_from_db()
    assert team.day_end_at == FRIDAY + timedelta(days=3)


def test_another_teams_promises_are_not_looked_through(team):
    others = a_team("others")
    a_promise_due(OPENS - HOUR, who="Ann")
    Team.objects.filter(pk=team.pk).update(day_end_at=None)
    day_end.schedule(others, now=MONDAY)
    ticks.tick(now=DAY_END)

    assert told_of_tonight() == set()


def test_where_the_calendar_has_run_out_a_day_ahead_is_looked_through(team):
    soon = a_promise_due(DAY_END + 23 * HOUR, who="Ann")
    a_promise_due(DAY_END + 25 * HOUR, who="Bob")
    WorkingCalendar.objects.update(known_until=MONDAY.date())
    ticks.tick(now=DAY_END)

    assert told_of_tonight() == {soon.pk}
    team.refresh_from_db()
    assert team.day_end_at is None


def test_a_team_that_never_closes_has_nothing_to_look_through():
    always = a_calendar("always", zone="UTC", week=[[[0, 1440]]] * 7)
    Team.objects.filter(pk=a_team().pk).update(calendar=always)
    day_end.schedule(Team.objects.get(), now=MONDAY)
    a_promise_due(MONDAY + 20 * HOUR, who="Ann")
    SimulatedClock(MONDAY).wait(hours=16)

    assert told_of_tonight() == set()
