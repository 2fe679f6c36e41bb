"""Who is there over a stretch of time, and where nobody is: the week of `duty`, moment by moment.

At every moment this says what `Person.on_duty` says to the clock, which at that moment knows only
the spans that have not ended. So after somebody's last shift their team's hours count again.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from makegood.rules.calendars import Calendar, open_windows
from makegood.rules.duty import Person, Span


@dataclass(frozen=True, kw_only=True, slots=True)
class Stretch:
    """From `starts_at` up to but not including `ends_at`."""

    starts_at: datetime
    ends_at: datetime

    def holds(self, moment: datetime) -> bool:
        """Whether the moment lies in it."""
        return self.starts_at <= moment < self.ends_at


Stretches = tuple[Stretch, ...]


def open_hours(calendar: Calendar, *, since: datetime, until: datetime) -> Stretches:
    """When an office is open; past its known holidays by its weekly hours alone, as for duty."""
    endless = replace(calendar, known_from=date.min, known_until=date.max)
    windows = open_windows(endless, since=since, until=until)
    return _within(
        (Stretch(starts_at=window.opens, ends_at=window.closes) for _, window in windows),
        since=since,
        until=until,
    )


def on_duty(person: Person, *, hours: Stretches, since: datetime, until: datetime) -> Stretches:
    """When a person is there, of a stretch of time.

    :param hours: when the office of their team is open, from `open_hours`.
    """
    if not person.is_active:
        return ()
    planned = _stretches((*person.shifts, *person.watches))
    if person.shifts:
        last = max(shift.ends_at for shift in person.shifts)
        hours = _within(hours, since=max(since, last), until=until)
    there = union(_within((*planned, *hours), since=since, until=until))
    return without(there, _stretches(person.absences))


def union(stretches: Iterable[Stretch]) -> Stretches:
    """The same time in as few stretches as will do, in order."""
    joined: list[Stretch] = []
    for stretch in sorted(stretches, key=lambda each: each.starts_at):
        if joined and stretch.starts_at <= joined[-1].ends_at:
            ends_at = max(joined[-1].ends_at, stretch.ends_at)
            joined[-1] = replace(joined[-1], ends_at=ends_at)
        else:
            joined.append(stretch)
    return tuple(joined)


def without(whole: Iterable[Stretch], taken: Iterable[Stretch]) -> Stretches:
    """What is left of some time when other time is taken out of it."""
    left = union(whole)
    for hole in union(taken):
        left = tuple(piece for stretch in left for piece in _around(hole, stretch))
    return left


def _around(hole: Stretch, stretch: Stretch) -> Iterator[Stretch]:
    if hole.ends_at <= stretch.starts_at or stretch.ends_at <= hole.starts_at:
        yield stretch
        return
    if stretch.starts_at < hole.starts_at:
        yield replace(stretch, ends_at=hole.starts_at)
    if hole.ends_at < stretch.ends_at:
        yield replace(stretch, starts_at=hole.ends_at)


def _within(stretches: Iterable[Stretch], *, since: datetime, until: datetime) -> Stretches:
    cut = (
        Stretch(starts_at=max(each.starts_at, since), ends_at=min(each.ends_at, until))
        for each in stretches
    )
    return tuple(each for each in cut if each.starts_at < each.ends_at)


def _stretches(spans: Iterable[Span]) -> Stretches:
    return tuple(Stretch(starts_at=span.starts_at, ends_at=span.ends_at) for span in spans)
