"""Shifts, on-call watches and absences: planned, changed, ended; absence with its cover."""

from datetime import datetime
from typing import Final

from makegood.actions.changes import FieldError, Keeper
from makegood.records.models import Duty, DutyKind, Staff, Thing
from makegood.records.settings_facts import Facts


def _write(key: str | None, facts: Facts | None, _now: datetime) -> str:
    """Write one span; None removes one that was planned by mistake."""
    if facts is None:
        Duty.objects.filter(pk=key or 0).delete()
        return str(key)
    row = (Duty.objects.filter(pk=key).first() or Duty(pk=int(key))) if key else Duty()
    row.staff = _person("staff", facts["staff"])
    row.kind = facts["kind"]
    row.starts_at = datetime.fromisoformat(facts["starts_at"])
    row.ends_at = datetime.fromisoformat(facts["ends_at"])
    row.cover = _cover(facts, kind=row.kind)
    if row.ends_at <= row.starts_at:
        raise FieldError("ends_at", "It must end after it starts; give a later end.")
    if row.kind == DutyKind.ABSENCE:
        _check_alone(row)
    row.save()
    return str(row.pk)


def _cover(facts: Facts, *, kind: str) -> Staff | None:
    given = facts.get("cover")
    if given is None or kind != DutyKind.ABSENCE:
        return None
    cover = _person("cover", given)
    if cover.pk == facts["staff"]:
        raise FieldError("cover", "Nobody covers for themselves; choose somebody else.")
    return cover


def _person(field: str, pk: int) -> Staff:
    found = Staff.objects.people().filter(pk=pk).first()
    if found is None:
        raise FieldError(field, "There is no such person; choose one from the list.")
    if not found.is_active:
        raise FieldError(field, f"{found.name} has left; choose somebody who works here.")
    return found


def _check_alone(absence: Duty) -> None:
    """Two absences at once would name two covers, of which the clock hears only one."""
    overlapping = Duty.objects.filter(
        staff=absence.staff,
        kind=DutyKind.ABSENCE,
        starts_at__lt=absence.ends_at,
        ends_at__gt=absence.starts_at,
    ).exclude(pk=absence.pk)
    if overlapping.exists():
        raise FieldError(
            "starts_at",
            f"{absence.staff.name} is away for a part of this time already; change that absence.",
        )


DUTIES: Final = Keeper(thing=Thing.DUTY, write=_write)
