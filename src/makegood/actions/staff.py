"""What happens to people: they come, are away with a cover, and leave no case behind."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from makegood.actions import day_end, handed_on, sign_in, timeline
from makegood.actions.changes import Editor
from makegood.records import crew_times
from makegood.records.models import (
    Case,
    Crew,
    Duty,
    DutyKind,
    Handover,
    Staff,
    StaffRole,
    Team,
    WorkingCalendar,
)
from makegood.records.rosters import read_roster
from makegood.rules import duty


class EmailTakenError(Exception):
    """One address signs in one person."""


class NobodyToCoverError(Exception):
    """Nobody is there to take over their open cases; name a cover first."""


@transaction.atomic
def hire(
    *, email: str, name: str, team: Team, role: StaffRole, zone: str, password: str | None
) -> Staff:
    """Add a person to a team.

    The first person of a team becomes its lead, head and executive, until others are named, so
    that no rung of its ladder is empty.

    :raises EmailTakenError: if somebody has that address.
    """
    if Staff.objects.filter(email__iexact=email).exists():
        raise EmailTakenError(f"Somebody signs in as {email} already; give another address.")
    person = Staff.objects.create_user(email, name, team, password, role=role, zone=zone)
    for rung in ("lead", "head", "executive"):
        if getattr(team, f"{rung}_id") is None:
            setattr(team, rung, person)
    team.save(update_fields=["lead", "head", "executive"])
    return person


@transaction.atomic
def found_team(name: str, *, calendar: WorkingCalendar, now: datetime) -> Team:
    """A team of that name, founded if there is none; its working day is looked through from now."""
    team, fresh = Team.objects.get_or_create(name=name, defaults={"calendar": calendar})
    if fresh:
        day_end.schedule(team, now=now)
    return team


@transaction.atomic
def be_absent(
    person: Staff, *, starts_at: datetime, ends_at: datetime, cover: Staff | None = None
) -> Duty:
    """Record an absence; while it lasts, the cover (or the person's standing cover) is told."""
    return Duty.objects.create(
        staff=person, kind=DutyKind.ABSENCE, starts_at=starts_at, ends_at=ends_at, cover=cover
    )


@transaction.atomic
def leave(person: Staff, *, now: datetime, by: Staff | None = None) -> int:
    """Somebody leaves the company: their open cases go to their cover, or up the ladder.

    In one transaction, so that no case is ever with nobody. Who takes over has agreed to be the
    cover, which counts as acceptance. What they were asked to take over, and what others were
    asked to take over from them, is declined. What they answered for besides goes along. `by` is
    who sees them off. Returns how many cases moved.

    :raises NobodyToCoverError: if nobody down the chain of cover, and no rung, is there.
    """
    # Before the cases, as whatever opens cases of an incident locks them.
    incidents = handed_on.lock_incidents(person)
    unanswered = Handover.objects.filter(accepted_at=None, declined_at=None)
    asked = unanswered.filter(to_staff=person).values("case")
    locked = Case.objects.select_for_update(no_key=True).order_by("pk")
    concerned = list(locked.filter(Q(owner=person, closed_at=None) | Q(pk__in=asked)))
    mine = [case for case in concerned if case.owner_id == person.pk and case.closed_at is None]
    for offer in unanswered.filter(Q(to_staff=person) | Q(case__in=mine)).order_by("pk"):
        _decline(offer, now=now)
    Staff.objects.filter(pk=person.pk).update(is_active=False)
    sign_in.end_sessions(person.pk)
    # What a crew holds of which nobody is left is moved by the clock.
    theirs = Crew.objects.filter(members=person)
    crew_times.lock(theirs)  # in the order in which whoever books takes them
    theirs.update(look_at=now)
    holds_more = handed_on.holds_anything(person)
    heir = _heir(person, now=now) if mine or holds_more else None
    if heir is None and (mine or incidents):
        raise NobodyToCoverError(NobodyToCoverError.__doc__)
    if heir is not None:
        handed_on.hand_on(person, heir, editor=Editor(by=by, now=now))
        for case in mine:
            _move(case, heir, now=now)
    person.is_active = False
    return len(mine)


def find_new_home(case: Case, *, now: datetime) -> None:
    """Give a locked case to whoever stands in, if its owner has left.

    :raises NobodyToCoverError: if nobody does.
    """
    if case.owner.is_active:
        return
    heir = _heir(case.owner, now=now)
    if heir is None:
        raise NobodyToCoverError(NobodyToCoverError.__doc__)
    _move(case, heir, now=now)


def _heir(person: Staff, *, now: datetime) -> int | None:
    roster = read_roster(person.team_id, now=now, also=frozenset({person.pk}))
    for candidate in (person.cover_id, roster.lead, roster.head, roster.executive):
        if candidate is None or candidate == person.pk:
            continue
        found, _ = duty.stand_in(candidate, roster=roster, now=now)
        if found is not None and found != person.pk:
            return found
    return None


def _decline(offer: Handover, *, now: datetime) -> None:
    offer.declined_at = now
    offer.save(update_fields=["declined_at"])
    facts = {"from": offer.from_staff_id, "to": offer.to_staff_id, "because": "left"}
    timeline.append(case_id=offer.case_id, kind="handover_declined", at=now, now=now, facts=facts)


def _move(case: Case, heir: int, *, now: datetime) -> None:
    old = case.owner_id
    Handover.objects.create(
        case=case,
        from_staff_id=old,
        to_staff_id=heir,
        why="The owner has left.",
        asked_at=now,
        accepted_at=now,
    )
    case.owner_id = heir
    case.save(update_fields=["owner_id"])
    facts = {"from": old, "to": heir, "because": "left"}
    timeline.append(case_id=case.pk, kind="handover_accepted", at=now, now=now, facts=facts)
