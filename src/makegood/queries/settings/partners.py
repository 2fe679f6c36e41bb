"""Partners on the pages of the settings: how each is followed, and how its requests stand."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from makegood.language import sentences
from makegood.queries.settings import wording
from makegood.queries.settings.tables import Cell, Row, Table, page_of
from makegood.records.models import Partner, PartnerRequest, Service

SHOWN = 50
HEADS = (
    lazy("Partner"),
    lazy("Our service"),
    lazy("How it does"),
    lazy("Open there"),
    lazy("Cases"),
)
REQUEST_HEADS = (lazy("Case"), lazy("Number there"), lazy("Stands there"), lazy("Expected there"))


@dataclass(frozen=True, kw_only=True, slots=True)
class PartnerCard:
    """One partner; its key is shown nowhere."""

    id: int
    name: str
    url: str
    state: str
    icon: str
    error: str
    is_stopped: bool
    facts: tuple[tuple[str, str], ...]


def partners(*, zone: ZoneInfo) -> Table:
    """Every partner, those stopped last."""
    return page_of(_partner_rows(zone), heads=HEADS, number=1, size=10_000)


def partner(partner_id: int, *, zone: ZoneInfo) -> PartnerCard | None:
    """One partner, if there is one of that number."""
    row = Partner.objects.filter(pk=partner_id).first()
    if row is None:
        return None
    state, icon = _state(row, zone=zone)
    return PartnerCard(
        id=row.pk,
        name=row.name,
        url=row.url,
        state=state,
        icon=f"icons/{icon}.html",
        error=sentences.said(row.error) if row.error else "",
        is_stopped=row.stopped_at is not None,
        facts=_facts(row, zone=zone),
    )


def values(partner_id: int) -> dict[str, Any]:
    """What the form of a partner begins with; its key is not among it."""
    row = Partner.objects.get(pk=partner_id)
    zone = ZoneInfo(row.service.team.calendar.zone)
    return {
        "name": row.name,
        "url": row.url,
        "jurisdiction": row.jurisdiction,
        "codes": ", ".join(row.codes),
        "service": row.service_id,
        "since": row.since.astimezone(zone).date(),
    }


def requests(partner_id: int, *, zone: ZoneInfo) -> Table:
    """How a partner's requests stand, the newest first."""
    rows = PartnerRequest.objects.filter(partner=partner_id).select_related("case")
    found = (_request_row(row, zone=zone) for row in rows.order_by("-pk")[:SHOWN])
    return page_of(found, heads=REQUEST_HEADS, number=1, size=SHOWN)


def zone_of_service(service_id: int) -> ZoneInfo:
    """The zone of the office that answers for a service."""
    rows = Service.objects.filter(pk=service_id)
    return ZoneInfo(rows.values_list("team__calendar__zone", flat=True).get())


def _partner_rows(zone: ZoneInfo) -> Iterator[Row]:
    found = Partner.objects.select_related("service").annotate(
        came=Count("requests"), waiting=Count("requests", filter=Q(requests__is_open=True))
    )
    for row in sorted(found.order_by("name"), key=lambda each: each.stopped_at is not None):
        state, _icon = _state(row, zone=zone)
        yield Row(
            key=str(row.pk),
            cells=(
                Cell(words=row.name, sub=row.url),
                Cell(words=row.service.name),
                Cell(words=state, warns=bool(row.error)),
                Cell(words=str(row.waiting)),
                Cell(words=str(row.came)),
            ),
            is_past=row.stopped_at is not None,
        )


def _request_row(row: PartnerRequest, *, zone: ZoneInfo) -> Row:
    expected = wording.moment(row.expected_at, zone=zone) if row.expected_at else _("no date")
    return Row(
        key=row.case.reference,
        cells=(
            Cell(words=row.case.reference, sub=row.case.title),
            Cell(words=row.external_id),
            Cell(words=_("open") if row.is_open else _("closed, so done, they say")),
            Cell(words=expected),
        ),
        is_past=row.case.closed_at is not None,
    )


def _state(row: Partner, *, zone: ZoneInfo) -> tuple[str, str]:
    if row.stopped_at is not None:
        when = wording.moment(row.stopped_at, zone=zone)
        return _("Stopped %(when)s") % {"when": when}, "released"
    if row.failing_since is not None:
        when = wording.moment(row.failing_since, zone=zone)
        return _("Cannot be read since %(when)s") % {"when": when}, "at_risk"
    if row.seen_until is None:
        return _("Not looked at yet"), "due"
    when = wording.moment(row.seen_until, zone=zone)
    return _("Looked at %(when)s") % {"when": when}, "kept"


def _facts(row: Partner, *, zone: ZoneInfo) -> tuple[tuple[str, str], ...]:
    all_at = wording.moment(row.caught_up_at, zone=zone) if row.caught_up_at else _("not yet")
    look_at = (
        wording.moment(row.look_at, zone=zone) if row.look_at else _("not before it is started")
    )
    facts = [(_("All of it was last looked at"), all_at), (_("The next look"), look_at)]
    if row.unread:
        facts.append((_("Rows that cannot be read"), str(row.unread)))
    return tuple(facts)
