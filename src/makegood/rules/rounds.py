"""Rounds: services that come again by a rule, such as bin collections, with holidays and windows.

The rule is an RRULE of RFC 5545, counted in whole days. A day that falls on a holiday is moved as
the company says, and remembers why. Where the holidays are not known, no day is named.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import islice
from typing import Final

from dateutil.rrule import rrule, rrulestr

from makegood.rules.calendars import (
    DAY,
    DAYS_A_WEEK,
    Calendar,
    CalendarRunsOutError,
    Interval,
    instant,
    local,
    windows_of,
)

LONGEST_RULE: Final = 200
# A round that comes more seldom than this is no help to anybody who waits for it.
AHEAD: Final = timedelta(days=800)
# Some holidays follow each other; after so many shut days in a row something is wrong.
_LONGEST_MOVE: Final = 30
_PARTS: Final = frozenset(
    {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "WKST"}
)
_OFTEN: Final = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})


class RoundError(ValueError):
    """A round that cannot come as described; the message says what would be right."""


class Shift(StrEnum):
    """What a round does about a holiday."""

    STAY = "stay"
    NEXT = "next"
    BEFORE = "before"
    SLIDE = "slide"
    SKIP = "skip"


def with_it(name: str) -> str:
    """The trace of a promise that a round bounds, by the name that the round had then."""
    return f"The round {name} comes then at the latest."


class Came(StrEnum):
    """What became of one day of a round."""

    DONE = "done"
    PART = "part"
    MISSED = "missed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """When a round comes: its rule from its first day on, other days, its hours, its holidays."""

    rule: str
    first: date
    hours: Interval
    calendar: Calendar
    shift: Shift = Shift.STAY
    left_out: frozenset[date] = frozenset()
    added: frozenset[date] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """One day of a round: when it was planned, when it comes, and the holidays that moved it."""

    planned: date
    day: date
    opens_at: datetime
    closes_at: datetime
    moved_by: tuple[str, ...] = ()

    @property
    def is_moved(self) -> bool:
        """Whether it comes on another day than its rule says."""
        return self.planned != self.day


def check(plan: Plan) -> None:
    """Refuse a plan that no round can follow.

    :raises RoundError: if its rule cannot be read, or names no day in the next two years.
    """
    rule, _count = _read(plan.rule, first=plan.first)
    bounded = rule.replace(until=_midnight(plan.first + AHEAD))
    if next(iter(bounded), None) is None and not plan.added:
        raise RoundError(f"The rule {plan.rule} names no day in the two years from {plan.first}.")


def turns(plan: Plan, *, since: datetime, until: date | None = None) -> Iterator[Turn]:
    """The days of a round whose hours end after a moment, in the order of their hours.

    It ends where the holidays are known no further.

    :raises RoundError: if its rule cannot be read.
    """
    start = local(since, zone=plan.calendar.zone).date()
    last = until or start + AHEAD
    waiting: list[Turn] = []
    for planned in _planned(plan, until=last + _LONGEST_MOVE * DAY):
        if planned < start - _LONGEST_MOVE * DAY:
            continue
        try:
            turn = _turn(plan, planned)
        except CalendarRunsOutError:
            break
        if turn is not None and turn.closes_at > since and turn.day <= last:
            waiting.append(turn)
        # A later plan may be moved before an earlier one, though never by more than this.
        yield from _ripe(waiting, before=planned - _LONGEST_MOVE * DAY)
    yield from sorted(waiting, key=_in_order)


def next_turns(plan: Plan, *, since: datetime, most: int) -> tuple[Turn, ...]:
    """The first so many days of a round.

    :raises RoundError: if its rule cannot be read.
    """
    return tuple(islice(turns(plan, since=since), most))


def _in_order(turn: Turn) -> tuple[datetime, date]:
    return turn.opens_at, turn.planned


def _ripe(waiting: list[Turn], *, before: date) -> list[Turn]:
    ripe = sorted((turn for turn in waiting if turn.day < before), key=_in_order)
    waiting[:] = [turn for turn in waiting if turn.day >= before]
    return ripe


def _planned(plan: Plan, *, until: date) -> Iterator[date]:
    rule, count = _read(plan.rule, first=plan.first)
    ends = _midnight(until)
    bounded = rule.replace(until=ends if rule._until is None else min(ends, rule._until))  # type: ignore[attr-defined] # noqa: SLF001 - dateutil has no other way to ask
    by_rule = {moment.date() for moment in islice(bounded, count)}
    added = {day for day in plan.added if day <= until}
    return iter(sorted((by_rule | added) - plan.left_out))


def _read(text: str, *, first: date) -> tuple[rrule, int | None]:
    """The rule without its COUNT, which is counted by us: both ends at once are not allowed."""
    parts = _parts(text)
    count = parts.pop("COUNT", None)
    if count is not None and not (count.isascii() and count.isdigit() and int(count)):
        raise RoundError(f"COUNT is how often it comes, such as COUNT=10; {count} is not.")
    if count is not None and "UNTIL" in parts:
        raise RoundError("A rule ends by COUNT or by UNTIL, not by both.")
    if "UNTIL" in parts:
        # An end in whole days; many programs write a moment in UTC.
        parts["UNTIL"] = parts["UNTIL"][:8]
    plain = ";".join(f"{name}={value}" for name, value in parts.items())
    try:
        found = rrulestr(plain, dtstart=_midnight(first))
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError) as wrong:
        raise RoundError(
            f"The rule {text} cannot be read; write it like FREQ=WEEKLY;BYDAY=FR."
        ) from wrong
    if not isinstance(found, rrule):
        raise RoundError(f"The rule {text} must be one rule, such as FREQ=WEEKLY;BYDAY=FR.")
    return found, int(count) if count else None


def _parts(text: str) -> dict[str, str]:
    plain = text.strip().upper().removeprefix("RRULE:")
    if len(plain) > LONGEST_RULE:
        raise RoundError(f"A rule has at most {LONGEST_RULE} characters.")
    pairs = [part.partition("=") for part in plain.split(";") if part]
    names = [name for name, _, _ in pairs]
    if unknown := sorted(set(names) - _PARTS):
        raise RoundError(f"A round's rule is in days; leave out {', '.join(unknown)}.")
    if len(set(names)) < len(names):
        raise RoundError("Each part of a rule stands once.")
    parts = {name: value for name, _, value in pairs}
    if parts.get("FREQ") not in _OFTEN:
        raise RoundError("A rule begins with FREQ=DAILY, WEEKLY, MONTHLY or YEARLY.")
    return parts


def _turn(plan: Plan, planned: date) -> Turn | None:
    """What comes of a planned day; None if a holiday leaves it out.

    :raises CalendarRunsOutError: if the holidays around it are not known.
    """
    moved = _moved(plan, planned)
    if moved is None:
        return None
    day, why = moved
    zone = plan.calendar.zone
    return Turn(
        planned=planned,
        day=day,
        opens_at=instant(day, plan.hours.opens, zone=zone),
        closes_at=instant(day, plan.hours.closes, zone=zone),
        moved_by=why,
    )


def _moved(plan: Plan, planned: date) -> tuple[date, tuple[str, ...]] | None:
    calendar = plan.calendar
    if plan.shift is Shift.SLIDE:
        return _slid(planned, calendar=calendar)
    if _holiday(planned, calendar=calendar) is None or plan.shift is Shift.STAY:
        return planned, ()
    if plan.shift is Shift.SKIP:
        return None
    step = DAY if plan.shift is Shift.NEXT else -DAY
    return _walk(planned, step=step, calendar=calendar)


def _walk(planned: date, *, step: timedelta, calendar: Calendar) -> tuple[date, tuple[str, ...]]:
    """The nearest working day in one direction, and the holidays on the way."""
    why: list[str] = []
    day = planned
    for _ in range(_LONGEST_MOVE):
        if (name := _holiday(day, calendar=calendar)) is not None:
            why.append(name)
        elif windows_of(day, calendar=calendar):
            return day, tuple(why)
        day += step
    raise RoundError(f"{calendar.name} is shut for a month around {planned}.")


def _slid(planned: date, *, calendar: Calendar) -> tuple[date, tuple[str, ...]]:
    """A day later for each holiday since Monday, and on past those that it lands on."""
    why: list[str] = []
    day, seen = planned, planned - planned.weekday() * DAY
    while seen <= day:
        name = _holiday(seen, calendar=calendar)
        # A holiday at the weekend moves nobody's weekday.
        if name is not None and (seen.weekday() < DAYS_A_WEEK - 2 or seen == day):
            why.append(name)
            day += DAY
        seen += DAY
    return day, tuple(why)


def _holiday(day: date, *, calendar: Calendar) -> str | None:
    """The name of a holiday; None on other days.

    :raises CalendarRunsOutError: if it is not known whether the day is one.
    """
    windows_of(day, calendar=calendar)
    return calendar.holidays.get(day)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())
