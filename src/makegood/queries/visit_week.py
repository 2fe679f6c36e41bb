"""The week of the crews: what each holds, what has no time, what is to be told and expected."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, F, OuterRef, Subquery

from makegood.queries import visit_cards, when
from makegood.queries.visit_cards import VisitCard
from makegood.queries.when import When
from makegood.records import crew_times
from makegood.records.models import (
    Crew,
    CrewAbsence,
    Message,
    MessageKind,
    PartOrder,
    Slot,
    Staff,
    Visit,
)
from makegood.rules.calendars import instant

DAYS = 7
ROWS_MAX = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """A time that a crew holds."""

    visit: int
    reference: str
    opens_at: datetime
    closes_at: datetime
    time: str
    what: str
    customer: str
    is_sure: bool
    is_over: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Day:
    """A day of a crew."""

    words: str
    is_today: bool
    held: tuple[Held, ...]
    is_away: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Absence:
    """A time ahead in which a crew cannot come."""

    id: int
    first: str
    last: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CrewWeek:
    """A crew with its days."""

    id: int
    name: str
    skills: str
    areas: str
    days: tuple[Day, ...]
    absences: tuple[Absence, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Crowded:
    """A time at which a crew holds more visits than it does at once by now."""

    reference: str
    customer: str
    crew: str
    due: When
    capacity: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Expected:
    """A part that is on its way."""

    order: int
    part: str
    reference: str
    customer: str
    arrives: When | None
    is_overdue: bool
    is_doubted: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class ToTell:
    """Something that a customer has to be told about a visit."""

    reference: str
    customer: str
    words: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Week:
    """The page."""

    day: str
    first: str
    before: str
    after: str
    crews: tuple[CrewWeek, ...]
    unplaced: tuple[VisitCard, ...]
    crowded: tuple[Crowded, ...]
    to_tell: tuple[ToTell, ...]
    expected: tuple[Expected, ...]


def get_week(reader: Staff, *, day: date, now: datetime, shown: int | None = ROWS_MAX) -> Week:
    """Seven days from a day on, in the reader's zone: whoever plans looks ahead.

    :param shown: how many rows stand in each list beside the crews; None for all of them.
    """
    zone = ZoneInfo(reader.zone)
    starts = instant(day, 0, zone=zone)
    ends = instant(day + timedelta(days=DAYS), 0, zone=zone)
    return Week(
        day=day.isoformat(),
        first=when.day(starts, now=now, zone=zone),
        before=(day - timedelta(days=DAYS)).isoformat(),
        after=(day + timedelta(days=DAYS)).isoformat(),
        crews=_crews(day, starts, ends, now=now, zone=zone),
        unplaced=_unplaced(shown, now=now, zone=zone),
        crowded=_crowded(now=now, zone=zone),
        to_tell=_to_tell(),
        expected=read_expected(reader, now=now, shown=shown),
    )


def crew_named(crew_id: int) -> Crew | None:
    """A crew that still goes out."""
    return Crew.objects.filter(pk=crew_id, retired_at=None).first()


def crew_away(absence_id: int) -> Crew | None:
    """The crew that an absence is of."""
    row = CrewAbsence.objects.select_related("crew").filter(pk=absence_id).first()
    return row.crew if row else None


def _crews(
    first: date, starts: datetime, ends: datetime, *, now: datetime, zone: ZoneInfo
) -> tuple[CrewWeek, ...]:
    crews = list(Crew.objects.filter(retired_at=None).order_by("name"))
    held: dict[tuple[int, date], list[Held]] = defaultdict(list)
    slots = Slot.objects.filter(released_at=None, opens_at__lt=ends, closes_at__gt=starts)
    for slot in slots.select_related("visit__case__customer").order_by("opens_at"):
        held[slot.crew_id, slot.opens_at.astimezone(zone).date()].append(
            _held(slot, now=now, zone=zone)
        )
    away, ahead = _away(starts, ends, zone=zone), _ahead(now=now, zone=zone)
    days = [first + timedelta(days=n) for n in range(DAYS)]
    today = now.astimezone(zone).date()
    return tuple(
        CrewWeek(
            id=crew.pk,
            name=crew.name,
            skills=", ".join(crew.skills),
            areas=", ".join(crew.areas),
            days=tuple(
                Day(
                    words=when.day(instant(day, 720, zone=zone), now=now, zone=zone),
                    is_today=day == today,
                    held=tuple(held[crew.pk, day]),
                    is_away=day in away[crew.pk],
                )
                for day in days
            ),
            absences=tuple(ahead[crew.pk]),
        )
        for crew in crews
    )


def _held(slot: Slot, *, now: datetime, zone: ZoneInfo) -> Held:
    opens, closes = (when.clock(at, zone=zone) for at in (slot.opens_at, slot.closes_at))
    visit = slot.visit
    return Held(
        visit=visit.pk,
        reference=visit.case.reference,
        opens_at=slot.opens_at,
        closes_at=slot.closes_at,
        time=f"{opens}-{closes}",
        what=visit.what,
        customer=visit.case.customer.name,
        is_sure=visit.confirmed_at is not None or visit.outcome is not None,
        is_over=slot.closes_at < now,
    )


def _away(starts: datetime, ends: datetime, *, zone: ZoneInfo) -> dict[int, set[date]]:
    found: dict[int, set[date]] = defaultdict(set)
    rows = CrewAbsence.objects.filter(withdrawn_at=None, starts_at__lt=ends, ends_at__gt=starts)
    for row in rows:
        day = max(row.starts_at, starts).astimezone(zone).date()
        while day <= min(row.ends_at, ends).astimezone(zone).date():
            found[row.crew_id].add(day)
            day += timedelta(days=1)
    return found


def _ahead(*, now: datetime, zone: ZoneInfo) -> dict[int, list[Absence]]:
    """The absences of each crew that are not over."""
    found: dict[int, list[Absence]] = defaultdict(list)
    rows = CrewAbsence.objects.filter(withdrawn_at=None, ends_at__gt=now).order_by("starts_at")
    for row in rows[:ROWS_MAX]:
        first, last = (
            when.day(at, now=now, zone=zone)
            for at in (row.starts_at, row.ends_at - timedelta(microseconds=1))
        )
        found[row.crew_id].append(Absence(id=row.pk, first=first, last=last))
    return found


def _crowded(*, now: datetime, zone: ZoneInfo) -> tuple[Crowded, ...]:
    """Where crews were given more at once than they do by now; people know what comes of it."""
    ahead = Slot.objects.filter(
        crew__in=Crew.objects.filter(retired_at=None),
        released_at=None,
        opens_at__gt=now - crew_times.LONGEST,
        closes_at__gt=now,
        visit__outcome=None,
    )
    at_once = ahead.filter(
        crew=OuterRef("crew"),
        opens_at__lt=OuterRef("closes_at"),
        closes_at__gt=OuterRef("opens_at"),
    )
    count = at_once.order_by().values("crew").annotate(times=Count("pk")).values("times")
    rows = ahead.filter(lane__gt=F("crew__capacity")).annotate(times=Subquery(count))
    crowded = rows.filter(times__gt=F("crew__capacity")).select_related(
        "crew", "visit__case__customer"
    )
    return tuple(
        Crowded(
            reference=row.visit.case.reference,
            customer=row.visit.case.customer.name,
            crew=row.crew.name,
            due=when.due_at(row.closes_at, earliest_at=row.opens_at, now=now, zone=zone),
            capacity=row.crew.capacity,
        )
        for row in crowded.order_by("opens_at", "pk")[:ROWS_MAX]
    )


def _unplaced(shown: int | None, *, now: datetime, zone: ZoneInfo) -> tuple[VisitCard, ...]:
    held = Slot.objects.filter(released_at=None).values("visit")
    rows = Visit.objects.filter(outcome=None).exclude(pk__in=held)
    joined = rows.select_related("case__customer", "diagnosis__part").order_by("case__severity")
    return visit_cards.read_cards(joined[:shown], now=now, zone=zone)


def _to_tell() -> tuple[ToTell, ...]:
    rows = Message.objects.filter(kind=MessageKind.VISIT, said_at=None)
    joined = rows.select_related("case__customer").order_by("queued_at")[:ROWS_MAX]
    return tuple(
        ToTell(reference=row.case.reference, customer=row.case.customer.name, words=row.words)
        for row in joined
    )


def read_expected(
    reader: Staff, *, now: datetime, shown: int | None = ROWS_MAX
) -> tuple[Expected, ...]:
    """The parts that are on their way, in the reader's zone; None for all of them."""
    zone = ZoneInfo(reader.zone)
    rows = PartOrder.objects.filter(
        received_at=None, cancelled_at=None, diagnosis__case__closed_at=None
    )
    joined = rows.select_related("part", "diagnosis__case__customer").order_by("eta_at")
    return tuple(
        Expected(
            order=row.pk,
            part=f"{row.part.name} ({row.part.number})",
            reference=row.diagnosis.case.reference,
            customer=row.diagnosis.case.customer.name,
            arrives=when.at(row.eta_at, now=now, zone=zone) if row.eta_at else None,
            is_overdue=row.eta_at is not None and row.eta_at < now,
            is_doubted=row.part_id != row.diagnosis.part_id and not row.fits_because,
        )
        for row in joined[:shown]
    )
