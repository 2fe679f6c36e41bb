"""An incident whose closed cases are given what everybody is."""

from asking import a_call
from incident_world import HOUR, a_truth
from makegood.actions import cases, incident_remedies, payments
from makegood.clockwork.spreading import sweep_incidents
from makegood.records.models import Case, Incident, IncidentRemedy, Remedy, Staff
from money_world import limits, may_give, some_terms
from world import MONDAY, a_person

SAID, LATER = MONDAY + HOUR, MONDAY + 2 * HOUR
SORRY = "It took us far too long."


def close(case: Case) -> Case:
    return cases.close_case(case_id=case.pk, answer=a_call(case, "It works.", now=SAID), now=SAID)


def a_boss() -> Staff:
    return a_person("Grace", role="executive")


def publish(incident: Incident, *, words: str = SORRY, now=LATER) -> IncidentRemedy:
    boss = a_boss()
    may_give(boss, held=limits(5_000, 100_000))
    decided = incident_remedies.publish(
        incident.pk, some_terms(1_000, because="A day without a line."),
        a_truth(words, now=now), by=boss, now=now,
    )  # fmt: skip
    sweep_incidents(now=now, batch=2)
    decided.refresh_from_db()
    return decided


def arrives(case: Case, *, at=LATER + HOUR) -> Case:
    remedy = Remedy.objects.get(case=case)
    arrival = payments.Arrival(
        key=f"remedy-{remedy.pk}-1", at=at, evidence="The bank has confirmed it."
    )
    payments.record_arrival(arrival, now=at)
    case.refresh_from_db()
    return case
