"""The sweeps of learning: causes not named, cards not answered, changes to tell customers of."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from makegood.actions import improvements, lessons, repeats
from makegood.records.trouble import is_passing
from makegood.rules.learning import NAME_WITHIN

BATCH = 100

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Clock:
    """A clock of learning: what it shows due, and how one row is done or put off."""

    name: str
    due: Callable[[datetime], Sequence[int]]
    one: Callable[[int, datetime], object]
    postpone: Callable[[int, datetime], None]


_CLOCKS = (
    _Clock(
        name="lessons",
        due=lambda now: lessons.due(now=now, limit=BATCH),
        one=lambda row, now: lessons.pass_on(row, now=now),
        postpone=lambda row, now: lessons.postpone(row, now=now),
    ),
    _Clock(
        name="repeats",
        due=lambda now: repeats.due(now=now, limit=BATCH),
        one=lambda row, now: repeats.pass_on(row, now=now),
        postpone=lambda row, now: repeats.postpone(row, now=now),
    ),
    _Clock(
        name="changes_told",
        due=lambda now: improvements.due(now=now, limit=BATCH),
        one=lambda row, now: improvements.tell_some(row, now=now),
        postpone=lambda row, now: improvements.put_off(row, until=now + NAME_WITHIN),
    ),
)


def sweep_learning(*, now: datetime) -> int:
    """Do what is due at each clock of learning, row by row. Returns how many rows."""
    return sum(_sweep(clock, now=now) for clock in _CLOCKS)


def look_for_repeats(cases: Sequence[int], *, now: datetime) -> int:
    """Look whether what these cases are about came again. Returns how many cards were raised."""
    try:
        return repeats.look(cases, now=now)
    except Exception as error:
        if is_passing(error):
            raise
        log.exception("repeats_not_looked_for", cases=len(cases))
        return 0


def _sweep(clock: _Clock, *, now: datetime) -> int:
    rows = clock.due(now)
    for row in rows:
        try:
            clock.one(row, now)
        except Exception as error:
            if is_passing(error):
                raise
            log.exception("row_postponed", sweep=clock.name, row=row)
            clock.postpone(row, now)
    return len(rows)
