"""The sample company's crews, and the visits and parts that its stories wait for."""

from datetime import datetime, timedelta

from makegood.actions import changes, parts, visit_day, visits
from makegood.actions.changes import Editor
from makegood.actions.crews import CREWS
from makegood.actions.parts import Order
from makegood.actions.visits import Booking
from makegood.clockwork.sample_stage import (
    Cast,
    Stage,
    a_customer,
    a_failure,
    a_report,
)
from makegood.records import crew_times
from makegood.records.models import Asset, Case, EtaSource, Part, Staff, Team, Visit
from makegood.rules.severity import Function
from makegood.rules.visits import Access

KITCHENS, LINES, BOILERS = "ovens and kitchens", "alarm lines", "boilers at any hour"
DUTY_IS_THERE = 0.9


def send_out(
    team: Team, alarms: Team, *, members: tuple[Staff, ...], by: Staff, now: datetime
) -> None:
    """Two vans for kitchens, one for alarms, and one on duty at any hour."""
    for name, of, people, skill, areas in (
        ("Van 1, Exeter", team, members[:1], KITCHENS, ["EX1", "EX2", "EX4"]),
        ("Van 2, coast", team, members[1:2], KITCHENS, ["EX3", "EX8"]),
        ("Alarm van", alarms, members[2:], LINES, []),
        ("Duty van", alarms, members[:1], BOILERS, []),
    ):
        facts = {
            "name": name,
            "team": of.pk,
            "calendar": of.calendar_id,
            "members": [person.pk for person in people],
            "skills": [skill],
            "areas": areas,
            "capacity": 1,
            "slot_minutes": 120,
            "retired": False,
        }
        changes.keep(CREWS, None, facts, editor=Editor(by=by, now=now))


def a_part_is_ordered(case: Case, by: Staff, *, now: datetime, eta: datetime) -> None:
    """Story 005: the right part is ordered, and the visit waits for it instead of the customer."""
    element = Part.objects.create(
        number="H-100", name="heating element", supplier="Partco", lead_days=5
    )
    needed = parts.diagnose(case.pk, element, note="The lower element is broken.", by=by, now=now)
    order = Order(
        diagnosis=needed.pk, part=element.pk, number="PO-4471", eta=eta, source=EtaSource.FILE
    )
    parts.order_part(order, by=by, now=now)
    booking = Booking(what="Fit the heating element", diagnosis=needed.pk, skill=KITCHENS)
    visits.book_visit(case.pk, booking, by=by, now=now)


def a_visit_is_near(stage: Stage, cast: Cast) -> Case:
    """A visit that needs no part, at the next time that a van has."""
    now = stage.until(hours_ago=2.9)
    irene = a_customer("Irene Shaw", "19 Orchard Way", "EX2 9DD", now=now)
    hob = Asset.objects.create(
        customer=irene, name="hob", place="19 Orchard Way", function=Function.COMFORT.value
    )
    failure = a_failure(irene, hob, "Hob switches itself off", failed_at=now, known_at=now)
    case = a_report(
        failure, "phone-9117", "It goes off while I cook.", owner=cast.mike, now=now, talk=5
    )
    booking = Booking(what="Find why the hob goes off", skill=KITCHENS, access=Access.GIVEN)
    visits.book_visit(case.pk, booking, by=cast.mike, now=now)
    return case


def duty_is_called(stage: Stage, cast: Cast) -> Visit:
    """A visit of today, whatever day it is, with a part that is in the van."""
    now = stage.until(hours_ago=6)
    olive = a_customer("Olive Grant", "5 Barrack Road", "EX2 5EF", now=now)
    boiler = Asset.objects.create(
        customer=olive, name="boiler", place="5 Barrack Road", function=Function.HYGIENE.value
    )
    failure = a_failure(olive, boiler, "No hot water", failed_at=now, known_at=now)
    case = a_report(
        failure, "phone-9116", "It clicks and does not light.", owner=cast.mike, now=now, talk=4
    )
    electrode = Part.objects.create(
        number="E-20", name="ignition electrode", supplier="Partco", lead_days=1
    )
    needed = parts.diagnose(case.pk, electrode, note="No spark.", by=cast.mike, now=now)
    order = parts.order_part(Order(diagnosis=needed.pk, part=electrode.pk), by=cast.mike, now=now)
    parts.receive_part(order.pk, at=now, by=cast.mike, now=now)
    there = stage.end - timedelta(hours=DUTY_IS_THERE)
    free = [one.offer.window for one in crew_times.best(case, BOILERS, since=now)]
    chosen = min(window.opens for window in free if window.closes >= there)
    what = "Fit the ignition electrode"
    booking = Booking(what=what, diagnosis=needed.pk, skill=BOILERS, chosen=chosen)
    return visits.book_visit(case.pk, booking, by=cast.mike, now=now)


def duty_arrives(stage: Stage, visit: Visit) -> None:
    """The technician stands at the door, and has not said yet how it went."""
    now = stage.until(hours_ago=DUTY_IS_THERE)
    technician = visit.slots.get().crew.members.get()
    visit_day.arrive(visit.pk, at=now, by=technician, now=now)
