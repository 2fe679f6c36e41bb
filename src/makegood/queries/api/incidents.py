"""Incidents as other systems see them: what failed where, and what everybody is told."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Prefetch, QuerySet

from makegood.queries.api.pages import Page, page
from makegood.records.models import Incident, IncidentTruth


@dataclass(frozen=True, kw_only=True, slots=True)
class TruthOut:
    """What everybody was told, and by when they hear the next."""

    number: int
    words: str
    said_at: datetime
    due_at: datetime
    told_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class IncidentOut:
    """A service that failed in an area; `area` is empty for everywhere."""

    reference: str
    service: str
    area: str
    title: str
    harm: str
    owner: str
    team: str
    failed_at: datetime
    known_at: datetime
    over_at: datetime | None
    cases: int
    truths: tuple[TruthOut, ...]


def within(team: int | None) -> QuerySet[Incident]:
    """The incidents that a token reaches, with what is shown of each."""
    truths = Prefetch("truths", IncidentTruth.objects.order_by("number"))
    rows = Incident.objects.select_related("service", "owner", "team").prefetch_related(truths)
    rows = rows.annotate(hit=Count("cases"))
    return rows if team is None else rows.filter(team=team)


def incidents(
    *, team: int | None, is_over: bool | None = None, cursor: str = "", limit: int
) -> Page[IncidentOut]:
    """Incidents, the newest first.

    :raises CursorError: if no list gave out such a cursor.
    """
    rows = within(team)
    if is_over is not None:
        rows = rows.filter(over_at__isnull=not is_over)
    return page(rows, lambda found: [shown(row) for row in found], cursor=cursor, limit=limit)


def by_reference(reference: str, *, team: int | None) -> IncidentOut | None:
    """One incident, if the token reaches it."""
    row = within(team).filter(reference=reference).first()
    return shown(row) if row else None


def shown(row: Incident) -> IncidentOut:
    """An incident, as it is shown."""
    return IncidentOut(
        reference=row.reference,
        service=row.service.name,
        area=row.area,
        title=row.title,
        harm=row.harm,
        owner=row.owner.name,
        team=row.team.name,
        failed_at=row.failed_at,
        known_at=row.known_at,
        over_at=row.over_at,
        cases=row.hit,  # type: ignore[attr-defined]  # as `within` says
        truths=tuple(
            TruthOut(
                number=each.number,
                words=each.words,
                said_at=each.said_at,
                due_at=each.due_at,
                told_at=each.told_at,
            )
            for each in row.truths.all()
        ),
    )
