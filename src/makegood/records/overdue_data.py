"""What is over the time for which the company keeps it: the numbers of customers, or of mails."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from makegood.records.models import OF_MACHINES, Case, Customer, Erasure, Kept, Letter, Mail


def over_time(kind: Kept, *, days: int, now: datetime) -> "QuerySet[Any, int]":
    """Whose or which, the oldest first."""
    until = now - timedelta(days=days)
    return _customers(until) if kind is Kept.CUSTOMERS else _mails(until)


def _customers(until: datetime) -> "QuerySet[Any, int]":
    """Those who have been known for so long, and whose last case was closed so long ago."""
    theirs = Case.objects.filter(customer=OuterRef("pk"))
    needed = theirs.filter(Q(closed_at=None) | Q(closed_at__gt=until))
    waiting = Letter.objects.filter(case__customer=OuterRef("pk"), send_at__isnull=False)
    erased = Erasure.objects.filter(customer=OuterRef("pk"))
    rows = Customer.objects.filter(~Exists(needed), ~Exists(waiting), ~Exists(erased))
    return rows.filter(since__lte=until).order_by("pk").values_list("pk", flat=True)


def _mails(until: datetime) -> "QuerySet[Any, int]":
    """Those that joined no case and wait for nobody."""
    rows = Mail.objects.filter(case=None, received_at__lte=until)
    through = rows.filter(Q(settled_at__isnull=False) | Q(aside_because__in=OF_MACHINES))
    return through.order_by("pk").values_list("pk", flat=True)
