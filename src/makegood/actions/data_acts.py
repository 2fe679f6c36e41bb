"""Who brought much data in or took it out of the desk: a list that only grows."""

from datetime import datetime

from makegood.records.models import DataAct, DataDeed, Staff


def note(deed: DataDeed, number: int | None = None, *, by: Staff | None, now: datetime) -> None:
    """Somebody imported or exported something; nobody in `by` is the command line."""
    DataAct.objects.create(deed=deed, number=number, at=now, by=by)


def note_copy(customer_id: int, *, by: Staff | None, now: datetime) -> None:
    """Somebody took a copy of all that there is of one customer."""
    DataAct.objects.create(deed=DataDeed.COPIED, customer_id=customer_id, at=now, by=by)
