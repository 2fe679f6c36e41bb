"""What of an incident waits for people is told to its owner, and then up the ladder."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.db import connection

from clock import SimulatedClock
from incident_world import HOUR, a_truth, an_outage, declare, subscribers
from makegood.actions import contacts, incident_tellings, incidents, spreading
from makegood.actions.contacts import Touch
from makegood.actions.escalation import AlreadyAcknowledgedError
from makegood.clockwork import ticks
from makegood.queries import verify
from makegood.records.models import (
    Case,
    Customer,
    Direction,
    IncidentTelling,
    IncidentTruth,
    IncidentWatch,
    Team,
)
from makegood.records.next_due import next_due
from makegood.rules.promises import Channel
from raw_sql import refused_by, sql
from world import MONDAY, a_case, a_person

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
UNHEARD = timedelta(hours=2)


@pytest.fixture(autouse=True)
def _every_law_holds():
    yield
    assert verify.run() == []


def lead() -> None:
    Team.objects.update(lead=a_person("Grace Lind", role="supervisor"))


def left_out() -> tuple:
    """An incident one of whose customers has no case by machine."""
    lead()
    subscribers("EX4 4QJ")
    (strange,) = subscribers("EX4 4QK")
    Customer.objects.filter(pk=strange.pk).update(zone="Mars/Phobos")
    incident = declare()
    ticks.tick(now=MONDAY)
    return incident, strange


def told(incident) -> list[tuple[str, str, str]]:
    rows = incident.tellings.order_by("number")
    return [(row.role, row.staff.name, row.reason) for row in rows.select_related("staff")]


def say(incident, now) -> None:
    incidents.say(incident.pk, a_truth("News.", now=now), by=a_person(), now=now)


def test_whoever_has_no_case_is_told_to_the_owner_at_once():
    incident, _strange = left_out()

    assert told(incident) == [("owner", "Laura Bennett", "warning")]
    ticks.tick(now=MONDAY + MINUTE)
    assert len(told(incident)) == 1


def test_what_nobody_sees_to_climbs():
    incident, _strange = left_out()
    clock = SimulatedClock(MONDAY)
    say(incident, MONDAY)
    first = incident.tellings.get()

    clock.wait(minutes=int((first.speak_again_at - MONDAY) / MINUTE) + 1)

    assert told(incident)[-1] == ("lead", "Grace Lind", "unheard")


def test_an_owner_who_sees_to_it_when_it_has_climbed_has_been_heard():
    incident, _strange = left_out()
    first = incident.tellings.get()
    say(incident, first.speak_again_at - MINUTE)
    ticks.tick(now=first.speak_again_at)
    assert told(incident)[-1] == ("lead", "Grace Lind", "unheard")

    late = first.speak_again_at + MINUTE
    again_at = incident_tellings.acknowledge(first.pk, by=a_person(), now=late).speak_again_at
    say(incident, again_at - MINUTE)
    ticks.tick(now=again_at - MINUTE)
    assert len(told(incident)) == 2
    ticks.tick(now=again_at)

    assert told(incident)[2:] == [("lead", "Grace Lind", "still_open")]


def test_who_sees_to_it_hears_again_while_it_waits_and_not_once_it_is_done():
    incident, strange = left_out()
    by = a_person()
    heard = incident_tellings.acknowledge(incident.tellings.get().pk, by=by, now=MONDAY + MINUTE)
    with pytest.raises(AlreadyAcknowledgedError):
        incident_tellings.acknowledge(heard.pk, by=by, now=MONDAY + MINUTE)
    say(incident, heard.speak_again_at - MINUTE)
    ticks.tick(now=heard.speak_again_at - MINUTE)
    assert len(told(incident)) == 1
    ticks.tick(now=heard.speak_again_at)
    assert told(incident)[-1][2] == "still_open"

    Customer.objects.filter(pk=strange.pk).update(zone="Europe/London")
    case = a_case(customer=strange, asset=strange.assets.get())
    assert case.customer == strange
    again = incident.tellings.latest("number")
    say(incident, again.speak_again_at - MINUTE)
    ticks.tick(now=again.speak_again_at)

    assert len(told(incident)) == 2
    assert not IncidentTelling.objects.filter(settled_at=None).exists()


def test_news_that_everybody_was_promised_and_nobody_said_is_told_when_it_is_late():
    lead()
    subscribers("EX4 4QJ")
    incident = declare()
    ticks.tick(now=MONDAY)
    due = incident.truths.get().due_at
    assert IncidentWatch.objects.get().look_at == due
    assert told(incident) == []

    ticks.tick(now=due)
    assert told(incident) == [("owner", "Laura Bennett", "break")]

    say(incident, due + MINUTE)
    ticks.tick(now=due + UNHEARD)
    assert incident.tellings.get().settled_at is not None
    later = incident.truths.latest("number").due_at
    ticks.tick(now=later)
    assert told(incident)[-1] == ("owner", "Laura Bennett", "break")


def test_news_said_in_time_tells_nobody():
    subscribers("EX4 4QJ")
    incident = declare()
    say(incident, MONDAY + HOUR)
    ticks.tick(now=MONDAY + 2 * HOUR)

    assert told(incident) == []
    assert next_due(now=MONDAY) <= MONDAY + 3 * HOUR


def test_what_is_over_promises_no_more_news():
    subscribers("EX4 4QJ")
    incident = declare()
    over = a_truth("It works.", now=MONDAY + HOUR)
    by, now = a_person(), MONDAY + HOUR
    incidents.end(incident.pk, over, at=now, evidence="Measured.", by=by, now=now)

    SimulatedClock(MONDAY + HOUR).wait(hours=3)

    assert told(incident) == []
    assert IncidentWatch.objects.get().look_at is None


def test_a_case_that_could_not_be_told_waits_until_somebody_spoke_to_its_customer():
    lead()
    subscribers("EX4 4QJ")
    incident = declare()
    ticks.tick(now=MONDAY)
    case = Case.objects.get()
    say(incident, MONDAY + MINUTE)
    spreading.pass_over_case(IncidentTruth.objects.latest("number").pk, now=MONDAY + MINUTE)

    ticks.tick(now=MONDAY + MINUTE)
    assert told(incident) == [("owner", "Laura Bennett", "warning")]

    touch = Touch(
        channel=Channel.PHONE, direction=Direction.OUTBOUND, at=MONDAY + 2 * MINUTE,
        note="Told her.", staff=a_person(),
    )  # fmt: skip
    contacts.record_contact(case.pk, touch, now=MONDAY + 2 * MINUTE)
    IncidentWatch.objects.update(look_at=MONDAY + 3 * MINUTE)
    ticks.tick(now=MONDAY + 3 * MINUTE)

    assert incident.tellings.get().settled_at == MONDAY + 3 * MINUTE


def test_whoever_is_not_hit_after_all_needs_no_case():
    incident, _strange = left_out()
    by, now = a_person(), MONDAY + MINUTE
    truth = a_truth("All is well.", now=now)
    incidents.find_false(incident.pk, truth, evidence="Measured.", by=by, now=now)

    IncidentWatch.objects.update(look_at=now)
    ticks.tick(now=now)

    assert incident.tellings.get().settled_at == now


def test_incidents_of_the_time_before_are_looked_at_as_well():
    incident, _strange = left_out()
    calm = declare(an_outage("M1"), now=MONDAY)
    IncidentTelling.objects.all().delete()
    IncidentWatch.objects.all().delete()

    with connection.cursor() as cursor:
        cursor.execute(import_module("makegood.records.migrations.0058_incident_tellings").WATCH)

    looks = dict(IncidentWatch.objects.values_list("incident", "look_at"))
    assert looks == {incident.pk: MONDAY, calm.pk: calm.truths.get().due_at}


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ("number = 1", "incident_telling_once_per_number"),
        ("role = 'friend'", "incident_telling_is_of_a_known_kind"),
        ("reason = 'whim'", "incident_telling_is_of_a_known_kind"),
    ],
)
def test_the_database_keeps_tellings_true(change, name):
    incident, _strange = left_out()
    say(incident, MONDAY)
    ticks.tick(now=incident.tellings.get().speak_again_at)
    assert incident.tellings.count() == 2

    with refused_by(name):
        sql(f"UPDATE records_incidenttelling SET {change} WHERE number = 2")
