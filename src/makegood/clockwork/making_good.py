"""The sweeps of money: requests that nobody answered in time, and payments that came too late."""

from collections.abc import Callable
from datetime import datetime

import structlog

from makegood.actions import approvals, payments
from makegood.records.trouble import is_passing

BATCH = 100

log = structlog.get_logger(__name__)


def sweep_approvals(*, now: datetime) -> int:
    """Answer for silence: small sums are approved, the rest goes one person up. How many."""
    return _each(
        "approvals",
        approvals.due(now=now, limit=BATCH),
        lambda request: approvals.answer_for_silence(request, now=now),
        lambda request: approvals.postpone(request, now=now),
    )


def sweep_late_payments(*, now: datetime) -> int:
    """Grant what schemes owe on top because a payment came late. Returns how many."""
    return _each(
        "late_payments",
        payments.late(now=now, limit=BATCH),
        lambda remedy: payments.pay_for_lateness(remedy, now=now),
        lambda _remedy: None,
    )


def _each(
    sweep: str,
    rows: list[int],
    act: Callable[[int], object],
    postpone: Callable[[int], None],
) -> int:
    """One row, one transaction: a row that fails holds up nobody else."""
    done = 0
    for row in rows:
        try:
            act(row)
            done += 1
        except Exception as error:
            if is_passing(error):
                raise
            log.exception("row_postponed", sweep=sweep, row=row)
            postpone(row)
    return done
