"""Every address of the desk, and things of the busy day to fill it with.

A new address gets its line in `needed_rights`; `test_rights` walks all of them with every role.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

from busy_day import BusyDay, open_promise
from makegood.actions import incidents
from makegood.actions.incidents import Outage, Truth
from makegood.doors.access import DOOR
from makegood.records.models import (
    Case,
    Escalation,
    Handover,
    Incident,
    Message,
    Report,
    Service,
    SettingsChange,
)
from makegood.rules.severity import Harm


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    """One address, by name, with its route and its door."""

    name: str
    route: str
    door: str

    def filled(self, things: dict[str, object]) -> str:
        """The address of one thing."""
        return "/" + re.sub(r"<\w+:(\w+)>", lambda found: str(things[found[1]]), self.route)


def addresses(*, door: str = "") -> Iterator[Address]:
    """Every address, or those behind one door."""
    for address in _walk(get_resolver(), ""):
        if door in {"", address.door}:
            yield address


def things_of(day: BusyDay, *, token: str = "") -> dict[str, object]:
    """What the alarm case has, by the names that addresses use."""
    told = Escalation.objects.filter(case=day.alarm, reason="break").get()
    return {
        "reference": day.alarm.reference,
        "promise_id": open_promise(day.alarm, "You will hear").pk,
        "revision_id": 1,
        "message_id": Message.objects.get(case=day.alarm).pk,
        "handover_id": Handover.objects.get().pk,
        "escalation_id": told.pk,
        "report_id": Report.objects.order_by("pk")[0].pk,
        "view_id": 1,
        "choice_id": 1,
        "remedy_id": 1,
        "request_id": 1,
        "attachment_id": 0,
        "letter_id": 0,
        "mail_id": 0,
        "template_id": 0,
        "stop_id": 0,
        "want_id": 1,
        "article_id": 0,
        "doubt_id": 0,
        "repeat_id": 0,
        "lesson_id": 0,
        "improvement_id": 0,
        "claim_id": 0,
        "visit_id": 0,  # whose visit it is, test_round asks
        "crew_id": 0,
        "absence_id": 0,
        "round_id": 0,
        "run_id": 0,
        "incident_ref": _incident(day).reference,
        "token": token,
        "session_id": 0,  # nobody's
        "pk": 0,  # nobody's key
        **_settings(day),
    }


def _incident(day: BusyDay) -> Incident:
    """An incident of the sample's service, which hits nobody."""
    known = Incident.objects.first()
    now = Case.objects.latest("recorded_at").recorded_at
    outage = Outage(
        service=Service.objects.get(),
        area="ZZ9",
        title="No round today",
        harm=Harm.LOST,
        failed_at=now,
        known_at=now,
    )
    truth = Truth(words="The lorry broke down.", due_at=now + timedelta(hours=2))
    return known or incidents.declare(outage, truth, owner=day.laura, by=day.laura, now=now)


def _settings(day: BusyDay) -> dict[str, object]:
    """Things of the settings."""
    return {
        "asset_id": day.bin.asset_id,
        "calendar_id": day.laura.team.calendar_id,
        "change_id": SettingsChange.objects.latest("pk").pk,
        "duty_id": 0,
        "person_id": day.offered.owner_id,
        "code": "M01",
        "chart": "kept",
        "service_id": Service.objects.get().pk,
        "severity": 2,
        "team_id": day.laura.team_id,
        "token_id": 0,
        "webhook_id": 0,
        "source_id": 0,
        "partner_id": 0,
        "authority_id": 0,
        "conflict_id": 0,
        "use_id": 0,
        "budget_id": 0,
        "gesture_id": 0,
        "which": "services",
        "import_id": 0,
        "export_id": 0,
        "uuid": day.bin.customer.uuid,
    }


def _walk(resolver: URLResolver, prefix: str) -> Iterator[Address]:
    for entry in resolver.url_patterns:
        assert isinstance(entry.pattern, RoutePattern), entry
        route = f"{prefix}{entry.pattern}"
        if isinstance(entry, URLPattern):
            yield Address(name=str(entry.name), route=route, door=getattr(entry.callback, DOOR, ""))
        else:
            yield from _walk(entry, route)
