"""The free times of crews, read from what they hold, their calendars and their absences."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, QuerySet

from makegood.records.models import Case, Crew, CrewAbsence, PartOrder, Slot, Staff, Visit
from makegood.rules import slots
from makegood.rules.calendars import Calendar, Interval, Window, from_plain
from makegood.rules.severity import Severity
from makegood.rules.slots import Offer, Ranked, Wish
from makegood.rules.visits import Access, Needs, Part, has_skill


@dataclass(frozen=True, kw_only=True, slots=True)
class Sought:
    """Whom a time is sought for: what the crew must be able to do, where, and between when.

    `moving` is the visit whose own time counts as free, since it gives it up.
    """

    skill: str
    postcode: str
    since: datetime
    until: datetime
    moving: int | None = None


LONGEST: Final = timedelta(hours=12)
"""No window of a crew is longer."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Held:
    lane: int
    window: Window
    postcode: str


_MEMBERS = Staff.objects.filter(crews=OuterRef("pk"))
_IS_SOMEBODY = ~Exists(_MEMBERS) | Exists(_MEMBERS.filter(is_active=True))
"""Somebody of a crew is still there; one that names nobody has people without an account."""


def crews_for(skill: str, postcode: str) -> list[Crew]:
    """The crews that can do it there, in the order in which they are locked."""
    rows = Crew.objects.filter(_IS_SOMEBODY, retired_at=None).order_by("pk")
    able = rows.filter(skills__contains=[skill]) if skill else rows
    return [crew for crew in able if slots.serves(crew.areas, postcode)]


