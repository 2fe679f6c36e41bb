"""For how long what is kept, and how much of it is over its time at this moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from makegood.records import overdue_data
from makegood.records.models import Customer, Kept, Mail, Retention

NAMED: Final = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class Term:
    """For how long one kind of data is kept; None in `days` is for good."""

    kind: Kept
    days: int | None
    over_time: int


def get_terms(*, now: datetime, instead: Mapping[Kept, int | None] | None = None) -> list[Term]:
    """Every kind. `instead` says what would be with other days: a dry run."""
    kept = dict(Retention.objects.values_list("kind", "days"))
    days = {kind: kept.get(kind.value) for kind in Kept} | dict(instead or {})
    return [
        Term(kind=kind, days=days[kind], over_time=_count(kind, days[kind], now)) for kind in Kept
    ]


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview:
    """What would go at once if one kind were kept for so many days; some of it by name."""

    kind: Kept
    days: int | None
    over_time: int
    some: tuple[str, ...]


def get_preview(kind: Kept, *, days: int | None, now: datetime) -> Preview:
    """What a period would take out, before it holds."""
    if days is None:
        return Preview(kind=kind, days=None, over_time=0, some=())
    numbers = overdue_data.over_time(kind, days=days, now=now)
    first = list(numbers[:NAMED])
    return Preview(kind=kind, days=days, over_time=numbers.count(), some=_named(kind, first))


def _named(kind: Kept, numbers: list[int]) -> tuple[str, ...]:
    if kind is Kept.CUSTOMERS:
        rows = Customer.objects.filter(pk__in=numbers).order_by("pk")
        return tuple(rows.values_list("name", flat=True))
    mails = Mail.objects.filter(pk__in=numbers).order_by("pk")
    listed = mails.values_list("sender", "subject")
    return tuple(f"{sender}: {subject}" for sender, subject in listed)


def _count(kind: Kept, days: int | None, now: datetime) -> int:
    return 0 if days is None else overdue_data.over_time(kind, days=days, now=now).count()
