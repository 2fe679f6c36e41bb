"""The auditor: asks, apart from the sweeps, whether anything overdue was left, and sounds alarm.

It runs in a thread of the clock's process with a connection of its own. That is apart enough: when
the sweeps hang or err, it sees what they left; and when the whole process or machine is gone, no
heartbeat leaves, and it is the silence that alarms, at the monitor, which is elsewhere.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event

import structlog

from makegood.clockwork.beside import beside
from makegood.gateways.heartbeat import Heartbeat, HeartbeatError
from makegood.queries.clock_health import (
    LATE_AFTER,
    UNREAD_AFTER,
    ClockHealth,
    read_clock_health,
)

EVERY_SECONDS = 30
CALENDAR_DAYS = 30
PATIENCE_SECONDS = 3  # then it ends with the process: nothing that it does can be half done

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Audit:
    """What is wrong now (complaints), and what will be unless somebody acts (warnings)."""

    at: datetime
    complaints: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def is_well(self) -> bool:
        """Whether the heartbeat may leave. A warning does not hold it: it would last for weeks."""
        return not self.complaints


def judge(health: ClockHealth) -> Audit:
    """What the numbers mean."""
    return Audit(
        at=health.at,
        complaints=(*_left_undone(health), *_silent(health), *_ran_out(health)),
        warnings=(*_unread(health), *_runs_out(health)),
    )


def _unread(health: ClockHealth) -> Iterator[str]:
    if health.unread:
        hours = UNREAD_AFTER // timedelta(hours=1)
        yield f"Mails that nobody has read for more than {hours} hours: {health.unread}."


def _runs_out(health: ClockHealth) -> Iterator[str]:
    for name, left in health.calendar_days.items():
        if 0 <= left < CALENDAR_DAYS:
            yield f"Calendar {name} knows its holidays for {left} more days: renew it."


def _left_undone(health: ClockHealth) -> Iterator[str]:
    if health.lag > LATE_AFTER:
        yield f"Something has been due for {_words(health.lag)}."
    for severity, count in health.overdue.items():
        if count:
            yield f"{count} promises of {severity.name} should have been judged by now."
    if health.untold:
        yield f"{health.untold} rungs should have spoken by now."
    if health.set_aside:
        yield f"{health.set_aside} promises are set aside because their sweep failed."
    if health.owners_who_left:
        yield f"{health.owners_who_left} open cases belong to somebody who has left."


def _silent(health: ClockHealth) -> Iterator[str]:
    if health.canary_late is None:
        yield "There is no canary."
    elif health.canary_late > LATE_AFTER:
        yield f"The canary is late by {_words(health.canary_late)}."
    if health.pulse_age is None:
        yield "The clock has never finished a round."
    elif health.pulse_age > LATE_AFTER:
        yield f"The clock last finished a round {_words(health.pulse_age)} ago."


def _ran_out(health: ClockHealth) -> Iterator[str]:
    for name, left in health.calendar_days.items():
        if left < 0:
            yield f"Calendar {name} has run out: dates are counted without its holidays."


def _words(span: timedelta) -> str:
    return f"{span.total_seconds():.0f} s"


class Auditor:
    """Audits over and over, and tells the heartbeat when all is well."""

    def __init__(self, heartbeat: Heartbeat | None) -> None:
        self._heartbeat = heartbeat
        self._said: tuple[str, ...] = ()

    def audit(self, *, now: datetime) -> Audit:
        """Look once, say what changed, and let the heartbeat leave if all is well."""
        found = judge(read_clock_health(now=now))
        self._say(found)
        if found.is_well and self._heartbeat is not None:
            try:
                self._heartbeat.beat()
            except HeartbeatError as error:
                log.warning("heartbeat_lost", error=str(error))
        return found

    def _say(self, found: Audit) -> None:
        if found.complaints:
            log.error("clock_unwell", complaints=found.complaints)
        if found.warnings and found.warnings != self._said:
            log.warning("clock_warns", warnings=found.warnings)
        self._said = found.warnings


def auditing(
    heartbeat: Heartbeat | None, *, every_seconds: float = EVERY_SECONDS
) -> AbstractContextManager[None]:
    """Audit in a thread of its own for as long as the block runs.

    The first look comes after a while: after a downtime the sweeps may catch up unblamed.
    """
    auditor = Auditor(heartbeat)

    def audit(now: datetime, _ending: Event) -> bool:
        auditor.audit(now=now)
        return False

    return beside(
        audit, name="auditor", every_seconds=every_seconds, patience_seconds=PATIENCE_SECONDS
    )
