"""The visits that a customer sees on their page: when, how sure, and what else they can choose."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from makegood.queries import visit_times, when
from makegood.queries.customer_lines import Clock
from makegood.queries.visit_times import Time
from makegood.queries.when import When
from makegood.records import crew_times
from makegood.records.models import Message, MessageKind, Visit
from makegood.rules.visits import Access

CHOICES = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class TheirVisit:
    """One visit. `is_new_time` says that the customer has not said a word to its time yet.

    `asks_access`: somebody has to let us in, and nobody has said that somebody will.

    `opens` is the second in which its time opens, as the form sends it; 0 without one.
    """

    id: int
    opens: int
    what: str
    due: When | None
    waits_for_part: When | None
    needs_part: bool
    is_sure: bool
    is_here: bool
    is_new_time: bool
    asks_access: bool
    promise: int
    others: tuple[Time, ...]


def read_visits(case_id: int, clock: Clock) -> tuple[TheirVisit, ...]:
    """The visits of a case that have not ended; one query where there is none."""
    rows = Visit.objects.filter(case=case_id, outcome=None).order_by("pk")
    found = rows.select_related("case__customer", "diagnosis__part")
    return tuple(_visit(row, now=clock.now, zone=clock.zone) for row in found)


def _visit(row: Visit, *, now: datetime, zone: ZoneInfo) -> TheirVisit:
    slot, part = crew_times.live_slot(row.pk), crew_times.part_of(row)
    owed = Message.objects.filter(
        case=row.case_id,
        kind=MessageKind.VISIT,
        said_at=None,
        about__startswith=f"visit:{row.pk}:",
    )
    eta = part.eta if part and not part.is_here else None
    due = None
    if slot is not None:
        due = when.due_at(slot.closes_at, earliest_at=slot.opens_at, now=now, zone=zone)
    is_open = row.arrived_at is None and (slot is None or now < slot.opens_at)
    return TheirVisit(
        id=row.pk,
        opens=int(slot.opens_at.timestamp()) if slot else 0,
        what=row.what,
        due=due,
        waits_for_part=when.at(eta, now=now, zone=zone) if eta and eta > now else None,
        needs_part=bool(part and not part.is_here),
        is_sure=row.confirmed_at is not None,
        is_here=row.arrived_at is not None,
        is_new_time=slot is not None and is_open and owed.exists(),
        asks_access=slot is not None and is_open and row.access == Access.ASKED,
        promise=row.promise_id or 0,
        others=visit_times.for_visit(row, now=now, zone=zone, limit=CHOICES) if is_open else (),
    )
