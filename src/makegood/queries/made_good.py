"""What the customer sees of making good: what they get, when it is there, and what has arrived.

Nothing of limits, of who approved it, or of reasons that colleagues wrote for each other.
"""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from makegood.language import remedies as said
from makegood.queries import when
from makegood.queries.when import When
from makegood.records.models import Case, Remedy
from makegood.rules.remedies import RemedyOutcome


@dataclass(frozen=True, kw_only=True, slots=True)
class MadeGood:
    """One thing that was made good."""

    what: str
    kind: str
    arrived: When | None
    due: When
    is_overdue: bool


def get_made_good(case_id: int, *, now: datetime) -> tuple[MadeGood, ...]:
    """What was made good on a case, in the customer's zone; two queries.

    :raises Case.DoesNotExist: if there is none.
    """
    zone = ZoneInfo(Case.objects.values_list("customer__zone", flat=True).get(pk=case_id))
    rows = Remedy.objects.filter(case=case_id).exclude(outcome=RemedyOutcome.RELEASED.value)
    return tuple(
        _made_good(row, now=now, zone=zone)
        for row in rows.select_related("promise").order_by("granted_at", "pk")
    )


def _made_good(row: Remedy, *, now: datetime, zone: ZoneInfo) -> MadeGood:
    arrived = row.settled_at
    return MadeGood(
        what=said.in_words(row.terms()),
        kind=row.kind,
        arrived=when.at(arrived, now=now, zone=zone) if arrived else None,
        due=when.due(row.promise, now=now, zone=zone),
        is_overdue=arrived is None and now > row.promise.due_at,
    )
