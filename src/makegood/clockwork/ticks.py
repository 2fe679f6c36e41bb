"""The sweeps, as plain functions of `now`: what is due is done, in batches, and nothing twice.

A sweep asks what is due now, so that a missed tick, a restart or a week of downtime heals itself.
When a batch fails, its rows are tried one by one, and the one that fails is set aside.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from makegood.actions import breaking, day_end, escalation, set_aside
from makegood.actions.telling import Rosters
from makegood.records import bulk

BATCH = 500

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """What one tick did."""

    broken: int = 0
    spoken: int = 0
    spoken_again: int = 0
    day_ends: int = 0

    @property
    def anything(self) -> bool:
        """Whether there was something to do."""
        return bool(self.broken or self.spoken or self.spoken_again or self.day_ends)


def tick(*, now: datetime, batch: int = BATCH) -> Done:
    """Do everything that is due at `now`: rungs first, so that no warning follows its break."""
    return Done(
        spoken=sweep_escalations(now=now, batch=batch),
        broken=sweep_promises(now=now, batch=batch),
        spoken_again=sweep_spoken(now=now, batch=batch),
        day_ends=day_end.look_through(now=now),
    )


def sweep_promises(*, now: datetime, batch: int = BATCH) -> int:
    """Break every promise whose time has passed. Returns how many."""
    return _drain(
        lambda rosters: breaking.break_due(now=now, limit=batch, rosters=rosters),
        one=lambda promise, rosters: breaking.break_one(promise, now=now, rosters=rosters),
        due=lambda: bulk.judgeable(now=now, limit=batch),
        sweep="judge",
        now=now,
        batch=batch,
    )


def sweep_escalations(*, now: datetime, batch: int = BATCH) -> int:
    """Let every rung speak whose time has come. Returns how many did."""
    return _drain(
        lambda rosters: escalation.speak_due(now=now, limit=batch, rosters=rosters),
        one=lambda promise, rosters: escalation.speak_one(promise, now=now, rosters=rosters),
        due=lambda: bulk.escalating(now=now, limit=batch),
        sweep="escalate",
        now=now,
        batch=batch,
    )


def sweep_spoken(*, now: datetime, batch: int = BATCH) -> int:
    """Climb on where nobody acknowledged, or nothing was put right. Returns how many did."""
    total = 0
    while done := escalation.speak_again_due(now=now, limit=batch, rosters=Rosters(now=now)):
        total += done
    return total


def _drain(
    many: Callable[[Rosters], int],
    *,
    one: Callable[[int, Rosters], None],
    due: Callable[[], Sequence[int]],
    sweep: str,
    now: datetime,
    batch: int,
) -> int:
    total = 0
    rosters = Rosters(now=now)
    while True:
        try:
            done = many(rosters)
        except Exception:
            log.exception("batch_failed", sweep=sweep)
            done = _one_by_one(due(), one=one, rosters=rosters, sweep=sweep, now=now)
        total += done
        if done < batch:
            return total


def _one_by_one(
    promises: Sequence[int],
    *,
    one: Callable[[int, Rosters], None],
    rosters: Rosters,
    sweep: str,
    now: datetime,
) -> int:
    for promise in promises:
        try:
            one(promise, rosters)
        except Exception as error:
            log.exception("row_set_aside", sweep=sweep, promise=promise)
            set_aside.set_aside(promise, sweep=sweep, error=repr(error), now=now)
    return len(promises)
