"""Crews and the times in which they cannot come, as other systems see them."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, QuerySet

from makegood.queries.api.pages import Page, page
from makegood.records import crew_times
from makegood.records.models import Crew, CrewAbsence

ABSENCES = "absences_ahead"


@dataclass(frozen=True, kw_only=True, slots=True)
class AbsenceOut:
    """A time in which a crew cannot come, unless it was withdrawn."""

    id: int
    crew: int
    starts_at: datetime
    ends_at: datetime
    recorded_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class CrewOut:
    """A crew that goes out, and when it cannot come; areas are beginnings of postcodes."""

    id: int
    name: str
    skills: list[str]
    areas: list[str]
    capacity: int
    absences: list[AbsenceOut]


@dataclass(frozen=True, kw_only=True, slots=True)
class AwayOut:
    """An absence, and how many visits the crew holds that the clock moves by itself now."""

    absence: AbsenceOut
    to_move: int


def within(team: int | None) -> QuerySet[Crew]:
    """The crews that a token reaches."""
    rows = Crew.objects.filter(retired_at=None)
    return rows if team is None else rows.filter(team=team)


def absences_within(team: int | None) -> QuerySet[CrewAbsence]:
    """Their absences."""
    return CrewAbsence.objects.filter(crew__in=within(team))


def crews(*, team: int | None, now: datetime, cursor: str, limit: int) -> Page[CrewOut]:
    """The crews, the last added first, each with its absences that are not over.

    :raises CursorError: if no list gave out such a cursor.
    """
    ahead = CrewAbsence.objects.filter(withdrawn_at=None, ends_at__gt=now).order_by("starts_at")
    rows = within(team).prefetch_related(Prefetch("absences", queryset=ahead, to_attr=ABSENCES))
    return page(rows, lambda found: [_crew(row) for row in found], cursor=cursor, limit=limit)


def shown(row: CrewAbsence) -> AbsenceOut:
    """An absence, as it is shown."""
    return AbsenceOut(
        id=row.pk,
        crew=row.crew_id,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        recorded_at=row.recorded_at,
        withdrawn_at=row.withdrawn_at,
    )


def away(row: CrewAbsence, *, now: datetime) -> AwayOut:
    """An absence that was just recorded, with what is left to the clock."""
    return AwayOut(absence=shown(row), to_move=len(crew_times.unkept(row.crew_id, now=now)))


def _crew(row: Crew) -> CrewOut:
    return CrewOut(
        id=row.pk,
        name=row.name,
        skills=list(row.skills),
        areas=list(row.areas),
        capacity=row.capacity,
        absences=[shown(absence) for absence in getattr(row, ABSENCES)],
    )
