"""Visits as other systems see them: what for, when, whether it is sure, and the free times."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, QuerySet

from makegood.queries.api.pages import Page, page
from makegood.records import crew_times
from makegood.records.models import Message, MessageKind, PartOrder, Slot, Visit
from makegood.rules import slots, visits

OFFERED = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderOut:
    """The order of the part that a visit brings."""

    id: int
    part: str
    eta_at: datetime | None
    received_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class VisitLine:
    """A visit in a list."""

    id: str
    case: str
    what: str
    skill: str
    access: str
    crew: str | None
    opens_at: datetime | None
    closes_at: datetime | None
    promise: int | None
    booked_at: datetime
    arrived_at: datetime | None
    outcome: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class VisitOut:
    """A visit: `missing` says what it lacks, `to_tell` what the customer has yet to be told."""

    id: str
    case: str
    what: str
    skill: str
    access: str
    crew: str | None
    opens_at: datetime | None
    closes_at: datetime | None
    missing: tuple[str, ...]
    promise: int | None
    to_tell: int | None
    order: OrderOut | None
    booked_at: datetime
    arrived_at: datetime | None
    outcome: str | None
    failing: str
    ended_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class TimeOut:
    """A free time of a crew, and why it stands where it does in the order."""

    opens_at: datetime
    closes_at: datetime
    why: tuple[str, ...]


def within(team: int | None) -> QuerySet[Visit]:
    """The visits that a token reaches."""
    rows = Visit.objects.select_related("case__customer", "diagnosis__part")
    return rows if team is None else rows.filter(case__team=team)


def visits_of(
    *,
    team: int | None,
    case: int | None = None,
    is_open: bool | None = None,
    cursor: str,
    limit: int,
) -> Page[VisitLine]:
    """Visits, the last booked first.

    :raises CursorError: if no list gave out such a cursor.
    """
    rows = within(team)
    if case is not None:
        rows = rows.filter(case=case)
    if is_open is not None:
        rows = rows.filter(outcome__isnull=is_open)
    held = Prefetch("slots", Slot.objects.filter(released_at=None).select_related("crew"), "held")
    rows = rows.prefetch_related(held)
    return page(rows, lambda found: [_line(row) for row in found], cursor=cursor, limit=limit)


def shown(row: Visit) -> VisitOut:
    """A visit, as it is shown."""
    slot = crew_times.live_slot(row.pk)
    lacks = visits.missing(crew_times.needs_of(row, slot)) if row.outcome is None else ()
    owed = Message.objects.filter(
        case=row.case_id,
        kind=MessageKind.VISIT,
        about__startswith=f"visit:{row.pk}:",
        said_at=None,
    )
    return VisitOut(
        id=str(row.uuid),
        case=row.case.reference,
        what=row.what,
        skill=row.skill,
        access=row.access,
        crew=slot.crew.name if slot else None,
        opens_at=slot.opens_at if slot else None,
        closes_at=slot.closes_at if slot else None,
        missing=tuple(each.value for each in lacks),
        promise=row.promise_id,
        to_tell=owed.values_list("pk", flat=True).first(),
        order=_order(row),
        booked_at=row.booked_at,
        arrived_at=row.arrived_at,
        outcome=row.outcome,
        failing=row.failing,
        ended_at=row.ended_at,
    )


def by_id(visit_id: int) -> VisitOut:
    """One visit.

    :raises Visit.DoesNotExist: if there is none.
    """
    return shown(within(None).get(pk=visit_id))


def times(visit: Visit, *, now: datetime) -> tuple[TimeOut, ...]:
    """The free times for a visit, the best for its customer first."""
    since = visits.ready_from(crew_times.part_of(visit), now=now)
    if since is None:
        return ()
    ranked = crew_times.best(visit.case, visit.skill, since=since, moving=visit.pk)
    return tuple(
        TimeOut(
            opens_at=each.offer.window.opens,
            closes_at=each.offer.window.closes,
            why=tuple(why.value for why in each.why),
        )
        for each in slots.by_time(ranked)[:OFFERED]
    )


def _line(row: Visit) -> VisitLine:
    slot: Slot | None = next(iter(row.held), None)  # type: ignore[attr-defined]  # as prefetched
    return VisitLine(
        id=str(row.uuid),
        case=row.case.reference,
        what=row.what,
        skill=row.skill,
        access=row.access,
        crew=slot.crew.name if slot else None,
        opens_at=slot.opens_at if slot else None,
        closes_at=slot.closes_at if slot else None,
        promise=row.promise_id,
        booked_at=row.booked_at,
        arrived_at=row.arrived_at,
        outcome=row.outcome,
    )


def _order(row: Visit) -> OrderOut | None:
    found = crew_times.standing_order(row.diagnosis_id) if row.diagnosis_id else None
    return shown_order(found) if found else None


def shown_order(row: PartOrder) -> OrderOut:
    """An order, as it is shown."""
    return OrderOut(id=row.pk, part=row.part.number, eta_at=row.eta_at, received_at=row.received_at)
