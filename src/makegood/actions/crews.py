"""Crews: kept as a setting, away now and then, and the calendars that they subscribe to."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog
from django.db import transaction
from django.db.models import Q

from makegood.actions import moving
from makegood.actions.changes import FieldError, Keeper
from makegood.actions.moving import Move
from makegood.records import crew_times
from makegood.records.models import (
    CalendarFeed,
    Crew,
    CrewAbsence,
    Staff,
    Team,
    Thing,
    Visit,
    WorkingCalendar,
)
from makegood.records.settings_facts import Facts
from makegood.rules import slots, visits
from makegood.rules.promises import WindowError
from makegood.rules.slots import Turn
from makegood.rules.visits import Cause, VisitError

log = structlog.get_logger(__name__)

FIRST_TURN: Final = timedelta(minutes=2)
"""So long the visits of a crew that is away are left to whoever recorded it, who sees the end."""

AGAIN: Final = timedelta(minutes=15)
"""How soon to try again to move what did not move."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Off:
    """What became of the visits that a crew cannot keep: moved, or tried again by the clock."""

    moved: int
    failed: int


class AbsenceOverError(VisitError):
    """This time is over or was withdrawn: there is nothing to withdraw any more."""


@transaction.atomic
def record_absence(
    crew_id: int,
    *,
    starts_at: datetime,
    ends_at: datetime,
    by: Staff,
    now: datetime,
    first_turn: timedelta = FIRST_TURN,
) -> CrewAbsence:
    """A crew cannot come in a time; what it holds then is moved by `move_off`, or by the clock.

    The clock is set in the same transaction, and leaves the first turn to whoever recorded it.

    :param first_turn: for how long; a system leaves it to the clock.
    :raises WindowError: if the time is empty, or over.
    """
    if ends_at <= max(starts_at, now):
        raise WindowError("An absence ends after it begins, and after now.")
    absence = CrewAbsence.objects.create(
        crew_id=crew_id, starts_at=starts_at, ends_at=ends_at, recorded_at=now, recorded_by=by
    )
    Crew.objects.filter(pk=crew_id).update(look_at=now + first_turn)
    return absence


@transaction.atomic
def withdraw_absence(absence_id: int, *, by: Staff, now: datetime) -> CrewAbsence:
    """A crew can come after all. What has moved stays where it is: its customers were told.

    :raises AbsenceOverError: if the time is over, or was withdrawn before.
    """
    absence = CrewAbsence.objects.select_for_update().get(pk=absence_id)
    if absence.withdrawn_at is not None or absence.ends_at <= now:
        raise AbsenceOverError
    absence.withdrawn_at, absence.withdrawn_by = max(now, absence.recorded_at), by
    absence.save(update_fields=["withdrawn_at", "withdrawn_by"])
    return absence


def move_off(crew_id: int, *, now: datetime) -> Off:
    """Move every visit that a crew holds and cannot keep: the severest and longest waiting first.

    Each in a transaction of its own, so that one that fails holds up no other.
    """
    moved = failed = 0
    for visit in slots.in_turn(_turns(crew_id, now=now)):
        try:
            moved += _move_one(visit, crew_id, now=now)
        except Exception:
            log.exception("visit_not_moved", visit=visit, crew=crew_id)
            failed += 1
    return Off(moved=moved, failed=failed)


def due(*, now: datetime, limit: int) -> list[int]:
    """The crews that may hold what they cannot keep, those longest due first."""
    rows = Crew.objects.filter(look_at__lte=now).order_by("look_at", "pk")
    return list(rows.values_list("pk", flat=True)[:limit])


def look(crew_id: int, *, now: datetime) -> Off:
    """What the clock does with a crew whose moment has come: it looks again for what has failed."""
    off = move_off(crew_id, now=now)
    with transaction.atomic():
        # Locked, so that nobody is overlooked who records an absence meanwhile.
        crew = Crew.objects.select_for_update(no_key=True).get(pk=crew_id)
        crew.look_at = now + AGAIN if crew_times.unkept(crew_id, now=now) else None
        crew.save(update_fields=["look_at"])
    return off


def postpone(crew_id: int, *, now: datetime) -> None:
    """Look again later, after it failed."""
    Crew.objects.filter(pk=crew_id).update(look_at=now + AGAIN)


