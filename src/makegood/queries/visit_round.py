"""The round of a technician: what is to be done today, on a phone."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, Q, QuerySet, Subquery

from makegood.queries import visit_calendar, visit_cards, visit_times
from makegood.queries.visit_cards import VisitCard
from makegood.queries.visit_times import Time
from makegood.records import crew_times
from makegood.records.models import Crew, Part, Slot, Staff, Visit
from makegood.rules.promises import end_of_day
from makegood.rules.visits import Part as Ordered

ROUND_MAX = 60
PARTS_MAX = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Round:
    """The page: what is open today, what ended today, and what comes next."""

    crews: tuple[str, ...]
    open: tuple[VisitCard, ...]
    ended: tuple[VisitCard, ...]
    later: tuple[VisitCard, ...]
    has_address: bool
    """Whether an address shows these visits in a calendar of the reader's own."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PartChoice:
    """A part that one can name as the right one."""

    id: int
    words: str


def read_round(reader: Staff, *, now: datetime) -> Round:
    """The visits of the crews that somebody is of, in the reader's zone."""
    zone = ZoneInfo(reader.zone)
    tonight = end_of_day(now.astimezone(zone).date(), zone)
    morning = tonight - timedelta(days=1)
    live = Slot.objects.filter(crew__members=reader, released_at=None)
    today = live.filter(opens_at__lte=tonight, closes_at__gt=morning)
    is_today = Q(pk__in=today.values("visit")) | Q(arrived_at__isnull=False)
    mine = _by_time().filter(pk__in=live.values("visit"), outcome=None)
    later = mine.filter(arrived_at=None, pk__in=live.filter(opens_at__gt=tonight).values("visit"))
    was_mine = Slot.objects.filter(crew__members=reader).values("visit")
    ended = _joined().filter(ended_at__gt=morning, ended_at__lte=tonight, pk__in=was_mine)
    cards = [
        visit_cards.read_cards(rows[:ROUND_MAX], now=now, zone=zone)
        for rows in (mine.filter(is_today), ended.order_by("ended_at", "pk"), later)
    ]
    return Round(
        crews=tuple(
            Crew.objects.filter(members=reader).order_by("name").values_list("name", flat=True)
        ),
        open=cards[0],
        ended=cards[1],
        later=cards[2][:5],
        has_address=visit_calendar.has_address(staff=reader.pk),
    )


def find_visit(visit_id: int) -> Visit | None:
    """A visit with what its card shows."""
    return _joined().filter(pk=visit_id).first()


def find_next(visit_id: int) -> Visit | None:
    """The visit that follows one, with what its card shows."""
    return _joined().filter(follows=visit_id).first()


def is_ahead(visit: Visit, *, now: datetime, zone: ZoneInfo) -> bool:
    """Whether the day of a visit is still to come: nobody is expected to be there today."""
    slot = crew_times.live_slot(visit.pk)
    tonight = end_of_day(now.astimezone(zone).date(), zone)
    return visit.arrived_at is None and slot is not None and slot.opens_at > tonight


def is_of(visit_id: int, *, person: int) -> bool:
    """Whether somebody is of a crew that has held this visit, or the one before it."""
    mine = Q(slots__crew__members=person) | Q(follows__slots__crew__members=person)
    return Visit.objects.filter(mine, pk=visit_id).exists()


def parts() -> tuple[PartChoice, ...]:
    """The parts that are known, by name."""
    rows = Part.objects.order_by("name", "number")[:PARTS_MAX]
    return tuple(PartChoice(id=row.pk, words=f"{row.name} ({row.number})") for row in rows)


def next_times(
    visit: Visit, *, part: Ordered | None, now: datetime, zone: ZoneInfo
) -> tuple[Time, ...]:
    """The times for the visit after this one, which waits for `part` if it brings one."""
    return visit_times.for_case(visit.case, visit.skill, part, now=now, zone=zone)


def _joined() -> QuerySet[Visit]:
    return Visit.objects.select_related("case__customer", "diagnosis__part")


def _by_time() -> QuerySet[Visit]:
    """By the time that each holds now, not by those that it has given back."""
    held = Slot.objects.filter(visit=OuterRef("pk"), released_at=None)
    return _joined().order_by(Subquery(held.values("opens_at")), "pk")
