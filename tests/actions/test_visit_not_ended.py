"""A visit at which somebody arrived and of which nobody says how it ended: people are asked."""

from datetime import timedelta

import pytest

from clock import SimulatedClock
from makegood.actions import crews, promises, visit_day
from makegood.actions.visit_day import Fault
from makegood.queries import verify
from makegood.queries.visit_round import read_round
from makegood.records.models import Crew, Escalation, PromiseKind, Visit
from makegood.rules.escalation import Reason, Role
from makegood.rules.visits import Failing
from visit_world import DAY, a_crew, a_visit, utc
from world import a_person

pytestmark = pytest.mark.django_db

OFFICE_OPENS = utc(2, 8)


@pytest.fixture(autouse=True)
def _every_law_holds():
    yield
    assert verify.run() == []


@pytest.fixture
def mike():
    return a_person("Mike Doyle")


@pytest.fixture
def visit(mike) -> Visit:
    """Mike is there since ten past twelve, in a window that closes at two."""
    a_crew(members=(mike,))
    found = a_visit()
    visit_day.arrive(found.pk, at=utc(1, 12, 10), by=mike, now=utc(1, 12, 10))
    found.refresh_from_db()
    return found


def asked(visit: Visit) -> list[Escalation]:
    return list(visit.case.escalations.filter(reason=Reason.VISIT_OPEN).order_by("pk"))


def wait(until) -> SimulatedClock:
    clock = SimulatedClock(utc(1, 12, 10))
    clock.wait_until(until)
    return clock


def test_the_owner_is_asked_once_when_the_office_opens_next(visit):
    clock = wait(OFFICE_OPENS - timedelta(minutes=1))
    assert asked(visit) == []

    clock.wait_until(OFFICE_OPENS + timedelta(minutes=1))

    [telling] = asked(visit)
    assert (telling.role, telling.staff) == (Role.OWNER, visit.case.owner)
    assert telling.promise.outcome is None
    assert visit.case.timeline.filter(kind="visit_unended").count() == 1


def test_in_the_hours_of_the_office_nobody_waits_for_the_next_day(mike):
    a_crew(members=(mike,))
    early = a_visit(now=utc(1, 9), chosen=utc(2, 8))
    visit_day.arrive(early.pk, at=utc(2, 8), by=mike, now=utc(2, 8))

    SimulatedClock(utc(2, 8)).wait_until(utc(2, 14, 1))

    assert asked(early)[0].told_at < utc(2, 14, 1)


def test_what_was_ended_in_time_is_asked_of_nobody(visit, mike):
    visit_day.finish(visit.pk, note="Heats again.", by=mike, now=utc(1, 13))
    wait(utc(3, 12))
    assert asked(visit) == []


@pytest.mark.usefixtures("visit")
def test_who_has_not_ended_it_sees_that_among_their_visits(mike):
    [card] = read_round(mike, now=utc(1, 13)).open
    assert (card.standing, card.is_unended) == ("We are there", False)

    [card] = read_round(mike, now=utc(2, 9)).open

    assert (card.standing, card.is_unended) == ("How did it end?", True)


def test_what_nobody_answers_climbs_and_is_never_ended_by_itself(visit):
    wait(utc(4, 12))

    visit.refresh_from_db()
    assert visit.outcome is None
    assert visit.look_at is not None
    told = visit.case.escalations.filter(told_at__gte=OFFICE_OPENS)
    assert {Role.LEAD, Role.HEAD} <= {telling.role for telling in told}


def test_it_is_asked_again_further_up_where_the_word_that_it_hung_on_was_kept(visit):
    clock = wait(OFFICE_OPENS + timedelta(minutes=1))
    [first] = asked(visit)
    for news in visit.case.promises.still_open().filter(kind=PromiseKind.NEWS):
        promises.keep_promise(
            promise_id=news.pk, at=clock.now, evidence="Wrote.", by=a_person(), now=clock.now
        )

    clock.wait_until(OFFICE_OPENS + DAY + timedelta(minutes=5))

    [_, again] = asked(visit)
    assert (again.role, again.promise.outcome) == (Role.LEAD, None)
    assert again.promise != first.promise


@pytest.mark.parametrize("way", ["done", "failed"])
def test_whoever_ends_it_has_answered_and_the_ladder_is_silent(visit, mike, way):
    clock = wait(OFFICE_OPENS + timedelta(minutes=1))

    if way == "done":
        visit_day.finish(visit.pk, note="", by=mike, now=clock.now)
    else:
        fault = Fault(failing=Failing.MORE_WORK)
        visit_day.fail(visit.pk, fault, by=mike, now=clock.now)

    [telling] = asked(visit)
    assert (telling.acknowledged_at, telling.acknowledged_by) == (clock.now, mike)
    clock.wait_until(clock.now + timedelta(hours=6))
    later = Escalation.objects.filter(case=visit.case, told_at__gt=telling.acknowledged_at)
    assert not later.filter(reason__in=("unheard", "still_open", "visit_open")).exists()


def test_a_crew_that_goes_away_leaves_the_visit_at_which_it_is(visit):
    crew = Crew.objects.get()
    crews.record_absence(
        crew.pk, starts_at=utc(1, 12), ends_at=utc(3, 0), by=a_person(), now=utc(1, 12, 20)
    )
    wait(utc(1, 13))
    assert visit.slots.get().released_at is None
