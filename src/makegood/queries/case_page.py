"""One case on one screen: what is wrong, who owns it, what is promised and what was said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from makegood.language import choice, moments
from makegood.queries import (
    because,
    case_effort,
    case_promises,
    case_steps,
    case_timeline,
    glance,
    waiting,
    when,
)
from makegood.queries.case_effort import Effort
from makegood.queries.case_promises import Card
from makegood.queries.case_steps import State, Step
from makegood.queries.case_timeline import Event, History
from makegood.queries.glance import OnCase
from makegood.queries.waiting import Owed
from makegood.queries.when import When
from makegood.records.models import (
    Case,
    Handover,
    Message,
    MessageKind,
    Promise,
    PromiseKind,
    Staff,
)

SETTLED_SHOWN = 12


@dataclass(frozen=True, kw_only=True, slots=True)
class CustomerCard:
    """Whom it happened to, and how to reach them."""

    name: str
    phone: str
    email: str
    address: str
    is_vulnerable: bool
    zone: str
    lang: str
    wall_time: str


@dataclass(frozen=True, kw_only=True, slots=True)
class HandoverCard:
    """A hand-over that waits for its answer."""

    id: int
    from_name: str
    to_name: str
    is_for_reader: bool
    why: str
    asked: When


@dataclass(frozen=True, kw_only=True, slots=True)
class CasePage:
    """The page."""

    id: int
    reference: str
    title: str
    customer: CustomerCard
    asset: str
    place: str
    wanted: str
    severity: int
    severity_because: str
    since: When
    known: When
    reports: int
    owner: str
    is_mine: bool
    owner_absent_until: When | None
    team: str
    handover: HandoverCard | None
    closed: When | None
    next: Card | None
    open: tuple[Card, ...]
    settled: tuple[Card, ...]
    owed: tuple[Owed, ...]
    steps: tuple[Step, ...]
    effort: Effort
    events: tuple[Event, ...]
    has_older_events: bool
    links: int
    link_until: When | None

    @property
    def is_apologised(self) -> bool:
        """Whether somebody has apologised, and no apology is owed."""
        return any(step.key == "apologised" and step.state == State.DONE for step in self.steps)


def get_case_page(
    case_id: int, *, reader: Staff, now: datetime, all_events: bool = False
) -> CasePage:
    """The case as `reader` sees it at `now`, in the reader's zone.

    :raises Case.DoesNotExist: if there is none.
    """
    zone, case = ZoneInfo(reader.zone), _read_case(case_id)
    there = glance.on_case(case_id, now=now)
    records = _read_promises(case_id)
    shown = records if all_events else _newest(records)
    cards = case_promises.read_cards(shown, among=records, there=there, now=now, zone=zone)
    open_ = tuple(card for card in cards if card.is_open)
    history = _history(case_id, records, there, now=now, zone=zone, everything=all_events)
    apologies, known = _apologies(case, there), when.at(case.known_at, now=now, zone=zone)
    closed = _at(case.closed_at, now=now, zone=zone)
    return CasePage(
        id=case.pk,
        reference=case.reference,
        title=case.title,
        customer=_customer(case, now=now, zone=zone),
        asset=case.asset.name if case.asset else "",
        place=case.asset.place if case.asset else "",
        wanted=case.wanted,
        severity=case.severity,
        severity_because=because.in_words(case.severity_because),
        since=when.at(case.failed_at, now=now, zone=zone),
        known=known,
        reports=there.reports,
        owner=case.owner.name,
        is_mine=case.owner_id == reader.pk,
        owner_absent_until=_at(there.owner_absent_until, now=now, zone=zone),
        team=case.team.name,
        handover=_handover(case, reader, now=now, zone=zone) if there.handovers else None,
        closed=closed,
        next=open_[0] if open_ else None,
        open=open_,
        settled=tuple(card for card in reversed(cards) if not card.is_open),
        owed=_owed(case, apologies, now=now, zone=zone),
        steps=case_steps.read_steps(
            cards=cards, apologies=_said(apologies, now=now, zone=zone), known=known, closed=closed
        ),
        effort=case_effort.read_effort(case_id),
        events=history.events,
        has_older_events=history.has_older or len(shown) < len(records),
        links=there.links,
        link_until=_at(there.link_until, now=now, zone=zone),
    )


def _read_case(case_id: int) -> Case:
    return Case.objects.select_related("customer", "asset", "team", "owner").get(pk=case_id)


def _history(
    case_id: int,
    records: Sequence[Promise],
    there: OnCase,
    *,
    now: datetime,
    zone: ZoneInfo,
    everything: bool,
) -> History:
    limit = None if everything else case_timeline.SHOWN
    return case_timeline.read_events(
        case_id, records, now=now, zone=zone, limit=limit, has_escalations=there.escalations
    )


def _newest(records: list[Promise]) -> list[Promise]:
    """What is open, what puts it right, and of the other settled ones what one can look over."""
    right = {*case_steps.DEEDS, PromiseKind.REDRESS}
    settled = [record.pk for record in records if record.outcome and record.kind not in right]
    older = frozenset(settled[:-SETTLED_SHOWN])
    return [record for record in records if record.pk not in older]


def _read_promises(case_id: int) -> list[Promise]:
    rows = Promise.objects.filter(case=case_id).select_related("settled_by")
    return list(rows.order_by("due_at", "pk"))


def _customer(case: Case, *, now: datetime, zone: ZoneInfo) -> CustomerCard:
    customer = case.customer
    theirs = ZoneInfo(customer.zone)
    differs = now.astimezone(zone).utcoffset() != now.astimezone(theirs).utcoffset()
    return CustomerCard(
        name=customer.name,
        phone=customer.phone,
        email=customer.email,
        address=", ".join(part for part in (customer.address, customer.postcode) if part),
        is_vulnerable=customer.vulnerable,
        zone=moments.zone_in_words(theirs),
        lang=choice.mark_of(customer.language),
        wall_time=moments.clock_in_words(now, zone=theirs) if differs else "",
    )


def _handover(case: Case, reader: Staff, *, now: datetime, zone: ZoneInfo) -> HandoverCard | None:
    offers = Handover.objects.filter(case=case, accepted_at=None, declined_at=None)
    offer = offers.select_related("from_staff", "to_staff").first()
    if offer is None:
        return None
    return HandoverCard(
        id=offer.pk,
        from_name=offer.from_staff.name,
        to_name=offer.to_staff.name,
        is_for_reader=offer.to_staff_id == reader.pk,
        why=offer.why,
        asked=when.at(offer.asked_at, now=now, zone=zone),
    )


def _apologies(case: Case, there: OnCase) -> list[Message]:
    if not there.apologies:
        return []
    rows = Message.objects.filter(case=case, kind=MessageKind.APOLOGY)
    return list(rows.select_related("promise").order_by("queued_at"))


def _said(rows: Sequence[Message], *, now: datetime, zone: ZoneInfo) -> list[When | None]:
    return [_at(row.said_at, now=now, zone=zone) for row in rows]


def _at(moment: datetime | None, *, now: datetime, zone: ZoneInfo) -> When | None:
    return when.at(moment, now=now, zone=zone) if moment else None


def _owed(
    case: Case, apologies: Sequence[Message], *, now: datetime, zone: ZoneInfo
) -> tuple[Owed, ...]:
    return tuple(
        Owed(
            id=row.pk,
            about=waiting.about(case),
            words=row.promise.words if row.promise else "",
            since=when.at(row.queued_at, now=now, zone=zone),
        )
        for row in apologies
        if row.said_at is None
    )
