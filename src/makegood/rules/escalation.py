"""Who must be told about a promise, and when: the ladder.

A rung speaks at a share of the promise's own span (from when it was given to when it falls due),
so that every rung before the break comes before the break. A break goes at once one rung further
up than the ladder had reached. What nobody acknowledges climbs on; what was acknowledged but not
put right speaks again (incident.io's rule, without a cut-off): there is no end while the promise
is open, and no severity is exempt.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from makegood.rules.severity import Severity


class Role(StrEnum):
    """Whom a rung addresses, from the bottom to the top."""

    OWNER = "owner"
    LEAD = "lead"
    HEAD = "head"
    EXECUTIVE = "executive"


class Reason(StrEnum):
    """Why somebody is told."""

    WARNING = "warning"
    BREAK = "break"
    UNHEARD = "unheard"
    STILL_OPEN = "still_open"
    DAY_END = "day_end"
    NO_SLOT = "no_slot"
    UNSATISFIED = "unsatisfied"
    CLAIM = "claim"
    """What a customer was promised waits for somebody who may decide on so much."""
    VISIT_OPEN = "visit_open"
    """Somebody came to the customer, and nobody has said how it ended."""


BREAKS_FOR_EXECUTIVE = 3
BREAKS_FOR_EXECUTIVE_WHEN_SEVERE = 2
MINUTES_FOR_EXECUTIVE = 120
# Longer waits are slips of the finger, and would overflow the calendar when they are added.
LONGEST_WAIT = timedelta(days=366)


class LadderError(ValueError):
    """A ladder that cannot work; the message says which rung, and what would be right."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rung:
    """One step: at `share` of the promise's span (0 < share < 1), tell `role`."""

    share: float
    role: Role


@dataclass(frozen=True, kw_only=True, slots=True)
class Ladder:
    """The rungs of one policy, the lowest first.

    `unheard_after`: how long nobody may acknowledge before the next rung is told.
    `speak_again_after`: how long an acknowledged matter may stay open before it speaks again.
    """

    rungs: tuple[Rung, ...]
    unheard_after: timedelta
    speak_again_after: timedelta

    def __post_init__(self) -> None:
        _check(self)


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """A rung at its time for one promise: its level counts from 1."""

    level: int
    role: Role
    at: datetime


def steps(ladder: Ladder, *, said_at: datetime, due_at: datetime) -> tuple[Step, ...]:
    """Every rung of the ladder at its time, for a promise given at `said_at`, due at `due_at`."""
    span = due_at - said_at
    return tuple(
        Step(level=level, role=rung.role, at=said_at + span * rung.share)
        for level, rung in enumerate(ladder.rungs, start=1)
    )


def warned_at(first_share: float, *, said_at: datetime, due_at: datetime) -> datetime:
    """When the first rung speaks, from its share of the span alone."""
    return said_at + (due_at - said_at) * first_share


def next_step(ladder: Ladder, *, said_at: datetime, due_at: datetime, reached: int) -> Step | None:
    """The rung after the `reached` ones, or None when the ladder has no more before the break."""
    if reached >= len(ladder.rungs):
        return None
    rung = ladder.rungs[reached]
    return Step(level=reached + 1, role=rung.role, at=said_at + (due_at - said_at) * rung.share)


def above(role: Role) -> Role:
    """The role one further up; above the executive there is nobody, so it stays there."""
    order = tuple(Role)
    return order[min(order.index(role) + 1, len(order) - 1)]


def role_on_break(
    ladder: Ladder,
    *,
    reached: int,
    severity: Severity,
    breaks: int,
    customer_minutes: int = 0,
) -> Role:
    """Who hears of a break at once: one above whom the ladder had reached, never the owner alone.

    :param reached: rungs of the broken promise's ladder that had spoken.
    :param breaks: broken promises on the case, this one included.
    :param customer_minutes: what the failure has cost the customer so far.

    The executive hears of the second break on P1 or P2, of the third on any, and where the
    customer has lost more than 120 minutes (requirement R40, evidence 2.14).
    """
    for_executive = (
        breaks >= BREAKS_FOR_EXECUTIVE
        or (breaks >= BREAKS_FOR_EXECUTIVE_WHEN_SEVERE and severity <= Severity.P2)
        or customer_minutes > MINUTES_FOR_EXECUTIVE
    )
    if for_executive:
        return Role.EXECUTIVE
    told = ladder.rungs[min(reached, len(ladder.rungs)) - 1].role if reached else Role.OWNER
    return above(told)


def _check(ladder: Ladder) -> None:
    if not ladder.rungs:
        raise LadderError("A ladder needs at least one rung.")
    last = 0.0
    for level, rung in enumerate(ladder.rungs, start=1):
        if not last < rung.share < 1:
            raise LadderError(
                f"Rung {level} ({rung.role}) speaks at {rung.share:g} of the span; "
                f"it must lie above {last:g} and below 1, or nobody would hear it in time."
            )
        last = rung.share
    for wait in (ladder.unheard_after, ladder.speak_again_after):
        if not timedelta(0) < wait <= LONGEST_WAIT:
            raise LadderError(
                f"A ladder's waits must be longer than zero and at most {LONGEST_WAIT.days} days."
            )
