"""What the public form heard stands on the wall among what was wrong."""

from datetime import timedelta

import pytest
from django.test import Client

from makegood.clockwork import counting
from makegood.records.models import Case, KnownFailure, Service
from makegood.rules.roles import Role
from makegood.rules.severity import Function
from standing_clock import StandingClock
from world import a_case, a_customer, a_person, a_team

pytestmark = pytest.mark.django_db

NOW = StandingClock.now()


@pytest.fixture
def alice(monkeypatch) -> Client:
    """A supervisor, who may see the wall."""
    monkeypatch.setattr("makegood.doors.moment.datetime", StandingClock)
    client = Client()
    client.force_login(a_person("Alice", role=Role.SUPERVISOR.value))
    return client


def test_what_the_public_form_heard_stands_on_the_wall_by_its_service_and_area(alice):
    service = Service.objects.create(
        name="Garden waste round", function=Function.HYGIENE.value, team=a_team()
    )
    for what in (f"service:{service.pk}", "function:hygiene"):
        case = a_case(now=NOW - timedelta(days=1), customer=a_customer(what))
        known = KnownFailure.objects.create(what=what, area="EX4")
        Case.objects.filter(pk=case.pk).update(known_failure=known)
    counting.count_new(now=NOW)

    answer = alice.get("/wall")

    assert answer.status_code == 200
    names = {line.name for line in answer.context["page"].causes.lines}
    assert {"Garden waste round, EX4", "Hygiene: waste, cleaning, EX4"} <= names
