"""Reports, news for everybody and the clock at the same moment: nobody is passed by."""

from threading import Event
from uuid import uuid4

import pytest
from django.db import connection, transaction

from incident_world import HOUR, a_truth, an_outage, declare, subscribers
from makegood.actions import incidents, intake, truths
from makegood.clockwork.incident_watching import sweep_ended
from makegood.clockwork.spreading import sweep_incidents
from makegood.queries import verify
from makegood.records.models import (
    Case,
    Customer,
    Entitlement,
    Incident,
    IncidentTruth,
    Letter,
)
from makegood.rules.severity import Function
from sessions import LONGEST_START, at_once
from world import MONDAY, a_failure, a_person

pytestmark = pytest.mark.usefixtures("committed_db")

NOW = MONDAY + HOUR
_WAITING = """
    SELECT EXISTS (SELECT FROM pg_stat_activity
                    WHERE datname = current_database() AND wait_event_type = 'Lock')
"""


@pytest.fixture
def incident() -> Incident:
    found = declare(an_outage("EX4"))
    subscribers("EX4 4QJ", email="ann@example.net")
    sweep_incidents(now=MONDAY)
    return found


def report(customer: Customer) -> intake.Received:
    failure = a_failure(customer, asset=customer.assets.get(), function=Function.CONNECTION)
    news = intake.News(
        source="phone", external_id=str(uuid4()), channel=intake.Channel.PHONE, raw={},
        failure=failure,
    )  # fmt: skip
    return intake.receive_report(news, now=NOW)


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_WAITING)
        return bool(cursor.fetchone()[0])


def test_who_reports_it_while_it_ends_is_told_that_it_is_over(incident, monkeypatch):
    laura, [late] = a_person(), subscribers("EX4 4QK", email="ada@example.net")
    was_read, is_over, read = Event(), Event(), truths.standing

    def read_slowly(*asked, **more):
        """Go on only when the end of it has been said, or waits for us."""
        found = read(*asked, **more)
        was_read.set()
        while not (is_over.wait(0.01) or somebody_waits()):
            pass
        return found

    def end():
        was_read.wait(LONGEST_START)
        try:
            return incidents.end(
                incident.pk, a_truth("It works again.", now=NOW), at=NOW, evidence="Seen.",
                by=laura, now=NOW,
            )  # fmt: skip
        finally:
            is_over.set()

    monkeypatch.setattr(truths, "standing", read_slowly)
    received, ended = at_once(lambda: report(late), end)
    sweep_incidents(now=NOW)

    assert [one for one in (received, ended) if isinstance(one, Exception)] == []
    told = Letter.objects.filter(words__startswith="It works again.")
    assert sorted(told.values_list("case", flat=True)) == sorted(
        Case.objects.values_list("pk", flat=True)
    )
    assert verify.run() == []


@pytest.mark.parametrize("seed", [1, 2])
def test_reports_news_and_the_clock_wait_for_each_other_in_no_circle(seed):
    laura, incident = a_person(), declare(an_outage("EX4"))
    late = subscribers(*["EX4 4QK"] * 4, email="ada@example.net")

    found = at_once(
        *[lambda one=one: report(one) for one in late],
        lambda: incidents.say(incident.pk, a_truth("News.", now=NOW), by=laura, now=NOW),
        lambda: sweep_incidents(now=NOW, batch=2),
        shaken=seed,
    )
    sweep_incidents(now=NOW)

    assert [one for one in found if isinstance(one, Exception)] == []
    assert Incident.objects.get().missed == []
    assert IncidentTruth.objects.get(words="News.").missed == []
    told = Letter.objects.filter(words="News.")
    assert sorted(told.values_list("case", flat=True)) == sorted(
        Case.objects.values_list("pk", flat=True)
    )
    assert verify.run() == []


def test_the_end_waits_for_what_is_found_out_of_many_cases_and_never_both_for_each_other():
    laura, incident = a_person(), declare(an_outage("EX4"))
    subscribers("EX4 4QJ", "EX4 4QK")
    sweep_incidents(now=MONDAY)
    first, second = (
        Entitlement.objects.create(case=case, scheme="ofcom")
        for case in Case.objects.order_by("pk")
    )
    Entitlement.objects.filter(pk=first.pk).update(because="It lies behind the other now.")
    has_first = Event()

    def find_out() -> None:
        with transaction.atomic():
            Entitlement.objects.select_for_update().get(pk=first.pk)
            has_first.set()
            while not somebody_waits():
                pass
            Entitlement.objects.select_for_update().get(pk=second.pk)

    def end() -> None:
        assert has_first.wait(LONGEST_START)
        with connection.cursor() as cursor:  # as it is read where there are many
            cursor.execute(
                "SET enable_nestloop = off; SET enable_indexscan = off;"
                " SET enable_bitmapscan = off; SET enable_mergejoin = off"
            )
        incidents.end(
            incident.pk, a_truth("It works again.", now=NOW), at=NOW, evidence="Measured.",
            by=laura, now=NOW,
        )  # fmt: skip
        sweep_ended(now=NOW)

    assert at_once(find_out, end) == [None, None]

    assert Entitlement.objects.filter(look_at__gt=NOW).count() == 2
