"""What a visit needs before it can be sure, when the clock looks at it, and how it ended.

A visit is tentative until its part, skill, access and slot are there. A slot that waits for a
part begins a day after the part should have come, so that the look on the day before finds it in
hand, or cancels early, with another slot, instead of a wasted trip.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil
from typing import Final

GATE_BEFORE: Final = timedelta(hours=24)
"""How long before a visit the clock looks whether it can be."""

NOTICE: Final = timedelta(hours=2)
"""The least that a crew has to know beforehand."""

MISSED_AFTER: Final = timedelta(minutes=15)
"""How long after its window a visit counts as missed, if nobody has said that they came."""

LOOK_AGAIN: Final = timedelta(hours=6)
"""How soon to look for a slot again where there was none."""

UNENDED_AFTER: Final = timedelta(hours=4)
"""How long after its window work may take at the customer's, before somebody is asked about it."""

ASK_AGAIN: Final = timedelta(days=1)
"""How soon to look again whether somebody has said how a visit ended."""

ENOUGH_ORDERS: Final = 5
SHARE_IN_TIME: Final = 0.8


class VisitOutcome(StrEnum):
    """How a visit ended."""

    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Failing(StrEnum):
    """Why a visit did not do what it was for."""

    WRONG_PART = "wrong_part"
    MORE_WORK = "more_work"
    NO_ACCESS = "no_access"
    MISSED = "missed"


class Access(StrEnum):
    """Whether somebody has to let the crew in, and will."""

    NOT_NEEDED = "not_needed"
    ASKED = "asked"
    GIVEN = "given"


class Missing(StrEnum):
    """What a visit still lacks."""

    SLOT = "slot"
    SKILL = "skill"
    ACCESS = "access"
    PART_NOT_ORDERED = "part_not_ordered"
    PART_DOUBTED = "part_doubted"
    PART_NOT_HERE = "part_not_here"


class Cause(StrEnum):
    """Why a visit moves."""

    PART_LATE = "part_late"
    CREW_AWAY = "crew_away"
    NOT_READY = "not_ready"
    MISSED = "missed"
    PLANNED = "planned"


class VisitError(Exception):
    """Base of every refusal about a visit; the message is one clear sentence."""

    def __str__(self) -> str:
        return " ".join(str(argument) for argument in self.args) or (self.__doc__ or "")


class VisitEndedError(VisitError):
    """This visit has ended: what comes next is a visit of its own."""


class SlotGoneError(VisitError):
    """This time is taken by now, or too near; choose another one."""


class TooEarlyError(VisitError):
    """The time that we promised has not begun: ring again then, or let the customer choose one."""


class NoCrewError(VisitError):
    """No crew can do this where the customer is; choose another skill, or give it to a crew."""


class PartUnknownError(VisitError):
    """Nobody knows yet when its part comes: a time can be chosen once that is known."""


class NoSlotError(VisitError):
    """No crew that can do this has a free time; ask for one, or promise when you will say more."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """Where the part of a visit stands: ordered, as the diagnosis says, expected, or in hand."""

    is_ordered: bool = False
    is_doubted: bool = False
    eta: datetime | None = None
    is_here: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Needs:
    """What a visit needs, and what of it is there. No `part` if none is needed."""

    has_slot: bool
    skill: str = ""
    skills: frozenset[str] = frozenset()
    access: Access = Access.NOT_NEEDED
    part: Part | None = None


def missing(needs: Needs) -> tuple[Missing, ...]:
    """What is still missing, in the order in which one sees to it; nothing if it can be sure."""
    found = [
        (Missing.SLOT, not needs.has_slot),
        (Missing.SKILL, needs.has_slot and not has_skill(needs.skill, needs.skills)),
        (Missing.ACCESS, needs.access is Access.ASKED),
    ]
    if needs.part is not None:
        found += [
            (Missing.PART_NOT_ORDERED, not needs.part.is_ordered),
            (Missing.PART_DOUBTED, needs.part.is_ordered and needs.part.is_doubted),
            (Missing.PART_NOT_HERE, needs.part.is_ordered and not needs.part.is_here),
        ]
    return tuple(each for each, lacks in found if lacks)


def has_skill(skill: str, skills: frozenset[str]) -> bool:
    """Whether a crew can do it: everybody can what needs no skill."""
    return not skill or skill in skills


def ready_from(part: Part | None, *, now: datetime) -> datetime | None:
    """The earliest moment for a slot to begin; None while nobody knows when the part comes."""
    soon = now + NOTICE
    if part is None or part.is_here:
        return soon
    if not part.is_ordered or part.eta is None:
        return None
    return max(soon, max(part.eta, now) + GATE_BEFORE)


def gate_at(opens: datetime) -> datetime:
    """When the clock looks whether a visit can be."""
    return opens - GATE_BEFORE


def missed_at(closes: datetime) -> datetime:
    """From when on a visit at which nobody came is missed."""
    return closes + MISSED_AFTER


def unended_at(closes: datetime, *, arrived: datetime) -> datetime:
    """From when on somebody is asked how a visit ended at which somebody has arrived."""
    return max(closes, arrived) + UNENDED_AFTER


def lead_time(history: Sequence[timedelta], *, usual: timedelta) -> timedelta:
    """How long a part takes 8 times in 10, from how long it took before; else what is usual."""
    if len(history) < ENOUGH_ORDERS:
        return usual
    return sorted(history)[ceil(len(history) * SHARE_IN_TIME) - 1]
