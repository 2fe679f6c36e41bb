"""When the round that serves what a customer depends on comes next: the bound of every date."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from makegood.records.models import Asset, Customer, Round
from makegood.rules import places, rounds
from makegood.rules.calendars import CalendarError
from makegood.rules.rounds import RoundError, Turn


@dataclass(frozen=True, kw_only=True, slots=True)
class Next:
    """The next day of a round, in the zone of its calendar."""

    id: int
    round: str
    opens_at: datetime
    closes_at: datetime
    moved_by: tuple[str, ...]


def next_for(asset: Asset | None, *, customer: Customer, now: datetime) -> Next | None:
    """The next round for what a customer depends on; None if none is known to come."""
    if asset is None or asset.service_id is None:
        return None
    rows = (
        Round.objects.filter(service=asset.service_id, retired_at=None)
        .filter(Q(stops__asset=asset) | Q(stops__isnull=True))
        .select_related("calendar")
        .distinct()
    )
    area = places.area_of(customer.postcode)
    serving = [row for row in rows if row.stops.exists() or not row.areas or area in row.areas]
    found = [(turn, row) for row in serving if (turn := _next_turn(row, now=now)) is not None]
    if not found:
        return None
    turn, row = min(found, key=lambda each: each[0].closes_at)
    return Next(
        id=row.pk,
        round=row.name,
        opens_at=turn.opens_at,
        closes_at=turn.closes_at,
        moved_by=turn.moved_by if turn.is_moved else (),
    )


def _next_turn(row: Round, *, now: datetime) -> Turn | None:
    """The next day that was not reported yet: what was missed today waits for the next one."""
    gone = set(row.runs.exclude(outcome=None).values_list("planned", flat=True))
    try:
        turns = rounds.turns(row.plan(), since=now)
        return next((turn for turn in turns if turn.planned not in gone), None)
    except (RoundError, CalendarError):
        return None
