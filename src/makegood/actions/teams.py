"""Teams and the people in them: added, changed, and seen off with their cases in good hands."""

from datetime import datetime
from typing import Final

from django.db import transaction

from makegood.actions import changes, day_end, staff
from makegood.actions.changes import Editor, FieldError, Keeper, SettingsError
from makegood.records import canary, settings_facts
from makegood.records.models import Staff, StaffRole, Team, Thing, WorkingCalendar
from makegood.records.settings_facts import Facts
from makegood.rules.roles import Right, roles_with

RUNGS: Final = ("lead", "head", "executive")


class LastAdministratorError(SettingsError):
    """Nobody would be left who can manage the staff; give somebody else the role first."""


class LeavingError(SettingsError):
    """Somebody's leaving takes their cases along; it has a page of its own."""


@transaction.atomic
def leave(person_id: int, *, to: int | None, editor: Editor) -> int:
    """See somebody off: their cases, cover and rungs go to `to`, in one transaction.

    Returns how many cases moved.

    :raises SettingsError: if the heir cannot take them, or the desk would lose its last manager.
    :raises NobodyToCoverError: if nobody is there to take the cases.
    """
    changes.lock(Thing.STAFF, str(person_id))
    _check_managers_remain(Staff.objects.people().get(pk=person_id))
    person = Staff.objects.select_for_update().get(pk=person_id)
    if not person.is_active:
        raise LeavingError(f"{person.name} has left already.")
    before = settings_facts.read(Thing.STAFF, str(person_id))
    if to is not None:
        person.cover = _heir(person, to)
        person.save(update_fields=["cover"])
    moved = staff.leave(person, now=editor.now, by=editor.by)
    after = settings_facts.read(Thing.STAFF, str(person_id))
    changes.note(Thing.STAFF, str(person_id), before, after, editor=editor)
    if to is not None:
        _pass_rungs(person_id, to, editor=editor)
    return moved


def _heir(person: Staff, to: int) -> Staff:
    heir = Staff.objects.people().filter(pk=to, is_active=True).exclude(pk=person.pk).first()
    if heir is None:
        raise FieldError("to", "Choose somebody else who works here.")
    if heir.role not in roles_with(Right.ANSWER_CUSTOMERS):
        raise FieldError("to", f"{heir.name} does not answer customers; choose somebody who does.")
    return heir


def _pass_rungs(leaver: int, heir: int, *, editor: Editor) -> None:
    for team in Team.objects.all():
        held = [rung for rung in RUNGS if getattr(team, f"{rung}_id") == leaver]
        if held:
            one = Editor(by=editor.by, now=editor.now)
            changes.keep(TEAMS, str(team.pk), dict.fromkeys(held, heir), editor=one)


@transaction.atomic
def leave_canarys_hours(team: Team, *, calendar: WorkingCalendar, now: datetime) -> bool:
    """Move a team from the calendar of the clock's canary, which is no office's, to this one.

    Returns whether it stood there.
    """
    there = Team.objects.filter(name=canary.NAME, calendar=team.calendar_id)
    if team.name == canary.NAME or not there.exists():
        return False
    editor = Editor(by=None, now=now)
    changes.keep(TEAMS, str(team.pk), {"calendar": calendar.pk}, editor=editor)
    team.refresh_from_db()
    return True


def _write_team(key: str | None, facts: Facts | None, now: datetime) -> str:
    if facts is None:
        raise SettingsError("A team is never deleted: its cases name it. Rename it, or empty it.")
    if Team.objects.filter(name__iexact=facts["name"]).exclude(pk=key or 0).exists():
        raise FieldError("name", f"There is a team {facts['name']} already; choose another name.")
    if not WorkingCalendar.objects.filter(pk=facts["calendar"]).exists():
        raise FieldError("calendar", "There is no such calendar; choose one from the list.")
    row = Team.objects.get(pk=key) if key else Team()
    moves = row.calendar_id != facts["calendar"]
    row.name, row.calendar_id = facts["name"], facts["calendar"]
    for rung in RUNGS:
        if facts.get(rung) != getattr(row, f"{rung}_id"):
            setattr(row, rung, _on_rung(rung, facts.get(rung)))
    row.save()
    if moves:
        day_end.schedule(Team.objects.get(pk=row.pk), now=now)
    return str(row.pk)


def _on_rung(rung: str, pk: int | None) -> Staff | None:
    if pk is None:
        return None
    found = Staff.objects.people().filter(pk=pk).first()
    if found is None:
        raise FieldError(rung, "There is no such person; choose one from the list.")
    if not found.is_active:
        raise FieldError(rung, f"{found.name} has left; choose somebody who works here.")
    return found


def _write_staff(key: str | None, facts: Facts | None, _now: datetime) -> str:
    if facts is None:
        raise SettingsError("A person is never deleted: what they promised names them.")
    team = Team.objects.filter(pk=facts["team"]).first()
    if team is None:
        raise FieldError("team", "There is no such team; choose one from the list.")
    _check_address(key, facts["email"])
    if key is None:
        hired = staff.hire(
            email=facts["email"],
            name=facts["name"],
            team=team,
            role=StaffRole(facts["role"]),
            zone=facts["zone"],
            password=None,
        )
        key = str(hired.pk)
    person = Staff.objects.people().get(pk=key)
    _check_staff(person, facts)
    _set_staff(person, facts)
    return key


def _check_address(key: str | None, email: str) -> None:
    if Staff.objects.filter(email__iexact=email).exclude(pk=key or 0).exists():
        raise FieldError("email", f"Somebody signs in as {email} already; give another address.")


def _check_staff(person: Staff, facts: Facts) -> None:
    if person.is_active and not facts.get("active", True):
        raise LeavingError("Somebody's leaving takes their cases along; use the page for that.")
    if facts.get("cover") == person.pk:
        raise FieldError("cover", "Nobody covers for themselves; choose somebody else.")
    if facts.get("cover") is not None and facts["cover"] != person.cover_id:
        _on_rung("cover", facts["cover"])
    if facts["role"] not in roles_with(Right.MANAGE_STAFF):
        _check_managers_remain(person)


def _check_managers_remain(person: Staff) -> None:
    """Refuse what takes the right to manage staff from the last one who has it."""
    managers = roles_with(Right.MANAGE_STAFF)
    if person.role not in managers:
        return
    # Locked in one order, so that two administrators cannot each see the other one off.
    all_of_them = Staff.objects.people().filter(is_active=True, role__in=managers)
    locked = all_of_them.select_for_update().order_by("pk")
    if all(manager.pk == person.pk for manager in locked):
        raise LastAdministratorError(LastAdministratorError.__doc__)


def _set_staff(person: Staff, facts: Facts) -> None:
    person.name, person.email, person.phone = facts["name"], facts["email"], facts["phone"]
    person.team_id, person.role, person.zone = facts["team"], facts["role"], facts["zone"]
    person.cover_id = facts.get("cover")
    person.is_active = facts.get("active", True)
    person.save(
        update_fields=["name", "email", "phone", "team", "role", "zone", "cover", "is_active"]
    )


TEAMS: Final = Keeper(thing=Thing.TEAM, write=_write_team)
PEOPLE: Final = Keeper(thing=Thing.STAFF, write=_write_staff)
