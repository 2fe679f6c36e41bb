"""The sweeps of money: requests that nobody answered in time, and payments that came too late."""

from datetime import datetime

from makegood.actions import approvals, entitlements, found_things, payments
from makegood.actions.entitlements import Found
from makegood.clockwork.row_by_row import each
from makegood.queries.entitlements import read_entitlements
from makegood.records.models import Case

BATCH = 100
LONGEST_DOUBT = 1_000


def sweep_approvals(*, now: datetime) -> int:
    """Answer for silence: small sums are approved, the rest goes one person up. How many."""
    return each(
        "approvals",
        approvals.due(now=now, limit=BATCH),
        lambda request: approvals.answer_for_silence(request, now=now),
        lambda request: approvals.postpone(request, now=now),
    )


def sweep_late_payments(*, now: datetime) -> int:
    """Grant what schemes owe on top because a payment came late. Returns how many."""
    return each(
        "late_payments",
        payments.late(now=now, limit=BATCH),
        lambda remedy: payments.pay_for_lateness(remedy, now=now),
        lambda _remedy: None,
    )


def sweep_unclaimed(*, now: datetime) -> int:
    """Push what schemes owe on closed cases to their customers. Returns how many."""
    return each(
        "unclaimed",
        found_things.unclaimed(now=now, limit=BATCH),
        lambda entitlement: found_things.push_unclaimed(entitlement, now=now),
        lambda _entitlement: None,
    )


def sweep_entitlements(*, now: datetime) -> int:
    """Find what schemes owe and nobody has given, and raise it. Returns how many were looked at."""
    due = dict(entitlements.due(now=now, limit=BATCH))
    return each(
        "entitlements",
        tuple(due),
        lambda row: entitlements.record(row, lambda case: _found(case, due[row], now=now), now=now),
        lambda row: entitlements.postpone(row, now=now),
    )


def _found(case_id: int, scheme: str, *, now: datetime) -> Found | None:
    case = Case.objects.select_related("customer").get(pk=case_id)
    owed = next((o for o in read_entitlements(case, now=now) if o.scheme == scheme), None)
    if owed is None:
        return None
    return Found(
        version=owed.version,
        amount_minor=owed.amount_minor,
        given_minor=owed.given_minor,
        currency=owed.currency,
        pay_by=owed.last_day,
        because=owed.because,
        unsure=" ".join(owed.unsure)[:LONGEST_DOUBT],
    )
