"""Visits as people of the company see them: when, how sure, what is missing, what was said."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Count
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as lazy

from makegood.queries import visit_times, when
from makegood.queries.visit_events import FAILINGS
from makegood.queries.when import When
from makegood.records import crew_times
from makegood.records.models import EtaChange, Message, MessageKind, PartOrder, Slot, Visit
from makegood.rules import visits
from makegood.rules.visits import Missing, VisitOutcome

MISSING: Mapping[str, str | Lazy] = {
    Missing.SLOT: lazy("a time"),
    Missing.SKILL: lazy("a crew that can do it"),
    Missing.ACCESS: lazy("somebody to let us in"),
    Missing.PART_NOT_ORDERED: lazy("its part, which nobody has ordered"),
    Missing.PART_DOUBTED: lazy("a look at the order, which is not what the diagnosis names"),
    Missing.PART_NOT_HERE: lazy("its part, which is not here yet"),
}
STANDINGS: Mapping[str, tuple[str, str | Lazy]] = {
    "tentative": ("due", lazy("Tentative")),
    "sure": ("kept", lazy("Sure")),
    "here": ("owner", lazy("We are there")),
    "unended": ("at_risk", lazy("How did it end?")),
    VisitOutcome.DONE: ("kept", lazy("Done")),
    VisitOutcome.FAILED: ("broken", lazy("Not done")),
    VisitOutcome.CANCELLED: ("released", lazy("Off")),
    "waiting": ("at_risk", lazy("No time yet")),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderCard:
    """The order of a part."""

    id: int
    part: str
    number: str
    expected: When | None
    is_overdue: bool
    is_here: bool
    is_doubted: bool
    fits_because: str
    times_moved: int


@dataclass(frozen=True, kw_only=True, slots=True)
class OwedWords:
    """What the customer has to be told about a visit."""

    id: int
    words: str


@dataclass(frozen=True, kw_only=True, slots=True)
class VisitCard:
    """One visit."""

    id: int
    what: str
    reference: str
    customer: str
    phone: str
    place: str
    due: When | None
    crew: str
    icon: str
    standing: str
    missing: tuple[str, ...]
    why: str
    part: str
    order: OrderCard | None
    owed: OwedWords | None
    needs_access: bool
    is_open: bool
    is_here: bool
    is_unended: bool
    is_over: bool
    failing: str
    note: str


@dataclass(frozen=True, kw_only=True, slots=True)
class _Around:
    """What is read beside visits: by the visit, by the diagnosis, and how often orders moved."""

    slots: Mapping[int, Slot]
    orders: Mapping[int, PartOrder]
    moves: Mapping[int, int]
    owed: Mapping[int, OwedWords]


def read_card(visit: Visit, *, now: datetime, zone: ZoneInfo) -> VisitCard:
    """One visit; `visit` comes with its case, customer and diagnosis."""
    [card] = read_cards([visit], now=now, zone=zone)
    return card


def read_cards(rows: Iterable[Visit], *, now: datetime, zone: ZoneInfo) -> tuple[VisitCard, ...]:
    """Visits, each with its case, customer and diagnosis; four queries however many there are."""
    found = list(rows)
    around = _read_around(found)
    return tuple(_card(visit, around, now=now, zone=zone) for visit in found)


def _read_around(found: Sequence[Visit]) -> _Around:
    diagnoses = {visit.diagnosis_id for visit in found if visit.diagnosis_id is not None}
    orders = crew_times.standing_orders(diagnoses) if diagnoses else {}
    return _Around(
        slots=crew_times.live_slots([visit.pk for visit in found]) if found else {},
        orders=orders,
        moves=_moves(orders.values()) if orders else {},
        owed=_owed(found) if found else {},
    )


def _card(visit: Visit, around: _Around, *, now: datetime, zone: ZoneInfo) -> VisitCard:
    slot = around.slots.get(visit.pk)
    order = around.orders.get(visit.diagnosis_id) if visit.diagnosis_id is not None else None
    is_unended = _is_unended(visit, slot, now=now)
    icon, standing = STANDINGS["unended" if is_unended else _standing(visit, slot)]
    needs = crew_times.needs_with(visit, slot, order)
    lacks = visits.missing(needs) if visit.outcome is None else ()
    customer = visit.case.customer
    return VisitCard(
        id=visit.pk,
        what=visit.what,
        reference=visit.case.reference,
        customer=customer.name,
        phone=customer.phone,
        place=", ".join(part for part in (customer.address, customer.postcode) if part),
        due=_due(slot, now=now, zone=zone) if slot else None,
        crew=slot.crew.name if slot else "",
        icon=icon,
        standing=str(standing),
        missing=tuple(str(MISSING[each]) for each in lacks),
        why=visit_times.why_in_words(slot.why) if slot else "",
        part=f"{visit.diagnosis.part.name} ({visit.diagnosis.part.number})"
        if visit.diagnosis
        else "",
        order=_order(order, around.moves, now=now, zone=zone) if order else None,
        owed=around.owed.get(visit.pk),
        needs_access=visit.access == "asked" and visit.outcome is None,
        is_open=visit.outcome is None,
        is_here=visit.arrived_at is not None and visit.outcome is None,
        is_unended=is_unended,
        is_over=slot is not None and slot.closes_at < now,
        failing=str(FAILINGS.get(visit.failing, "")),
        note=visit.note,
    )


def read_order(diagnosis_id: int | None, *, now: datetime, zone: ZoneInfo) -> OrderCard | None:
    """The standing order of a diagnosis."""
    order = crew_times.standing_order(diagnosis_id)
    return _order(order, _moves([order]), now=now, zone=zone) if order else None


def _moves(orders: Iterable[PartOrder]) -> dict[int, int]:
    """How often the arrival of each was said; the first time is no move."""
    rows = EtaChange.objects.filter(order__in=[order.pk for order in orders])
    return dict(rows.order_by().values_list("order").annotate(times=Count("pk")))


def _order(
    order: PartOrder, moves: Mapping[int, int], *, now: datetime, zone: ZoneInfo
) -> OrderCard:
    is_doubted = order.part_id != order.diagnosis.part_id and not order.fits_because
    is_here = order.received_at is not None
    return OrderCard(
        id=order.pk,
        part=f"{order.part.name} ({order.part.number})",
        number=order.number,
        expected=when.at(order.eta_at, now=now, zone=zone) if order.eta_at else None,
        is_overdue=not is_here and order.eta_at is not None and order.eta_at < now,
        is_here=is_here,
        is_doubted=is_doubted,
        fits_because=order.fits_because,
        times_moved=max(moves.get(order.pk, 0) - 1, 0),
    )


def _standing(visit: Visit, slot: Slot | None) -> str:
    if visit.outcome is not None:
        return visit.outcome
    if visit.arrived_at is not None:
        return "here"
    if slot is None:
        return "waiting"
    return "sure" if visit.confirmed_at is not None else "tentative"


def _is_unended(visit: Visit, slot: Slot | None, *, now: datetime) -> bool:
    """Whether somebody is there for so long that nobody may have said how it ended."""
    if visit.outcome is not None or visit.arrived_at is None:
        return False
    closes = slot.closes_at if slot else visit.arrived_at
    return now >= visits.unended_at(closes, arrived=visit.arrived_at)


def _due(slot: Slot, *, now: datetime, zone: ZoneInfo) -> When:
    return when.due_at(slot.closes_at, earliest_at=slot.opens_at, now=now, zone=zone)


def _owed(found: Sequence[Visit]) -> dict[int, OwedWords]:
    """What is to be said of each, the first of it; `about` names the visit, and what of it."""
    by_about = {(visit.case_id, f"visit:{visit.pk}"): visit.pk for visit in found}
    cases = {visit.case_id for visit in found}
    rows = Message.objects.filter(case__in=cases, kind=MessageKind.VISIT, said_at=None)
    owed = {}
    for row in rows.filter(about__startswith="visit:").order_by("-pk"):
        visit = by_about.get((row.case_id, row.about.rpartition(":")[0]))
        if visit is not None:
            owed[visit] = OwedWords(id=row.pk, words=row.words)
    return owed
