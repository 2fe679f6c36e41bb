"""Booking remedies: two entries each, which sum to zero. The ledger only grows.

Granted: what it is for is debited, what the customer is owed is credited. Arrived: what is owed is
debited, what went out is credited. Released: the grant is taken back. A thing that costs the
company nothing is booked nowhere.
"""

from datetime import datetime

from makegood.records.models import Account, Booking, LedgerEntry, LedgerTransaction, Remedy
from makegood.rules.remedies import Source


def book(remedy: Remedy, booking: Booking, *, at: datetime, now: datetime) -> None:
    """Book what happened to a remedy, once."""
    if not remedy.amount_minor:
        return
    written = LedgerTransaction.objects.create(remedy=remedy, kind=booking, at=at, recorded_at=now)
    debit, credit = _accounts(remedy, booking)
    sides = ((debit, remedy.amount_minor), (credit, -remedy.amount_minor))
    LedgerEntry.objects.bulk_create(
        LedgerEntry(
            transaction=written,
            account=account,
            amount_minor=amount,
            currency=remedy.currency,
            customer_id=remedy.case.customer_id,
            case_id=remedy.case_id,
            team_id=remedy.team_id,
        )
        for account, amount in sides
    )


def _accounts(remedy: Remedy, booking: Booking) -> tuple[Account, Account]:
    cost = _cost(remedy)
    return {
        Booking.GRANTED: (cost, Account.OWED),
        Booking.ARRIVED: (Account.OWED, Account.OUT),
        Booking.RELEASED: (Account.OWED, cost),
    }[booking]


def _cost(remedy: Remedy) -> Account:
    """What it is booked to; found money to itself, since it was the customer's before."""
    if remedy.source != Source.FOUND:
        return Account(remedy.terms().activity.value)
    granted = LedgerEntry.objects.filter(
        transaction__remedy=remedy, transaction__kind=Booking.GRANTED, amount_minor__gt=0
    )
    # What was granted before found money had its account is taken back where it was booked.
    return Account(granted.values_list("account", flat=True).first() or Account.FOUND)
