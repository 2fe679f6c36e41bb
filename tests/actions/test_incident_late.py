"""Who reports into an incident that is going on: they hear at once what everybody was told."""

from uuid import uuid4

import pytest

from ended_world import report
from incident_world import HOUR, a_truth, an_outage, declare, subscribers
from makegood.actions import incidents, intake
from makegood.clockwork.spreading import sweep_incidents
from makegood.records.models import Case, Letter, TimelineEntry
from makegood.rules.severity import Function
from world import MONDAY, a_failure, a_person

pytestmark = pytest.mark.django_db


def a_late_report(postcode: str = "EX4 4QK", *, now=MONDAY + HOUR, apart=False, **more) -> Case:
    """Somebody whom the clock has not reached yet rings while the incident is going on."""
    [customer] = subscribers(postcode, **more)
    failure = a_failure(customer, asset=customer.assets.get(), function=Function.CONNECTION)
    news = intake.News(
        source="phone", external_id=str(uuid4()), channel=intake.Channel.PHONE, raw={},
        failure=failure,
    )  # fmt: skip
    return intake.receive_report(news, now=now, apart=apart).case


def test_who_reports_into_an_incident_hears_at_once_what_is_known_and_when_the_next_comes():
    incident = declare(an_outage("EX4"))
    incidents.say(incident.pk, a_truth("It is being spliced."), by=a_person(), now=MONDAY)

    case = a_late_report(email="ada@example.org")

    [promise] = case.promises.all()
    letter = Letter.objects.get(case=case)
    assert (case.incident, promise.due_at) == (incident, MONDAY + 2 * HOUR)
    assert (letter.words, letter.promise) == ("It is being spliced.", promise)
    assert letter.written_by == a_person()


def test_the_next_truth_then_keeps_the_promise_of_who_came_late():
    incident = declare(an_outage("EX4"))
    case = a_late_report(email="ada@example.org")
    later = MONDAY + HOUR + HOUR / 2

    incidents.say(incident.pk, a_truth("It is spliced.", now=later), by=a_person(), now=later)
    sweep_incidents(now=later)

    letter = Letter.objects.get(case=case, words="It is spliced.")
    assert letter.keeps == case.promises.earliest("pk")


@pytest.mark.parametrize("reached", [{"email": ""}, {"email": "", "phone": "+44 1392 496 000"}])
def test_whom_no_letter_reaches_is_still_promised_what_everybody_is(reached):
    declare(an_outage("EX4"))

    case = a_late_report(**reached)

    assert case.promises.get().due_at == MONDAY + 2 * HOUR
    assert not Letter.objects.filter(case=case).exists()
    assert TimelineEntry.objects.filter(case=case, kind="letter_not_written").count() == 1


def test_nobody_is_promised_the_next_truth_where_none_is_to_come():
    declare(an_outage("EX4"))

    overdue = a_late_report(now=MONDAY + 3 * HOUR)
    elsewhere = a_late_report(apart=True)

    assert overdue.promises.get().due_at > MONDAY + 3 * HOUR
    assert elsewhere.promises.get().due_at != MONDAY + 2 * HOUR
    assert not Letter.objects.exists()


def test_who_joins_while_a_truth_goes_out_hears_it_once():
    *_others, last = subscribers("EX4 4QJ", "EX4 4QK", "EX4 4QL")
    own = report(last)
    incident = declare()
    sweep_incidents(now=MONDAY, batch=1, rounds=1)
    later = MONDAY + HOUR

    incidents.say(incident.pk, a_truth("It is spliced.", now=later), by=a_person(), now=later)
    sweep_incidents(now=later)

    own.refresh_from_db()
    assert own.incident == incident
    assert own.promises.filter(due_at=later + 2 * HOUR).count() == 1
    assert own.timeline.filter(kind__startswith="incident_").count() == 1
    assert TimelineEntry.objects.filter(kind="incident_truth_said").count() == 1
