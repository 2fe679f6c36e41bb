"""Calls that nobody answered: when to try again, and when we have done what a call asks of us.

Ringing once is no call. Two attempts that lie apart, with a message left so that the customer
knows who rang, are what can be asked of somebody who promised to ring.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

ENOUGH: Final = 2
APART: Final = timedelta(minutes=15)


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempt:
    """One time that we rang and nobody answered."""

    at: datetime
    left_message: bool


def are_enough(attempts: Sequence[Attempt], *, due: datetime) -> bool:
    """Whether what was promised was tried as it should be, before it fell due."""
    return len(_apart(attempts, due=due)) >= ENOUGH and needs_no_message(attempts, due=due)


def needs_no_message(attempts: Sequence[Attempt], *, due: datetime) -> bool:
    """Whether a message was left in time, so that the customer knows of the call."""
    return any(one.left_message for one in attempts if one.at <= due)


def next_from(attempts: Sequence[Attempt], *, due: datetime) -> datetime | None:
    """From when it makes sense to ring again; nothing if it is enough, or too late for it."""
    apart = _apart(attempts, due=due)
    if not apart or len(apart) >= ENOUGH:
        return None
    again = apart[-1] + APART
    return again if again <= due else None


def _apart(attempts: Sequence[Attempt], *, due: datetime) -> list[datetime]:
    """The moments of attempts in time, without those that only repeat the one before."""
    kept: list[datetime] = []
    for at in sorted(one.at for one in attempts if one.at <= due):
        if not kept or at - kept[-1] >= APART:
            kept.append(at)
    return kept
