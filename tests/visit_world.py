"""Crews, parts and visits to tell stories about, on the company of `world`."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from makegood.actions import links, parts, visits
from makegood.actions.parts import Order
from makegood.actions.replies import Sender
from makegood.actions.visits import Booking
from makegood.records import crew_times
from makegood.records.models import (
    Case,
    CaseLink,
    Crew,
    Diagnosis,
    Part,
    PartOrder,
    Slot,
    Staff,
    Visit,
)
from world import MONDAY, a_calendar, a_case, a_customer, a_person, a_team

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SKILL = "ovens"


def a_crew(name: str = "Van 1", *, members: tuple[Staff, ...] = (), **more) -> Crew:
    crew, fresh = Crew.objects.get_or_create(
        name=name,
        defaults={"team": a_team(), "calendar": a_calendar(), "skills": [SKILL]} | more,
    )
    if fresh:
        crew.members.set(members)
    return crew


def a_part(number: str = "H-100", **more) -> Part:
    plain = {"name": "heating element", "supplier": "Partco", "lead_days": 5}
    return Part.objects.get_or_create(number=number, defaults=plain | more)[0]


def a_diagnosis(case: Case | None = None, part: Part | None = None) -> Diagnosis:
    return parts.diagnose(
        (case or a_case()).pk, part or a_part(), note="", by=a_person(), now=MONDAY
    )


def an_order(
    diagnosis: Diagnosis | None = None, *, eta: datetime | None = None, **more
) -> PartOrder:
    found = diagnosis or a_diagnosis()
    order = Order(**{"diagnosis": found.pk, "part": found.part_id, "eta": eta} | more)
    return parts.order_part(order, by=a_person(), now=MONDAY)


def a_booking(**more) -> Booking:
    return Booking(**{"what": "fit the heating element", "skill": SKILL} | more)


def a_visit(case: Case | None = None, *, now: datetime = MONDAY, **more) -> Visit:
    """A visit that needs no part, with the first van that there is."""
    a_crew()
    return visits.book_visit((case or a_case()).pk, a_booking(**more), by=a_person(), now=now)


def a_visit_for_a_part(case: Case | None = None, *, eta: datetime = MONDAY + 2 * DAY) -> Visit:
    """A visit that waits for its part; tentative."""
    order = an_order(a_diagnosis(case), eta=eta)
    return a_visit(order.diagnosis.case, diagnosis=order.diagnosis_id)


def order_of(visit: Visit) -> PartOrder:
    found = crew_times.standing_order(visit.diagnosis_id)
    assert found is not None
    return found


def slot_of(visit: Visit) -> Slot | None:
    return crew_times.live_slot(visit.pk)


def a_sender(case: Case, *, now: datetime = MONDAY) -> Sender:
    """Whoever holds a link to the case's page, with a form of their own."""
    links.mint_link(case.pk, now=now)
    link = CaseLink.objects.filter(case=case).latest("pk")
    return Sender(link=link.pk, case=case.pk, form=uuid4())


def someone_else() -> Case:
    return a_case(customer=a_customer("Somebody Else"))


def utc(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 6, day, hour, minute, tzinfo=UTC)
