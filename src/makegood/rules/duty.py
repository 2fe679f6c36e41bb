"""Who answers for whom at a given moment: shifts, on-call watches, absence and chains of cover.

Nobody is skipped silently: whoever is passed over comes back with the reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from makegood.rules.calendars import Calendar, CalendarRunsOutError, open_windows
from makegood.rules.escalation import Role, above

_A_MOMENT: Final = timedelta(microseconds=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """A half-open stretch of time, with the cover named for it, if any."""

    starts_at: datetime
    ends_at: datetime
    cover: int | None = None

    def holds(self, moment: datetime) -> bool:
        """Whether the moment lies in it."""
        return self.starts_at <= moment < self.ends_at


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """What the rules need to know of one person of the staff."""

    id: int
    name: str
    calendar: Calendar
    is_active: bool = True
    cover: int | None = None
    shifts: tuple[Span, ...] = ()
    watches: tuple[Span, ...] = ()
    absences: tuple[Span, ...] = ()

    def absence_at(self, moment: datetime) -> Span | None:
        """The absence that the moment falls into, if any."""
        return next((span for span in self.absences if span.holds(moment)), None)

    def on_duty(self, moment: datetime) -> bool:
        """Whether they work now: by shift or watch, or else by their team's hours."""
        if not self.is_active or self.absence_at(moment):
            return False
        if any(span.holds(moment) for span in (*self.shifts, *self.watches)):
            return True
        return not self.shifts and _is_open(self.calendar, moment)

    def on_duty_through(self, since: datetime, until: datetime) -> bool:
        """Whether they work for the whole of a while, without a gap and without an absence."""
        if not self.is_active or any(
            span.starts_at < until and since < span.ends_at for span in self.absences
        ):
            return False
        spans = [(span.starts_at, span.ends_at) for span in (*self.shifts, *self.watches)]
        if not self.shifts:
            spans += _open_spans(self.calendar, since, until)
        reached = since
        for starts_at, ends_at in sorted(spans):
            if starts_at <= reached:
                reached = max(reached, ends_at)
        return reached >= until


@dataclass(frozen=True, kw_only=True, slots=True)
class Roster:
    """The people of one team, and who stands on its rungs."""

    people: Mapping[int, Person]
    lead: int | None = None
    head: int | None = None
    executive: int | None = None

    def holder(self, role: Role, *, owner: int) -> int | None:
        """Who stands on the rung."""
        return {
            Role.OWNER: owner,
            Role.LEAD: self.lead,
            Role.HEAD: self.head,
            Role.EXECUTIVE: self.executive,
        }[role]

    def watch_at(self, moment: datetime) -> Person | None:
        """Who has the on-call watch and is there."""
        return next(
            (
                person
                for person in self.people.values()
                if any(span.holds(moment) for span in person.watches) and person.on_duty(moment)
            ),
            None,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Skip:
    """Somebody who was passed over, and why."""

    person: int | None
    role: Role
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """Who is to be told for a rung, for which role, and who was passed over on the way."""

    person: int
    role: Role
    skipped: tuple[Skip, ...]


def stand_in(person: int, *, roster: Roster, now: datetime) -> tuple[int | None, tuple[str, ...]]:
    """The person, or whoever covers for them down the chain, with what was passed over.

    None when the chain ends in somebody absent without cover, or runs in a circle.
    """
    seen: list[int] = []
    passed: list[str] = []
    current: int | None = person
    while current is not None and current not in seen:
        seen.append(current)
        found = roster.people.get(current)
        if found is None or not found.is_active:
            passed.append(f"{_name(found, current)} has left")
            current = found.cover if found else None
            continue
        absence = found.absence_at(now)
        if absence is None:
            return current, tuple(passed)
        passed.append(f"{found.name} is absent until {absence.ends_at:%Y-%m-%d %H:%M}Z")
        current = absence.cover if absence.cover is not None else found.cover
    return None, tuple(passed)


def there_through(
    person: int, *, roster: Roster, since: datetime, until: datetime
) -> Person | None:
    """The person, or whoever covers for them, if they are on duty for the whole of a while."""
    found, _passed = stand_in(person, roster=roster, now=since)
    if found is None:
        return None
    them = roster.people[found]
    # A call without a window is a while of one moment, and that moment counts.
    return them if them.on_duty_through(since, max(until, since + _A_MOMENT)) else None


def whom_to_tell(role: Role, *, owner: int, roster: Roster, now: datetime, urgent: bool) -> Told:
    """Who hears it: the rung's holder, their cover, the on-call watch, or the rungs above.

    People off duty are passed over for somebody who is there. When nobody at all is there, the
    first reachable person on the way up is told all the same, and finds it on their return: no
    matter is left with nobody, whatever its severity.

    :param urgent: it cannot wait until somebody comes back (P1). Otherwise the executive is not
        fetched for a lower rung only because it is night there.
    """
    skipped: list[Skip] = []
    fallback: tuple[int, Role] | None = None
    for rung in _from(role):
        if rung is Role.EXECUTIVE and fallback and not urgent:
            break
        person, passed = _reach(rung, owner=owner, roster=roster, now=now)
        skipped += [Skip(person=None, role=rung, why=why) for why in passed]
        if person is not None:
            if roster.people[person].on_duty(now):
                return Told(person=person, role=rung, skipped=tuple(skipped))
            fallback = fallback or (person, rung)
            why = f"{roster.people[person].name} is off duty"
            skipped.append(Skip(person=person, role=rung, why=why))
        if rung is role and (watch := roster.watch_at(now)):
            return Told(person=watch.id, role=rung, skipped=tuple(skipped))
    person, rung = fallback or (owner, role)
    return Told(person=person, role=rung, skipped=tuple(skipped))


def _reach(
    role: Role, *, owner: int, roster: Roster, now: datetime
) -> tuple[int | None, tuple[str, ...]]:
    holder = roster.holder(role, owner=owner)
    if holder is None:
        return None, (f"the team has no {role.value}",)
    person, passed = stand_in(holder, roster=roster, now=now)
    return person, passed


def _from(role: Role) -> tuple[Role, ...]:
    rungs = [role]
    while above(rungs[-1]) is not rungs[-1]:
        rungs.append(above(rungs[-1]))
    return tuple(rungs)


def _is_open(calendar: Calendar, moment: datetime) -> bool:
    return bool(_open_spans(calendar, moment, moment + _A_MOMENT))


def _open_spans(
    calendar: Calendar, since: datetime, until: datetime
) -> list[tuple[datetime, datetime]]:
    try:
        found = list(open_windows(calendar, since=since, until=until))
    except CalendarRunsOutError:
        # Its weekly hours still hold, only its holidays are unknown: better to tell somebody on
        # a holiday than to tell nobody.
        endless = replace(calendar, known_from=date.min, known_until=date.max)
        found = list(open_windows(endless, since=since, until=until))
    return [(window.opens, window.closes) for _day, window in found]


def _name(person: Person | None, number: int) -> str:
    return person.name if person else f"staff {number}"
