"""Holding each promised date of a log to account, by the same rules as the live clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

import numpy as np
import numpy.typing as npt

from makegood.queries.replay.log import Log, Promised
from makegood.queries.replay.times import NONE, Marks, Moments, micros, moment
from makegood.rules import escalation, promises
from makegood.rules.policy import Policy
from makegood.rules.promises import Promise
from makegood.rules.severity import Severity


class Ruling(StrEnum):
    """What became of a promised date, as far as the log shows."""

    KEPT = "kept"
    CLOSED_LATE = "closed_late"
    OPEN_PAST_DUE = "open_past_due"
    STILL_OPEN = "still_open"
    NO_PROMISE = "no_promise"
    IMPOSSIBLE = "impossible"
    UNKNOWN = "unknown"


RULINGS: Final = tuple(Ruling)
_CODE: Final = {ruling: code for code, ruling in enumerate(RULINGS)}
BROKEN: Final = (Ruling.CLOSED_LATE, Ruling.OPEN_PAST_DUE)

Policies = Mapping[Severity, Policy]


@dataclass(frozen=True, kw_only=True, slots=True)
class Ledger:
    """The ruling on one promised date of every request, in the log's order.

    `done` is when each promise was fulfilled. A deed of which the log only knows the day may have
    been in time, and then counts as in time.
    """

    promised: Promised | None
    done: Moments
    rulings: npt.NDArray[np.int8]
    at_risk: int

    def has(self, *wanted: Ruling) -> Marks:
        """Which requests have one of some rulings."""
        return np.array([ruling in wanted for ruling in RULINGS])[self.rulings]

    @property
    def broken(self) -> Marks:
        """Which promises were broken: closed late, or still open past their date."""
        return self.has(*BROKEN)


def judge(log: Log, promised: Promised | None, *, policies: Policies) -> Ledger:
    """Rule on one promised date of each request, as of the log's end.

    :param promised: None for a log that names no date at all.
    """
    if promised is None:
        return _without_dates(log)
    done = _done(promised)
    rulings = np.full(len(log), _CODE[Ruling.NO_PROMISE], dtype=np.int8)
    at_risk = 0
    for place in np.flatnonzero(promised.due != NONE).tolist():
        policy = policies[Severity(int(log.severities[place]))]
        promise = Promise(
            said_at=moment(int(log.opened[place])),
            due_at=moment(int(promised.due[place])),
            grace=policy.grace,
        )
        ruling = _ruling(
            promise,
            done_at=None if done[place] == NONE else moment(int(done[place])),
            ended=bool(promised.ended[place]),
            as_of=log.as_of,
        )
        rulings[place] = _CODE[ruling]
        if ruling is Ruling.STILL_OPEN:
            at_risk += _is_at_risk(promise, policy=policy, now=log.as_of)
    return Ledger(promised=promised, done=done, rulings=rulings, at_risk=at_risk)


def _without_dates(log: Log) -> Ledger:
    return Ledger(
        promised=None,
        done=np.full(len(log), NONE, dtype=np.int64),
        rulings=np.full(len(log), _CODE[Ruling.NO_PROMISE], dtype=np.int8),
        at_risk=0,
    )


def _done(promised: Promised) -> Moments:
    in_time = (promised.done != NONE) & (promised.done_from <= promised.due)
    return np.where(in_time, np.minimum(promised.done, promised.due), promised.done)


def silence(log: Log, ledger: Ledger) -> Moments:
    """For each broken promise, how long from its date until the deed or the log's end; else 0."""
    lasted = np.zeros(len(log), dtype=np.int64)
    if ledger.promised is not None:
        broken = ledger.broken
        until = np.where(ledger.done[broken] == NONE, micros(log.as_of), ledger.done[broken])
        lasted[broken] = until - ledger.promised.due[broken]
    return lasted


def _ruling(promise: Promise, *, done_at: datetime | None, ended: bool, as_of: datetime) -> Ruling:
    try:
        promises.check_window(said_at=promise.said_at, earliest_at=None, due_at=promise.due_at)
    except promises.WindowError:
        return Ruling.IMPOSSIBLE
    if done_at is not None:
        settled = promises.fulfil(promise, at=done_at)
        kept = settled.outcome is promises.Outcome.KEPT
        return Ruling.KEPT if kept else Ruling.CLOSED_LATE
    if ended:
        return Ruling.UNKNOWN
    try:
        promises.lapse(promise, now=as_of)
    except promises.NotYetDueError:
        return Ruling.STILL_OPEN
    return Ruling.OPEN_PAST_DUE


def _is_at_risk(promise: Promise, *, policy: Policy, now: datetime) -> bool:
    first = escalation.steps(policy.ladder, said_at=promise.said_at, due_at=promise.due_at)[0]
    standing = promises.standing(promise, now=now, warned_at=first.at)
    return standing is not promises.Standing.ON_TRACK
