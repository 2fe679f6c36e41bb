"""Cases as other systems see them: the list with the desk's own filters, and one as a whole."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Prefetch

from makegood.queries import case_matching, standings
from makegood.queries.api import promises
from makegood.queries.api.pages import CursorError, Page
from makegood.queries.api.promises import PromiseOut
from makegood.queries.case_filter import CaseFilter
from makegood.queries.case_matching import PlaceError
from makegood.records.models import Case, Handover, Message, Promise


@dataclass(frozen=True, kw_only=True, slots=True)
class NextOut:
    """The promise that falls due first."""

    id: int
    words: str
    due_at: datetime
    standing: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseLine:
    """A case in the list."""

    reference: str
    title: str
    customer: str
    severity: int
    function: str
    owner: str
    team: str
    failed_at: datetime
    known_at: datetime
    closed_at: datetime | None
    next: NextOut | None


@dataclass(frozen=True, kw_only=True, slots=True)
class OwedOut:
    """Something that is yet to be said to the customer, such as an apology."""

    id: int
    kind: str
    queued_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class HandoverOut:
    """A hand-over that waits for its answer."""

    id: int
    to: str
    asked_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportOut:
    """What became of a report: the case that it opened, or joined."""

    id: int
    case: str
    opened: bool
    seen_before: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseOut:
    """A case as a whole, without its timeline."""

    reference: str
    title: str
    wanted: str
    meanwhile: str
    customer: str
    asset: int | None
    incident: str | None
    severity: int
    severity_because: str
    function: str
    harm: str
    owner: str
    team: str
    failed_at: datetime
    known_at: datetime
    closed_at: datetime | None
    reports: int
    promises: tuple[PromiseOut, ...]
    to_say: tuple[OwedOut, ...]
    handover: HandoverOut | None


def cases(
    *,
    asked: CaseFilter,
    team: int | None,
    customer: int | None = None,
    now: datetime,
    cursor: str = "",
    limit: int,
) -> Page[CaseLine]:
    """The cases that the filters leave, in their order.

    :raises CursorError: if no list gave out such a cursor.
    """
    order = case_matching.order_of(asked)
    found = case_matching.matching(asked, now=now, zone=ZoneInfo("UTC"))
    if team is not None:
        found = found.filter(team=team)
    if customer is not None:
        found = found.filter(customer=customer)
    rows = case_matching.ordered(found, order)
    try:
        rows = case_matching.beyond(rows, order, cursor) if cursor else rows
    except PlaceError as wrong:
        raise CursorError(CursorError.__doc__) from wrong
    places = case_matching.places_of(rows, order, rows=limit)
    shown = places[:limit]
    more = len(places) > limit
    return Page(
        items=_lines([each.pk for each in shown], now=now),
        next=case_matching.place_of(shown[-1], order) if more else None,
    )


def by_id(case_id: int, *, now: datetime) -> CaseOut:
    """One case as a whole.

    :raises Case.DoesNotExist: if there is none.
    """
    joined = ("customer", "owner", "team", "incident")
    row = Case.objects.select_related(*joined).get(pk=case_id)
    owed = Message.objects.filter(case=row, said_at=None).order_by("pk")
    asked = Handover.objects.filter(case=row, accepted_at=None, declined_at=None)
    return CaseOut(
        reference=row.reference,
        title=row.title,
        wanted=row.wanted,
        meanwhile=row.meanwhile,
        customer=str(row.customer.uuid),
        asset=row.asset_id,
        incident=row.incident.reference if row.incident else None,
        severity=row.severity,
        severity_because=row.severity_because,
        function=row.function,
        harm=row.harm,
        owner=row.owner.name,
        team=row.team.name,
        failed_at=row.failed_at,
        known_at=row.known_at,
        closed_at=row.closed_at,
        reports=row.reports.count(),
        promises=promises.of_case(row.pk, now=now),
        to_say=tuple(OwedOut(id=m.pk, kind=m.kind, queued_at=m.queued_at) for m in owed),
        handover=_handover(asked.select_related("to_staff").first()),
    )


def _lines(ids: list[int], *, now: datetime) -> tuple[CaseLine, ...]:
    """Cases with the promise of each that falls due first; three queries."""
    open_ = Promise.objects.still_open().order_by("due_at", "pk")
    rows = Case.objects.filter(pk__in=ids).select_related("customer", "owner", "team")
    read = list(rows.prefetch_related(Prefetch("promises", open_, to_attr="open_promises")))
    first = {row.pk: row.open_promises[0] for row in read if row.open_promises}
    ladders = standings.read_ladders(first.values())
    lines = {
        row.pk: CaseLine(
            reference=row.reference,
            title=row.title,
            customer=str(row.customer.uuid),
            severity=row.severity,
            function=row.function,
            owner=row.owner.name,
            team=row.team.name,
            failed_at=row.failed_at,
            known_at=row.known_at,
            closed_at=row.closed_at,
            next=_next(first[row.pk], ladders, now=now) if row.pk in first else None,
        )
        for row in read
    }
    return tuple(lines[pk] for pk in ids if pk in lines)


def _next(row: Promise, ladders: standings.Ladders, *, now: datetime) -> NextOut:
    standing = standings.standing(row, ladders, now=now).value
    return NextOut(id=row.pk, words=row.words, due_at=row.due_at, standing=standing)


def _handover(row: Handover | None) -> HandoverOut | None:
    return HandoverOut(id=row.pk, to=row.to_staff.name, asked_at=row.asked_at) if row else None
