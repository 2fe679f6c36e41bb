"""The sweeps, as plain functions of `now`: what is due is done, in batches, and nothing twice.

A sweep asks what is due now, so that a missed tick, a restart or a week of downtime heals itself.
When a batch fails, its rows are tried one by one, and the one that fails is set aside. When the
database itself is in trouble, nobody is blamed: the error goes to the caller, who tries again.
"""

from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime
from itertools import count
from typing import Protocol

import structlog

from makegood.actions import breaking, day_end, escalation, set_aside
from makegood.actions.telling import Rosters
from makegood.clockwork import (
    apologising,
    asking,
    doubting,
    foreseeing,
    forgetting,
    going_round,
    incident_watching,
    learning,
    making_good,
    spreading,
    visiting,
)
from makegood.records import bulk
from makegood.records.trouble import is_passing

BATCH = 500

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """What one tick did."""

    broken: int = 0
    spoken: int = 0
    spoken_again: int = 0
    day_ends: int = 0
    answered: int = 0
    paid_late: int = 0
    looked: int = 0
    crews: int = 0
    visits: int = 0
    rounds: int = 0
    foreseen: int = 0
    reached: int = 0
    asked: int = 0
    doubts: int = 0
    learned: int = 0
    forgotten: int = 0
    questions: int = 0
    unclaimed: int = 0
    apologised: int = 0
    announced: int = 0
    left: int = 0
    ended: int = 0

    @property
    def anything(self) -> bool:
        """Whether there was something to do."""
        return any(astuple(self))


class _Many(Protocol):
    def __call__(self, *, now: datetime, limit: int, rosters: Rosters) -> int: ...


class _One(Protocol):
    def __call__(self, promise: int, /, *, now: datetime, rosters: Rosters) -> None: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class _Sweep:
    """A clock, and how what it shows due is done: many at once, or one alone."""

    name: str
    many: _Many
    one: _One
    due: Callable[[datetime, int], Sequence[int]]


_JUDGE = _Sweep(name="judge", many=breaking.break_due, one=breaking.break_one, due=bulk.judgeable)
_ESCALATE = _Sweep(
    name="escalate", many=escalation.speak_due, one=escalation.speak_one, due=bulk.escalating
)
_SPEAK_AGAIN = _Sweep(
    name="speak_again",
    many=escalation.speak_again_due,
    one=escalation.speak_again_one,
    due=bulk.speaking_again,
)


def _never() -> bool:
    return False


def tick(
    *,
    now: datetime,
    batch: int = BATCH,
    rounds: int | None = None,
    stop: Callable[[], bool] = _never,
) -> Done:
    """Do everything that is due at `now`. No warning can follow its break: both look at `due_at`.

    :param rounds: no more than so many batches of each sweep, so that with very much to do no
        sweep waits for another to end, and the caller comes back with a new `now`.
    :param stop: asked before each batch whether to leave the rest for later.
    """
    # First of all: what keeps a case open "until then" is kept by closing it then.
    asked = asking.sweep_askings(now=now)
    done = Done(
        asked=asked,
        broken=sweep_promises(now=now, batch=batch, rounds=rounds, stop=stop),
        spoken=sweep_escalations(now=now, batch=batch, rounds=rounds, stop=stop),
        spoken_again=sweep_spoken(now=now, batch=batch, rounds=rounds, stop=stop),
        day_ends=sweep_day_ends(now=now),
        answered=making_good.sweep_approvals(now=now),
        paid_late=making_good.sweep_late_payments(now=now),
        looked=making_good.sweep_entitlements(now=now),
        crews=visiting.sweep_crews(now=now),
        visits=visiting.sweep_visits(now=now),
        foreseen=foreseeing.sweep_foresights(now=now),
        rounds=going_round.sweep_rounds(now=now),
        doubts=doubting.sweep_doubts(now=now),
        learned=learning.sweep_learning(now=now),
        forgotten=forgetting.sweep_retention(now=now),
        unclaimed=making_good.sweep_unclaimed(now=now),
        questions=asking.sweep_questions(now=now),
        announced=asking.sweep_calls(now=now),
        reached=spreading.sweep_incidents(now=now, rounds=rounds, stop=stop),
        left=incident_watching.sweep_tellings(now=now),
        ended=incident_watching.sweep_ended(now=now, rounds=rounds, stop=stop),
        apologised=apologising.sweep_apologies(now=now),
    )
    set_aside.forget_what_is_through()
    return done


def sweep_promises(
    *,
    now: datetime,
    batch: int = BATCH,
    rounds: int | None = None,
    stop: Callable[[], bool] = _never,
) -> int:
    """Break every promise whose time has passed. Returns how many."""
    return _drain(_JUDGE, now=now, batch=batch, rounds=rounds, stop=stop)


def sweep_escalations(
    *,
    now: datetime,
    batch: int = BATCH,
    rounds: int | None = None,
    stop: Callable[[], bool] = _never,
) -> int:
    """Let every rung speak whose time has come. Returns how many did."""
    return _drain(_ESCALATE, now=now, batch=batch, rounds=rounds, stop=stop)


def sweep_spoken(
    *,
    now: datetime,
    batch: int = BATCH,
    rounds: int | None = None,
    stop: Callable[[], bool] = _never,
) -> int:
    """Climb on where nobody acknowledged, or nothing was put right. Returns how many did."""
    return _drain(_SPEAK_AGAIN, now=now, batch=batch, rounds=rounds, stop=stop)


def sweep_day_ends(*, now: datetime) -> int:
    """Look through the day of every team whose hour has come. Returns how many teams."""
    teams = day_end.due(now=now)
    for team in teams:
        try:
            day_end.look_through(team, now=now)
        except Exception as error:
            if is_passing(error):
                raise
            log.exception("day_end_postponed", team=team)
            day_end.postpone(team, now=now)
    return len(teams)


def _drain(
    sweep: _Sweep,
    *,
    now: datetime,
    batch: int,
    rounds: int | None,
    stop: Callable[[], bool],
) -> int:
    total, rosters = 0, Rosters(now=now)
    for _ in count() if rounds is None else range(rounds):
        if stop():
            break
        try:
            done = sweep.many(now=now, limit=batch, rosters=rosters)
        except Exception as error:
            if is_passing(error):
                raise
            log.exception("batch_failed", sweep=sweep.name)
            done = _one_by_one(sweep, now=now, batch=batch, rosters=rosters)
        total += done
        if done < batch:
            break
    return total


def _one_by_one(sweep: _Sweep, *, now: datetime, batch: int, rosters: Rosters) -> int:
    promises = sweep.due(now, batch)
    for promise in promises:
        try:
            sweep.one(promise, now=now, rosters=rosters)
        except Exception as error:
            if is_passing(error):
                raise
            log.exception("row_set_aside", sweep=sweep.name, promise=promise)
            set_aside.set_aside(promise, sweep=sweep.name, error=repr(error), now=now)
    return len(promises)
