"""The days of rounds as crews' own systems see them: when each comes, and what became of it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from makegood.queries.api.pages import Page, page
from makegood.records.models import RoundRun, RoundStop


@dataclass(frozen=True, kw_only=True, slots=True)
class RunOut:
    """One day of a round; `incident` is what became of what was missed."""

    id: int
    round: str
    service: str
    crew: str | None
    planned: date
    opens_at: datetime
    closes_at: datetime
    came: str | None
    by_silence: bool
    reported_at: datetime | None
    incident: str | None


def within(team: int | None) -> QuerySet[RoundRun]:
    """The days that a token reaches."""
    rows = RoundRun.objects.select_related("round__service", "round__crew", "incident")
    return rows if team is None else rows.filter(round__service__team=team)


def runs(*, team: int | None, is_open: bool | None = None, cursor: str, limit: int) -> Page[RunOut]:
    """Days of rounds, the newest first; those still to be reported, or those that were.

    :raises CursorError: if no list gave out such a cursor.
    """
    rows = within(team)
    if is_open is not None:
        rows = rows.filter(reported_at__isnull=is_open)
    return page(rows, lambda found: [shown(row) for row in found], cursor=cursor, limit=limit)


def shown(row: RoundRun) -> RunOut:
    """A day, as it is shown."""
    return RunOut(
        id=row.pk,
        round=row.round.name,
        service=row.round.service.name,
        crew=row.round.crew.name if row.round.crew else None,
        planned=row.planned,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        came=row.outcome,
        by_silence=row.by_silence,
        reported_at=row.reported_at,
        incident=row.incident.reference if row.incident else None,
    )


def by_id(run_id: int) -> RunOut:
    """One day.

    :raises RoundRun.DoesNotExist: if there is none.
    """
    return shown(within(None).get(pk=run_id))


def stops_of(row: RoundRun, numbers: tuple[str, ...]) -> tuple[dict[str, int], list[str]]:
    """The stops of a round by the numbers that other systems know their assets by; and unknown."""
    wanted = [number for number in numbers if number]
    rows = RoundStop.objects.filter(round=row.round_id, asset__external_id__in=wanted)
    found = dict(rows.values_list("asset__external_id", "pk"))
    return found, [number for number in wanted if number not in found]