def lock(crews: Iterable[Crew]) -> None:
    """Take crews for this transaction, so that nobody else books them before it has ended."""
    wanted = sorted(crew.pk for crew in crews)
    list(Crew.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk"))


def best(
    case: Case,
    skill: str,
    *,
    since: datetime,
    moving: int | None = None,
    crews: Callable[[list[Crew]], object] | None = None,
) -> tuple[Ranked, ...]:
    """The free times for a visit on a case, the best for its customer first.

    :param moving: the visit that gives up its own time.
    :param crews: is given the crews before their times are read, to lock them.
    """
    postcode = case.customer.postcode
    able = crews_for(skill, postcode)
    if crews is not None:
        crews(able)
    sought = Sought(
        skill=skill,
        postcode=postcode,
        since=since,
        until=since + slots.HORIZON,
        moving=moving,
    )
    wish = Wish(
        zone=ZoneInfo(case.customer.zone),
        severity=Severity(case.severity),
        since=since,
        promised_at=case.known_at,
        week=week_of(case.customer.suits),
    )
    return slots.rank(offers(able, sought), wish)


def offers(crews: Sequence[Crew], sought: Sought) -> list[Offer]:
    """The free times of some crews, in a handful of queries however many there are."""
    held = _held(crews, sought)
    away = _away(crews, since=sought.since, until=sought.until)
    calendars = calendars_of(crews)
    return [
        offer
        for crew in crews
        for offer in _of(crew, calendars[crew.calendar_id], held[crew.pk], away[crew.pk], sought)
    ]


def calendars_of(crews: Iterable[Crew]) -> Mapping[int, Calendar]:
    """The calendars of crews by id, each read once; two queries."""
    ids = [crew.pk for crew in crews]
    rows = Crew.objects.filter(pk__in=ids).select_related("calendar")
    found = {}
    for crew in rows.prefetch_related("calendar__holidays"):
        days = {day.day.isoformat(): day.name for day in crew.calendar.holidays.all()}
        found[crew.calendar_id] = from_plain(crew.calendar.plain(days))
    return found


def needs_of(visit: Visit, slot: Slot | None) -> Needs:
    """What a visit needs and what of it is there, as the rules know it; at most three queries."""
    return needs_with(visit, slot, standing_order(visit.diagnosis_id))


def needs_with(visit: Visit, slot: Slot | None, order: PartOrder | None) -> Needs:
    """The same where the order of its part was read before."""
    return Needs(
        has_slot=slot is not None,
        skill=visit.skill,
        skills=frozenset(slot.crew.skills) if slot else frozenset(),
        access=Access(visit.access),
        part=_part(visit, order),
    )


def part_of(visit: Visit) -> Part | None:
    """Where the part of a visit stands; None if it needs none."""
    return _part(visit, standing_order(visit.diagnosis_id))


def _part(visit: Visit, order: PartOrder | None) -> Part | None:
    if visit.diagnosis is None:
        return None
    if order is None:
        return Part()
    return Part(
        is_ordered=True,
        is_doubted=order.part_id != visit.diagnosis.part_id and not order.fits_because,
        eta=order.eta_at,
        is_here=order.received_at is not None,
    )


def standing_order(diagnosis_id: int | None) -> PartOrder | None:
    """The order of a diagnosis that was neither cancelled nor the wrong part."""
    return None if diagnosis_id is None else standing_orders([diagnosis_id]).get(diagnosis_id)


def standing_orders(diagnoses: Iterable[int]) -> dict[int, PartOrder]:
    """The same of many, by the diagnosis; one query."""
    standing = PartOrder.objects.filter(
        diagnosis__in=list(diagnoses), cancelled_at=None, wrong_at=None
    )
    rows = standing.select_related("part", "diagnosis").order_by("-pk")
    return {row.diagnosis_id: row for row in rows}


def live_slot(visit_id: int) -> Slot | None:
    """The time that is held for a visit, with its crew."""
    return live_slots([visit_id]).get(visit_id)


def live_slots(visits: Iterable[int]) -> dict[int, Slot]:
    """The same of many, by the visit; one query."""
    rows = Slot.objects.filter(visit__in=list(visits), released_at=None)
    return {row.visit_id: row for row in rows.select_related("crew").order_by("-pk")}


def unkept(crew_id: int, *, now: datetime) -> list[Slot]:
    """The times ahead that a crew holds and cannot keep; a few queries, or one if it holds none.

    It is away, its calendar has it off, everybody of it has left, or it cannot do any more what the
    visit needs. How many it does at once, and where, says only what else it is given.
    """
    ahead = Slot.objects.filter(
        crew=crew_id,
        released_at=None,
        opens_at__gt=now - LONGEST,
        closes_at__gt=now,
        visit__outcome=None,
        visit__arrived_at=None,
    )
    return _unkept(list(ahead.select_related("crew", "visit__case")))


def is_kept(slot: Slot) -> bool:
    """Whether its crew can keep a time that is held."""
    return not _unkept([slot])


def _unkept(held: Sequence[Slot]) -> list[Slot]:
    if not held:
        return []
    crews = {slot.crew_id: slot.crew for slot in held}
    calendars = calendars_of(crews.values())
    there = set(Crew.objects.filter(_IS_SOMEBODY, pk__in=crews).values_list("pk", flat=True))
    ends = max(slot.closes_at for slot in held)
    away = _away(crews.values(), since=min(slot.opens_at for slot in held), until=ends)
    return [
        slot
        for slot in held
        if slot.crew_id not in there
        or not has_skill(slot.visit.skill, frozenset(slot.crew.skills))
        or not slots.keeps(
            Window(opens=slot.opens_at, closes=slot.closes_at),
            calendar=calendars[slot.crew.calendar_id],
            away=away[slot.crew_id],
        )
    ]


def week_of(plain: Iterable[Iterable[Iterable[int]]]) -> tuple[tuple[Interval, ...], ...]:
    """The hours of a week as they are kept in JSON."""
    return tuple(
        tuple(Interval(opens=opens, closes=closes) for opens, closes in day) for day in plain
    )


def _held(crews: Iterable[Crew], sought: Sought) -> dict[int, list[_Held]]:
    rows: QuerySet[Slot] = Slot.objects.filter(
        crew__in=[crew.pk for crew in crews],
        released_at=None,
        closes_at__gt=sought.since - timedelta(days=1),
        opens_at__lt=sought.until,
    )
    found: dict[int, list[_Held]] = defaultdict(list)
    for row in rows.exclude(visit=sought.moving).values_list(
        "crew", "lane", "opens_at", "closes_at", "visit__case__customer__postcode"
    ):
        crew, lane, opens, closes, postcode = row
        window = Window(opens=opens, closes=closes)
        found[crew].append(_Held(lane=lane, window=window, postcode=postcode))
    return found


def _away(crews: Iterable[Crew], *, since: datetime, until: datetime) -> dict[int, list[Window]]:
    rows = CrewAbsence.objects.filter(
        crew__in=[crew.pk for crew in crews],
        withdrawn_at=None,
        ends_at__gt=since,
        starts_at__lt=until,
    )
    found: dict[int, list[Window]] = defaultdict(list)
    for crew, starts, ends in rows.values_list("crew", "starts_at", "ends_at"):
        found[crew].append(Window(opens=starts, closes=ends))
    return found


def _of(
    crew: Crew, calendar: Calendar, held: list[_Held], away: list[Window], sought: Sought
) -> Iterable[Offer]:
    lanes = range(1, crew.capacity + 1)
    taken = [(one.lane, one.window) for one in held]
    taken += [(lane, window) for lane in lanes for window in away]
    stops: dict[date, list[str]] = defaultdict(list)
    for one in held:
        stops[one.window.opens.astimezone(calendar.zone).date()].append(one.postcode)
    for lane, window in slots.free(
        calendar,
        taken,
        capacity=crew.capacity,
        length=timedelta(minutes=crew.slot_minutes),
        since=sought.since,
        until=sought.until,
    ):
        there = stops[window.opens.astimezone(calendar.zone).date()]
        way = slots.way_between(sought.postcode, there)
        yield Offer(crew=crew.pk, lane=lane, window=window, way=way)
