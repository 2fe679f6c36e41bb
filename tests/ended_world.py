"""An incident that ends after a week, who reports it, and what a scheme gives everybody."""

from datetime import timedelta

from incident_world import HOUR, a_truth
from makegood.actions import incident_remedies, incidents, intake
from makegood.actions.intake import News
from makegood.clockwork.spreading import sweep_incidents
from makegood.records.models import (
    Case,
    Incident,
    IncidentRemedy,
    Staff,
)
from makegood.rules.promises import Channel
from makegood.rules.remedies import Activity, Terms
from makegood.rules.severity import Function
from money_world import limits, may_give, some_terms
from world import MONDAY, a_failure, a_person

OFCOM = "ofcom-automatic-compensation"
WEEK = timedelta(days=7)
OVER = MONDAY + WEEK
LATER = OVER + HOUR
FACTS = {"failure": "delayed_repair", "reported_on": "@failed_on", "fixed_on": "@over_on"}


def executive(per_case: int = 20_000, per_period: int = 100_000) -> Staff:
    boss = a_person("Grace", role="executive")
    may_give(boss, activity=Activity.SCHEME, held=limits(per_case, per_period))
    return boss


def terms(minor: int = 10_000) -> Terms:
    return some_terms(minor, source="scheme", scheme=OFCOM, because="The line was down.")


def report(customer, *, failed_at=MONDAY, now=MONDAY, number: str = "1", owner=None) -> Case:
    failure = a_failure(
        customer, asset=customer.assets.get(), function=Function.CONNECTION,
        failed_at=failed_at, known_at=max(failed_at, now),
    )  # fmt: skip
    news = News(source="form", external_id=number, channel=Channel.WEB, raw={}, failure=failure)
    return intake.receive_report(news, owner=owner or a_person(), now=now).case


def over(incident: Incident) -> None:
    incidents.end(
        incident.pk, a_truth("It works again.", now=OVER), at=OVER, evidence="Every line answers.",
        by=a_person(), now=OVER,
    )  # fmt: skip
    sweep_incidents(now=OVER)


def publish(incident: Incident, wished: Terms | None = None, *, by=None) -> IncidentRemedy:
    decided = incident_remedies.publish(
        incident.pk, wished or terms(), a_truth("You are owed this.", now=LATER),
        by=by or executive(), now=LATER,
    )  # fmt: skip
    sweep_incidents(now=LATER, batch=2)
    decided.refresh_from_db()
    return decided
