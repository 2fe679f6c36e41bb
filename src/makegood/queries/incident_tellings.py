"""What of incidents waits for people, in sentences: for who was told, and on its page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from makegood.queries import when
from makegood.queries.when import When
from makegood.records import left_to_people
from makegood.records.models import IncidentTelling


@dataclass(frozen=True, kw_only=True, slots=True)
class IncidentTold:
    """One telling: of which incident, what waits, who was told when, and who sees to it."""

    id: int
    staff: int
    reference: str
    title: str
    says: tuple[str, ...]
    told_to: str
    told: When
    seen_to_by: str
    seen_to: When | None


def read_told(people: Iterable[int], *, now: datetime, zone: ZoneInfo) -> tuple[IncidentTold, ...]:
    """What some people were told and nobody sees to yet."""
    rows = IncidentTelling.objects.filter(
        staff__in=list(people), acknowledged_at=None, settled_at=None
    )
    return _cards(rows, now=now, zone=zone)


def read_of(incident: int, *, now: datetime, zone: ZoneInfo) -> tuple[IncidentTold, ...]:
    """Who was told of what still waits."""
    rows = IncidentTelling.objects.filter(incident=incident, settled_at=None)
    return _cards(rows, now=now, zone=zone)


def says(incident: int, *, now: datetime, zone: ZoneInfo) -> tuple[str, ...]:
    """What of an incident waits for people, in sentences; none if nothing does."""
    left = left_to_people.read(incident)
    found = []
    if left.customers:
        found.append(
            ngettext(
                "%(n)d customer whom it hit has no case: take their report by hand.",
                "%(n)d customers whom it hit have no case: take their reports by hand.",
                left.customers,
            )
            % {"n": left.customers}
        )
    if left.cases:
        found.append(
            ngettext(
                "%(n)d case could not be told what was said to everybody: tell it there.",
                "%(n)d cases could not be told what was said to everybody: tell it there.",
                left.cases,
            )
            % {"n": left.cases}
        )
    if left.has_come:
        found.append(_("Its crew says that the round came after all: say so to everybody."))
    if left.news_due is not None and left.is_late(now):
        due = when.at(left.news_due, now=now, zone=zone).words
        found.append(
            _("Everybody was promised news by %(when)s, and has heard none.") % {"when": due}
        )
    return tuple(found)


def _cards(
    rows: QuerySet[IncidentTelling], *, now: datetime, zone: ZoneInfo
) -> tuple[IncidentTold, ...]:
    related = rows.select_related("incident", "staff", "acknowledged_by")
    found = list(related.order_by("told_at", "pk"))
    waits = {pk: says(pk, now=now, zone=zone) for pk in {row.incident_id for row in found}}
    return tuple(
        IncidentTold(
            id=row.pk,
            staff=row.staff_id,
            reference=row.incident.reference,
            title=row.incident.title,
            says=waits[row.incident_id],
            told_to=row.staff.name,
            told=when.at(row.told_at, now=now, zone=zone),
            seen_to_by=row.acknowledged_by.name if row.acknowledged_by else "",
            seen_to=when.at(row.acknowledged_at, now=now, zone=zone)
            if row.acknowledged_at
            else None,
        )
        for row in found
        if waits[row.incident_id]
    )
