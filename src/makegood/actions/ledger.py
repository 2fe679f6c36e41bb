"""Booking remedies: two entries each, which sum to zero. The ledger only grows.

Granted: what it is for is debited, what the customer is owed is credited. Arrived: what is owed is
debited, what went out is credited. Released: the grant is taken back. A thing that costs the
company nothing is booked nowhere.
"""

from datetime import datetime

from makegood.records.models import Account, Booking, LedgerEntry, LedgerTransaction, Remedy


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
    cost = Account(remedy.terms().activity.value)
    return {
        Booking.GRANTED: (cost, Account.OWED),
        Booking.ARRIVED: (Account.OWED, Account.OUT),
        Booking.RELEASED: (Account.OWED, cost),
    }[booking]
