"""Crews: kept as a setting, away now and then, and the calendars that they subscribe to."""

import hashlib
import secrets
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from makegood.actions import moving
from makegood.actions.changes import FieldError, Keeper
from makegood.actions.moving import Move
from makegood.records import crew_times
from makegood.records.models import (
    CalendarFeed,
    Crew,
    CrewAbsence,
    Slot,
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
from makegood.rules.visits import Cause


@transaction.atomic
def record_absence(
    crew_id: int, *, starts_at: datetime, ends_at: datetime, by: Staff, now: datetime
) -> CrewAbsence:
    """A crew cannot come in a time; what it holds then is moved by `move_off`.

    :raises WindowError: if the time is empty, or over.
    """
    if ends_at <= max(starts_at, now):
        raise WindowError("An absence ends after it begins, and after now.")
    return CrewAbsence.objects.create(
        crew_id=crew_id, starts_at=starts_at, ends_at=ends_at, recorded_at=now, recorded_by=by
    )


def move_off(crew_id: int, *, now: datetime) -> int:
    """Move every visit that a crew holds while it is away: the severest and longest waiting first.

    Each in a transaction of its own, so that one that fails holds up no other; the clock's look
    on the day before finds what is left. Returns how many moved.
    """
    moved = 0
    for visit in slots.in_turn(_turns(crew_id, now=now)):
        moved += _move_one(visit, crew_id, now=now)
    return moved


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
    rows = _slots_in_absence(crew_id, now=now).select_related("visit__case")
    return [
        Turn(
            visit=row.visit_id,
            severity=row.visit.case.severity,
            promised_at=row.visit.case.known_at,
        )
        for row in rows
    ]


def _slots_in_absence(crew_id: int, *, now: datetime) -> QuerySet[Slot]:
    away = CrewAbsence.objects.filter(crew=crew_id, withdrawn_at=None, ends_at__gt=now)
    ids = [
        slot.pk
        for slot in Slot.objects.filter(crew=crew_id, released_at=None, closes_at__gt=now)
        for absence in away
        if slot.opens_at < absence.ends_at and absence.starts_at < slot.closes_at
    ]
    return Slot.objects.filter(pk__in=ids, visit__outcome=None, visit__arrived_at=None)


@transaction.atomic
def _move_one(visit_id: int, crew_id: int, *, now: datetime) -> int:
    try:
        visit = moving.lock(visit_id)
    except visits.VisitEndedError:
        return 0
    if not _slots_in_absence(crew_id, now=now).filter(visit=visit).exists():
        return 0  # moved meanwhile, by its customer or by its part
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
    if (
        row.retired_at
        and Visit.objects.filter(outcome=None, slots__crew=row.pk, slots__released_at=None).exists()
    ):
        raise FieldError("name", "This crew still holds visits; move them first.")
    row.save()
    row.members.set(Staff.objects.filter(pk__in=facts["members"], is_active=True))
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
