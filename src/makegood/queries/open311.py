"""Service requests as Open311 shows them: how each stands, and by which promise; of whom, never.

Only what came by Open311 is shown, and nothing of what people wrote or where they live: anybody
may ask.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Max, Prefetch, Q, QuerySet

from makegood.queries.public_form import Offered, read_offered
from makegood.records.models import Case, Promise, PromiseKind

SOURCE: Final = "open311"
LONGEST_SPAN: Final = timedelta(days=90)
ROWS_MAX: Final = 1_000
_DONE_BY: Final = (
    PromiseKind.REPAIR,
    PromiseKind.VISIT,
    PromiseKind.DELIVERY,
    PromiseKind.OTHER,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """Which requests somebody asks for; ids leave no other filter, as the standard says."""

    ids: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    updated_since: datetime | None = None
    updated_until: datetime | None = None
    page: int = 1
    size: int = ROWS_MAX


@dataclass(frozen=True, kw_only=True, slots=True)
class RequestOut:
    """One request: the standard's fields, of which we fill those that are true and nobody's."""

    id: str
    is_open: bool
    notes: str
    service_name: str
    service_code: str
    agency: str
    requested_at: datetime
    updated_at: datetime
    expected_at: datetime | None


def services() -> tuple[Offered, ...]:
    """What can be reported."""
    return read_offered()


def service(code: str) -> Offered | None:
    """One thing that can be reported, by its code."""
    return next((one for one in read_offered() if code_of(one) == code), None)


def code_of(offered: Offered) -> str:
    """The code of a service: its number, or the name of what it is for."""
    return offered.key.partition(":")[2]


def requests(asked: Asked, *, now: datetime) -> tuple[RequestOut, ...]:
    """The requests that somebody asks for, the newest first."""
    rows = _rows()
    rows = rows.filter(reference__in=asked.ids) if asked.ids else _filtered(rows, asked, now=now)
    start = (asked.page - 1) * asked.size
    return _shown(rows.order_by("-recorded_at", "-pk")[start : start + asked.size], now=now)


def request(reference: str, *, now: datetime) -> RequestOut | None:
    """One request."""
    return next(iter(_shown(_rows().filter(reference=reference), now=now)), None)


def _rows() -> QuerySet[Case]:
    open_ = Promise.objects.still_open().order_by("due_at", "pk")
    return (
        Case.objects.filter(reports__source__startswith=SOURCE)
        .select_related("asset__service", "team")
        .annotate(updated_at=Max("timeline__recorded_at"))
        .prefetch_related(Prefetch("promises", open_, to_attr="live"))
    )


def _filtered(rows: QuerySet[Case], asked: Asked, *, now: datetime) -> QuerySet[Case]:
    if asked.updated_since or asked.updated_until:
        if asked.updated_since:
            rows = rows.filter(Q(updated_at__gte=asked.updated_since))
        if asked.updated_until:
            rows = rows.filter(Q(updated_at__lte=asked.updated_until))
    else:
        until = asked.until or now
        rows = rows.filter(
            recorded_at__gte=asked.since or until - LONGEST_SPAN, recorded_at__lte=until
        )
    if asked.statuses:
        rows = rows.filter(_of_statuses(asked.statuses))
    return rows.filter(_of_codes(asked.codes)) if asked.codes else rows


def _of_statuses(statuses: Sequence[str]) -> Q:
    wanted = Q(pk=None)
    if "open" in statuses:
        wanted |= Q(closed_at=None)
    if "closed" in statuses:
        wanted |= Q(closed_at__isnull=False)
    return wanted


def _of_codes(codes: Sequence[str]) -> Q:
    numbers = [int(code) for code in codes if code.isascii() and code.isdigit() and len(code) < 19]  # noqa: PLR2004 - fits a bigint
    return Q(asset__service__in=numbers) | Q(asset__service=None, function__in=codes)


def _shown(rows: QuerySet[Case], *, now: datetime) -> tuple[RequestOut, ...]:
    names = {code_of(one): one.name for one in read_offered()}
    return tuple(_one(row, names, now=now) for row in rows)


def _one(row: Case, names: dict[str, str], *, now: datetime) -> RequestOut:
    service = row.asset.service if row.asset else None
    code = str(service.pk) if service else row.function
    live: list[Promise] = row.live  # type: ignore[attr-defined]  # as prefetched
    deed = next((one for one in live if one.kind in _DONE_BY), None)
    return RequestOut(
        id=row.reference,
        is_open=row.closed_at is None,
        notes=_notes(row, live, deed, now=now),
        service_name=service.name if service else names.get(code, code),
        service_code=code,
        agency=row.team.name,
        requested_at=row.recorded_at,
        updated_at=row.updated_at,  # type: ignore[attr-defined]  # as annotated
        expected_at=deed.due_at if deed and deed.due_at >= now else None,
    )


def _notes(row: Case, live: list[Promise], deed: Promise | None, *, now: datetime) -> str:
    """What is true now, in the plain English of the standard's own words."""
    if row.closed_at is not None:
        return "Closed."
    if deed is not None and deed.due_at < now:
        return f"The time that was promised, {_said(deed.due_at)}, has passed."
    if deed is not None:
        return f"Promised by {_said(deed.due_at)}."
    news = next((one for one in live if one.kind == PromiseKind.NEWS and one.due_at >= now), None)
    if news is not None:
        return f"No date is promised yet; the next news comes by {_said(news.due_at)}."
    return "No date is promised yet."


def _said(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
