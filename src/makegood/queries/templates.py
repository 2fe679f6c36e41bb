"""What the company says again and again, and where it was stopped as not true: by whom, and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from makegood.queries import when
from makegood.queries.when import When
from makegood.records.models import Staff, Template, TemplateStop, TruthSource
from makegood.rules import roles
from makegood.rules.roles import Right

SHOWN = 200
PAST_SHOWN = 5
SOURCES = {
    TruthSource.NONE: lazy("It says nothing of what is to come."),
    TruthSource.PROMISE: lazy("Its times come from the live promise of each case."),
    TruthSource.REMEDY: lazy("Its amounts come from what was granted in each case."),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class StopRow:
    """One stop: an empty area is everywhere, and without `lifted` it holds now."""

    id: int
    area: str
    why: str
    by: str
    at: When
    lifted_by: str
    lifted: When | None


@dataclass(frozen=True, kw_only=True, slots=True)
class TemplateCard:
    """One template. `may_lift`: the reader may let it speak again."""

    id: int
    name: str
    text: str
    language: str
    area: str
    source: str
    owner: str
    is_silent: bool
    may_lift: bool
    stops: tuple[StopRow, ...]
    past: tuple[StopRow, ...]


def get_templates(
    *, reader: Staff, now: datetime, shown: int | None = SHOWN
) -> tuple[TemplateCard, ...]:
    """The templates, those that are stopped somewhere first; two queries. None shows all."""
    stops = TemplateStop.objects.select_related("stopped_by", "lifted_by").order_by("-stopped_at")
    rows = Template.objects.select_related("owner").prefetch_related(Prefetch("stops", stops))
    zone = ZoneInfo(reader.zone)
    cards = [_card(row, reader=reader, now=now, zone=zone) for row in rows.order_by("name")[:shown]]
    return tuple(sorted(cards, key=lambda card: not card.stops))


def _card(row: Template, *, reader: Staff, now: datetime, zone: ZoneInfo) -> TemplateCard:
    stops = row.stops.all()
    live = [stop for stop in stops if stop.lifted_at is None]
    past = [stop for stop in stops if stop.lifted_at is not None]
    return TemplateCard(
        id=row.pk,
        name=row.name,
        text=row.text,
        language=row.language,
        area=row.area,
        source=str(SOURCES[TruthSource(row.truth_source)]),
        owner=row.owner.name,
        is_silent=row.stopped_at is not None or any(stop.area == "" for stop in live),
        may_lift=row.owner_id == reader.pk or roles.has(reader.role, Right.KEEP_KNOWLEDGE),
        stops=_rows(live, now=now, zone=zone),
        past=_rows(past[:PAST_SHOWN], now=now, zone=zone),
    )


def _rows(stops: Iterable[TemplateStop], *, now: datetime, zone: ZoneInfo) -> tuple[StopRow, ...]:
    return tuple(
        StopRow(
            id=stop.pk,
            area=stop.area or _("everywhere"),
            why=stop.why,
            by=stop.stopped_by.name,
            at=when.at(stop.stopped_at, now=now, zone=zone),
            lifted_by=stop.lifted_by.name if stop.lifted_by else "",
            lifted=when.at(stop.lifted_at, now=now, zone=zone) if stop.lifted_at else None,
        )
        for stop in stops
    )
