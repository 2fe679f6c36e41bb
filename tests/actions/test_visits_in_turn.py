"""Who waits for a case's lock has read the clock before whoever went first: both are done."""

from datetime import timedelta

import pytest

from makegood.actions import crews, parts, visits
from makegood.queries import verify
from makegood.records.models import EtaSource, Slot, Visit
from visit_world import a_crew, a_sender, a_visit_for_a_part, order_of, slot_of, utc
from world import a_case, a_person

pytestmark = pytest.mark.django_db

CAME_FIRST = utc(2, 9)
WENT_FIRST = CAME_FIRST + timedelta(seconds=2)


@pytest.fixture
def visit() -> Visit:
    a_crew("Van 2")
    return a_visit_for_a_part(a_case(), eta=utc(2, 17))


def slip(visit: Visit, day: int, *, now) -> None:
    eta = utc(day, 17)
    parts.record_eta(order_of(visit).pk, eta, source=EtaSource.API, by=None, now=now)


def choose(visit: Visit, *, now) -> None:
    visits.choose_time(a_sender(visit.case), visit.pk, utc(9, 8), now=now)


def fall_ill(visit: Visit, *, now) -> None:
    crew = slot_of(visit).crew_id
    crews.record_absence(crew, starts_at=utc(4, 0), ends_at=utc(9, 0), by=a_person(), now=now)
    crews.move_off(crew, now=now)


def call_off(visit: Visit, *, now) -> None:
    visits.cancel_visit(visit.pk, evidence="It mended itself.", by=a_person(), now=now)


@pytest.mark.parametrize(
    "act",
    [lambda visit, *, now: slip(visit, 8, now=now), choose, fall_ill, call_off],
    ids=["another slip", "a choice", "a crew that cannot come", "called off"],
)
def test_what_waited_for_a_slip_is_done_after_it(visit, act):
    slip(visit, 5, now=WENT_FIRST)
    held = slot_of(visit)

    act(visit, now=CAME_FIRST)

    released = Slot.objects.get(pk=held.pk)
    assert released.released_at == held.held_at == WENT_FIRST
    assert verify.run() == []


def test_a_slip_that_waited_for_a_choice_is_done_after_it(visit):
    choose(visit, now=WENT_FIRST)

    slip(visit, 12, now=CAME_FIRST)

    assert slot_of(visit).opens_at > utc(12, 17)
    assert verify.run() == []
