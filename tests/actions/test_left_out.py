"""Whom an incident's remedy does not go to by machine: noted by the batch that finds it, once."""

import pytest
from django.db import connection

from given_world import a_boss, publish
from incident_world import declare, left_out, subscribers
from makegood.clockwork.spreading import sweep_incidents
from makegood.queries import verify
from makegood.records import hit
from makegood.records.models import Customer, Incident, IncidentRemedy
from raw_sql import refused_by, sql
from world import MONDAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident() -> Incident:
    """Of customers who are all close to her who decides."""
    subscribers(*["EX4 4QJ"] * 4, email=a_boss().email)
    found = declare()
    sweep_incidents(now=MONDAY)
    return found


@pytest.fixture
def written():
    """What is written about whom it is left out."""
    found: list[list[int]] = []

    def watch(execute, statement, params, many, context):
        if statement.startswith("INSERT INTO records_leftout"):
            found.append(params[1])
        elif statement.startswith('UPDATE "records_incidentremedy"'):
            found.append([])
        return execute(statement, params, many, context)

    with connection.execute_wrapper(watch):
        yield found


def test_a_batch_writes_only_whom_it_leaves_out_itself(incident, written):
    """At a million, a list that is written whole with each batch would never come to its end."""
    decided = publish(incident)

    known = left_out(decided)
    assert len(known) == Customer.objects.count() == 4
    assert written == [known[:2], known[2:]]
    assert verify.run() == []


def test_a_case_is_left_out_once(incident):
    decided = publish(incident)
    known = left_out(decided)

    hit.leave_out(known, remedy=decided.pk)

    assert left_out(decided) == known
    with refused_by("left_out_once_per_remedy"):
        sql(
            "INSERT INTO records_leftout (remedy_id, case_id)"
            " SELECT remedy_id, case_id FROM records_leftout"
        )
    assert IncidentRemedy.objects.get().granted == 0
