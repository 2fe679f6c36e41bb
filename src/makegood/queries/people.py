"""Who is there: a person's own presence, whom they cover for now, and whom one can ask."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from makegood.queries import glance, plain
from makegood.records.models import Duty, DutyKind, Staff
from makegood.records.rosters import read_roster, read_rosters
from makegood.rules import duty
from makegood.rules.calendars import Calendar, CalendarRunsOutError, always_open
from makegood.rules.duty import Person, Roster, Span
from makegood.rules.roles import Right, roles_with

NAMES_MAX = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Presence:
    """The person who reads the page; `position` is that of `queries.live`, as it is read."""

    name: str
    initials: str
    on_duty: bool
    position: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Covered:
    """Somebody absent, whose cases the reader looks after until `until`."""

    id: int
    name: str
    until: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Colleague:
    """Somebody whom one can ask to take a case."""

    id: int
    name: str
    team: str


class _Name(NamedTuple):
    """Somebody by name."""

    id: int
    name: str


_NAMES = plain.Kept("SELECT id, name FROM records_staff WHERE id = ANY(%(ids)s)")


def presence_of(reader: Staff, *, now: datetime) -> Presence:
    """The reader's name and whether they are on duty."""
    near = glance.duty_near(reader.pk, team=reader.team_id, now=now)
    spans: dict[str, list[Span]] = defaultdict(list)
    for kind, starts_at, ends_at in near.times:
        spans[kind].append(Span(starts_at=starts_at, ends_at=ends_at))
    person = _person(
        reader,
        calendar=near.calendar,
        shifts=tuple(spans[DutyKind.SHIFT]),
        watches=tuple(spans[DutyKind.ON_CALL]),
        absences=tuple(spans[DutyKind.ABSENCE]),
    )
    return Presence(
        name=reader.name,
        initials=initials(reader.name),
        on_duty=_on_duty(person, now=now),
        position=near.newest_entry,
    )


def covered_by(reader_id: int, *, now: datetime) -> tuple[Covered, ...]:
    """Everybody absent now whose chain of cover ends at this person."""
    if not glance.is_anybody_absent(now=now):
        return ()
    rows = Duty.objects.filter(kind=DutyKind.ABSENCE, starts_at__lte=now, ends_at__gt=now)
    absent = {row.staff_id: row for row in rows.select_related("staff").order_by("ends_at")}
    if not absent:
        return ()
    roster = Roster(people=_with_covers(absent, reader_id))
    return tuple(
        Covered(id=row.staff_id, name=row.staff.name, until=row.ends_at)
        for row in absent.values()
        if row.staff_id != reader_id
        and duty.stand_in(row.staff_id, roster=roster, now=now)[0] == reader_id
    )


def cover_of(person: int, *, team_id: int, now: datetime) -> str:
    """Who looks after the cases of somebody absent now; empty if their chain of cover ends."""
    roster = read_roster(team_id, now=now, also=frozenset({person}))
    found, _passed = duty.stand_in(person, roster=roster, now=now)
    return roster.people[found].name if found is not None and found != person else ""


def colleagues(*, besides: int) -> tuple[Colleague, ...]:
    """Everybody who can be given a case, besides one person, by name."""
    rows = _with(Right.ANSWER_CUSTOMERS).exclude(pk=besides).select_related("team")
    return tuple(
        Colleague(id=row.pk, name=row.name, team=row.team.name) for row in rows.order_by("name")
    )


def off_duty(*, now: datetime) -> frozenset[int]:
    """Everybody who works here and is not there now."""
    rosters = read_rosters(now=now).values()
    everybody = {pk: person for roster in rosters for pk, person in roster.people.items()}
    return frozenset(pk for pk, person in everybody.items() if not _on_duty(person, now=now))


def names_of(ids: Iterable[int]) -> dict[int, str]:
    """The names of people by id, in one query; in none if nobody is named."""
    wanted = list(set(ids))
    return {row.id: row.name for row in plain.rows(_NAMES, _Name, ids=wanted)} if wanted else {}


def names_with(right: Right) -> tuple[str, ...]:
    """The names of those who have a right; the first few, by name."""
    return tuple(_with(right).order_by("name").values_list("name", flat=True)[:NAMES_MAX])


def initials(name: str) -> str:
    """The first letters of the first and last name."""
    words = name.split()
    return "".join(word[0].upper() for word in (words[:1] + words[1:][-1:]))


def _with(right: Right) -> QuerySet[Staff]:
    return Staff.objects.people().filter(is_active=True, role__in=roles_with(right))


def _with_covers(absent: dict[int, Duty], reader_id: int) -> dict[int, Person]:
    found = {pk: _person(row.staff, absences=(_span(row),)) for pk, row in absent.items()}
    covers = {row.cover_id for row in absent.values()} | {reader_id}
    wanted = {pk for pk in covers | {p.cover for p in found.values()} if pk} - set(found)
    while wanted:
        people = Staff.objects.filter(pk__in=wanted)
        found |= {person.pk: _person(person) for person in people}
        wanted = {p.cover_id for p in people if p.cover_id} - set(found)
    return found


def _person(
    record: Staff,
    *,
    calendar: Calendar | None = None,
    shifts: tuple[Span, ...] = (),
    watches: tuple[Span, ...] = (),
    absences: tuple[Span, ...] = (),
) -> Person:
    return Person(
        id=record.pk,
        name=record.name,
        calendar=calendar or always_open(ZoneInfo("UTC")),
        is_active=record.is_active,
        cover=record.cover_id,
        shifts=shifts,
        watches=watches,
        absences=absences,
    )


def _on_duty(person: Person, *, now: datetime) -> bool:
    try:
        return person.on_duty(now)
    except CalendarRunsOutError:
        return False  # nobody knows; `doctor` and /metrics alarm about the calendar


def _span(row: Duty) -> Span:
    return Span(starts_at=row.starts_at, ends_at=row.ends_at, cover=row.cover_id)