@transaction.atomic
def make_feed(*, crew: Crew | None, staff: Staff | None, by: Staff, now: datetime) -> str:
    """A secret address of a calendar, shown here once; the database keeps its digest only."""
    token = secrets.token_urlsafe(32)
    CalendarFeed.objects.create(
        token_digest=digest(token), crew=crew, staff=staff, made_at=now, made_by=by
    )
    return token


def revoke_feeds(*, crew: Crew | None, staff: Staff | None, now: datetime) -> int:
    """Let every address of a calendar show nothing any more. Returns how many worked."""
    return CalendarFeed.objects.filter(crew=crew, staff=staff, revoked_at=None).update(
        revoked_at=now
    )


def digest(token: str) -> bytes:
    """What is kept of a secret."""
    return hashlib.sha256(token.encode()).digest()


def _turns(crew_id: int, *, now: datetime) -> list[Turn]:
    return [
        Turn(
            visit=row.visit_id,
            severity=row.visit.case.severity,
            promised_at=row.visit.case.known_at,
        )
        for row in crew_times.unkept(crew_id, now=now)
    ]


@transaction.atomic
def _move_one(visit_id: int, crew_id: int, *, now: datetime) -> int:
    try:
        visit = moving.lock(visit_id)
    except visits.VisitEndedError:
        return 0
    slot = crew_times.live_slot(visit_id)
    if visit.arrived_at or slot is None or slot.crew_id != crew_id or crew_times.is_kept(slot):
        return 0  # moved meanwhile, by its customer or by its part, or the crew is there
    since = visits.ready_from(crew_times.part_of(visit), now=now)
    moving.move(visit, Move(cause=Cause.CREW_AWAY, since=since), now=now)
    return 1


def _write(key: str | None, facts: Facts | None, now: datetime) -> str:
    if facts is None:
        raise FieldError("name", "A crew is never deleted: its history names it. Retire it.")
    if Crew.objects.filter(name__iexact=facts["name"]).exclude(pk=key or 0).exists():
        raise FieldError("name", f"There is a crew {facts['name']} already; choose another name.")
    if not Team.objects.filter(pk=facts["team"]).exists():
        raise FieldError("team", "There is no such team; choose one from the list.")
    if not WorkingCalendar.objects.filter(pk=facts["calendar"]).exists():
        raise FieldError("calendar", "There is no such calendar; choose one from the list.")
    row = _locked(key) if key else Crew()
    _check_skills_not_needed(row, set(row.skills) - set(facts["skills"]))
    row.name, row.team_id, row.calendar_id = facts["name"], facts["team"], facts["calendar"]
    row.skills, row.areas = list(facts["skills"]), list(facts["areas"])
    row.capacity, row.slot_minutes = facts["capacity"], facts["slot_minutes"]
    row.retired_at = (row.retired_at or now) if facts.get("retired") else None
    row.look_at = now  # it may not be able any more to keep what it holds
    if (
        row.retired_at
        and Visit.objects.filter(outcome=None, slots__crew=row.pk, slots__released_at=None).exists()
    ):
        raise FieldError("name", "This crew still holds visits; move them first.")
    row.save()
    # Who has left stays named: a crew that names nobody goes out, and theirs does not.
    named = Staff.objects.filter(Q(is_active=True) | Q(crews=row), pk__in=facts["members"])
    row.members.set(named.distinct())
    return str(row.pk)


def _locked(key: str) -> Crew:
    """As whoever holds a time of it takes it: nobody books what it can no longer do."""
    return Crew.objects.select_for_update(no_key=True).get(pk=key)


def _check_skills_not_needed(crew: Crew, lost: set[str]) -> None:
    """A visit that is called sure is so because its crew can do it."""
    if not lost:
        return
    held = Visit.objects.filter(outcome=None, slots__crew=crew.pk, slots__released_at=None)
    needed = held.filter(skill__in=lost).values_list("skill", flat=True).order_by("skill").first()
    if needed is not None:
        raise FieldError(
            "skills",
            f"This crew still holds visits that need {needed}; note when it cannot come, so that"
            " others take them over.",
        )


CREWS: Final = Keeper(thing=Thing.CREW, write=_write)
