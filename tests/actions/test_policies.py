"""A promise keeps the terms that it was made under, whatever the company decides later."""

from datetime import date, datetime, timedelta

import pytest

from clock import SimulatedClock
from makegood.actions import policies, promises
from makegood.records.models import Escalation, Holiday, Ladder, PolicySnapshot, WorkingCalendar
from makegood.rules import policy
from makegood.rules.policy import DEFAULT, PolicyError
from makegood.rules.severity import Severity
from world import MONDAY, a_case, a_customer, a_team, a_word

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
STRICT = policy.to_snapshot(DEFAULT[Severity.P3]) | {
    "grace_seconds": 0,
    "news_within": "30 minutes",
    "rungs": [{"share": 0.1, "role": "head"}],
}


def a_strict_ladder() -> Ladder:
    return Ladder.objects.create(team=a_team(), severity=3, terms=STRICT)


def test_a_team_without_a_ladder_of_its_own_has_the_default():
    terms = policies.snapshot(a_team(), Severity.P2)

    assert terms.policy == DEFAULT[Severity.P2]
    assert terms.calendar == a_team().calendar.facts()


def test_a_teams_own_ladder_counts_for_its_severity():
    a_strict_ladder()

    assert policies.snapshot(a_team(), Severity.P3).policy.grace == timedelta(0)
    assert policies.snapshot(a_team(), Severity.P2).policy == DEFAULT[Severity.P2]
    assert policies.snapshot(a_team("others"), Severity.P3).policy == DEFAULT[Severity.P3]


def test_the_same_terms_are_kept_once_and_changed_ones_beside_them():
    team = a_team()
    first, again = (policies.snapshot(team, Severity.P3) for _ in range(2))
    ladder = a_strict_ladder()
    strict = policies.snapshot(team, Severity.P3)
    ladder.delete()

    assert first.id == again.id == policies.snapshot(team, Severity.P3).id
    assert PolicySnapshot.objects.count() == 2
    assert policies.read({first.id, strict.id}) == {first.id: first, strict.id: strict}


def test_a_holiday_that_is_added_makes_new_terms():
    team = a_team()
    before = policies.snapshot(team, Severity.P3)
    Holiday.objects.create(calendar=team.calendar, day=MONDAY.date(), name="Founders' Day")
    after = policies.snapshot(team, Severity.P3)

    assert after.id != before.id
    assert (len(before.calendar.holidays), len(after.calendar.holidays)) == (0, 1)


def test_terms_that_cannot_be_used_are_refused_when_a_promise_is_made():
    case = a_case()
    Ladder.objects.create(team=case.team, severity=3, terms=STRICT | {"rungs": []})

    with pytest.raises(PolicyError, match="at least one rung"):
        promises.make_promise(case.pk, a_word(), now=MONDAY)


def test_a_later_policy_moves_nothing_that_was_promised_before():
    clock = SimulatedClock(MONDAY)
    case = a_case()
    before = promises.make_promise(case.pk, a_word(), now=MONDAY)
    a_strict_ladder()
    after = promises.make_promise(case.pk, a_word(), now=MONDAY)

    clock.wait(hours=1)
    assert set(Escalation.objects.values_list("promise", "role")) == {(after.pk, "head")}
    clock.wait_until(before.due_at + MINUTE)
    before.refresh_from_db()
    after.refresh_from_db()
    assert (before.outcome, after.outcome) == (None, "broken")
    clock.wait(minutes=20)
    before.refresh_from_db()
    assert before.outcome == "broken"
    follow_ups = {
        promise.follows_id: promise.due_at - promise.said_at
        for promise in case.promises.filter(follows__isnull=False)
    }
    assert follow_ups[after.pk] == 30 * MINUTE
    assert follow_ups[before.pk] > HOUR, "news within a working day, as it was promised then"


def test_a_later_calendar_moves_nothing_either():
    case = a_case()
    news = case.promises.get()
    WorkingCalendar.objects.update(zone="Asia/Tokyo", week=[[[0, 60]]] * 7)

    terms = policies.read({news.policy_id})[news.policy_id]
    assert terms.calendar.zone.key == "Europe/London"
    assert case.promises.get().due_at == news.due_at


def test_news_says_how_its_time_was_computed():
    news = a_case().promises.get()

    assert news.due_at == datetime(2026, 6, 2, 9, 0, tzinfo=MONDAY.tzinfo)
    assert news.trace[1] == "Tuesday 2 June 2026: working day 1."


def test_a_calendar_that_has_run_out_silences_nobody_and_the_trace_says_so():
    team = a_team()
    WorkingCalendar.objects.update(known_until=date(2026, 6, 1))
    team.calendar.refresh_from_db()

    news = a_case().promises.get()

    assert news.due_at == MONDAY + timedelta(days=1)
    assert "knows its holidays only until 2026-06-01" in news.trace[0]
    assert "without a calendar" in news.trace[0]


def test_the_clock_goes_on_long_after_a_calendar_has_run_out():
    a_team()
    WorkingCalendar.objects.update(known_until=MONDAY.date())
    clock = SimulatedClock(MONDAY + timedelta(days=30))
    case = a_case(now=clock.now, customer=a_customer("Late"))
    call = promises.make_promise(case.pk, a_word(now=clock.now), now=clock.now)

    clock.wait(hours=9)

    call.refresh_from_db()
    assert call.outcome == "broken"
    assert Escalation.objects.filter(promise=call).exists()
    assert case.promises.still_open().exists()


def test_terms_once_read_are_not_read_from_the_database_again(django_assert_num_queries):
    terms = policies.snapshot(a_team(), Severity.P3)

    with django_assert_num_queries(1):
        assert policies.read({terms.id})[terms.id] == terms
