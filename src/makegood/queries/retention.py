"""For how long what is kept, and how much of it is over its time at this moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from makegood.records import overdue_data
from makegood.records.models import Kept, Retention


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


def _count(kind: Kept, days: int | None, now: datetime) -> int:
    return 0 if days is None else overdue_data.over_time(kind, days=days, now=now).count()
