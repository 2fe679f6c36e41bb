"""The weekly digest: when it is due, and which one thing is worth mending first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from makegood.rules import moments
from makegood.rules.moments import SkippedTimeError

AT: Final = time(7, 0)
"""On Monday, on the reader's clock, before the week begins."""
STILL_NEWS: Final = timedelta(days=2)
"""After so long a digest that did not go out is no longer sent: the next one says it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Trouble:
    """What was wrong, as it cost customers time and the company money in one currency."""

    key: str
    name: str
    cases: int
    minutes: int
    cost_minor: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """The one thing to mend, and its share of the customers' time and of the cost."""

    trouble: Trouble
    of_minutes: float
    of_cost: float


def monday_of(now: datetime, *, zone: ZoneInfo) -> date:
    """The Monday of the week that `now` lies in, on the reader's clock."""
    today = now.astimezone(zone).date()
    return today - timedelta(days=today.weekday())


def due_at(monday: date, *, zone: ZoneInfo) -> datetime:
    """When the digest of a Monday is due, in UTC."""
    wall = datetime.combine(monday, AT)
    try:
        return moments.from_wall(wall, zone=zone)
    except SkippedTimeError:  # the clocks go forward just then, in some zone, some year
        return moments.from_wall(wall + timedelta(hours=1), zone=zone)


def is_due(monday: date, *, zone: ZoneInfo, now: datetime) -> bool:
    """Whether the digest of a Monday is to go out now: its hour has come, and it is still news."""
    due = due_at(monday, zone=zone)
    return due <= now < due + STILL_NEWS


def choose(troubles: Sequence[Trouble]) -> Choice | None:
    """The one that took the largest share of customers' minutes and of cost together.

    Shares, as minutes are never turned into money. None where nothing took either.
    """
    minutes = sum(one.minutes for one in troubles)
    cost = sum(one.cost_minor for one in troubles)
    weighed = [
        Choice(
            trouble=one,
            of_minutes=one.minutes / minutes if minutes else 0.0,
            of_cost=one.cost_minor / cost if cost else 0.0,
        )
        for one in troubles
    ]
    best = max(
        weighed, key=lambda one: (one.of_minutes + one.of_cost, one.trouble.cases), default=None
    )
    return best if best and best.of_minutes + best.of_cost > 0 else None
