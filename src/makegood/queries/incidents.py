"""Incidents for the desk: which are going on, how far they have spread, what was said to whom."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from makegood.language import money
from makegood.language import remedies as said
from makegood.queries import incident_tellings, when
from makegood.queries.incident_tellings import IncidentTold
from makegood.queries.when import When
from makegood.records import hit
from makegood.records.models import (
    Asset,
    Case,
    Customer,
    Incident,
    IncidentRemedy,
    IncidentTruth,
    Letter,
    Service,
    Staff,
)
from makegood.rules.remedies import RemedyOutcome

SHOWN = 100
MISSED_SHOWN = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class IncidentRow:
    """One incident in the list."""

    reference: str
    title: str
    service: str
    area: str
    owner: str
    failed: When
    over: When | None
    was_false: bool
    part_of: str
    """The reference of the incident that it is part of, if it is."""
    cases: int
    open_cases: int

    @property
    def closed_cases(self) -> int:
        """How many are closed."""
        return self.cases - self.open_cases


@dataclass(frozen=True, kw_only=True, slots=True)
class TruthCard:
    """What everybody was told at one time; `told` counts the letters that arrived."""

    number: int
    words: str
    said: When
    said_by: str
    due: When
    is_past: bool
    is_going_out: bool
    missed: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Letters:
    """How the letters of an incident stand; `unreached` are open cases that no letter reaches."""

    written: int
    waiting: int
    held: int
    sent: int
    delivered: int
    failed: int
    unreached: int


@dataclass(frozen=True, kw_only=True, slots=True)
class GiftCard:
    """What everybody is given; `left_out` are cases that a person has to see to."""

    what: str
    kind: str
    because: str
    decided_by: str
    decided: When
    in_all: str
    granted: int
    at_most: int
    arrived: int
    is_going_out: bool
    left_out: tuple[tuple[str, str], ...]
    more_left_out: int


@dataclass(frozen=True, kw_only=True, slots=True)
class IncidentPage:
    """Everything about one incident."""

    row: IncidentRow
    id: int
    harm: str
    declared: When
    declared_by: str
    is_spreading: bool
    looked_at: int
    in_all: int
    evidence: str
    truths: tuple[TruthCard, ...]
    letters: Letters
    gift: GiftCard | None
    would_get: int
    """To how many cases it would go if everybody were given something now."""
    merged: tuple[tuple[str, str], ...]
    """What turned out to be part of it, by reference and title."""
    missed: tuple[str, ...]
    more_missed: int
    waits: tuple[str, ...]
    """What of it waits for people, in sentences."""
    told: tuple[IncidentTold, ...]
    """Who was told of that, and who sees to it."""

    @property
    def share(self) -> int:
        """How much of the way it has spread, in percent."""
        return 100 if not self.is_spreading else 99 * self.looked_at // max(self.in_all, 1)


def get_incidents(*, reader: Staff, now: datetime) -> tuple[IncidentRow, ...]:
    """Those going on, the newest first; then those that are over."""
    rows = _rows().order_by("over_at", "-failed_at").filter(over_at=None)
    past = _rows().exclude(over_at=None).order_by("-over_at")
    return tuple(_row(one, now=now, zone=ZoneInfo(reader.zone)) for one in [*rows, *past[:SHOWN]])


def find_incident(reference: str) -> int | None:
    """The incident with a reference."""
    return Incident.objects.filter(reference=reference).values_list("pk", flat=True).first()


def get_incident(incident_id: int, *, reader: Staff, now: datetime) -> IncidentPage:
    """One incident with all that was said and how far it has come."""
    zone = ZoneInfo(reader.zone)
    incident = _rows().select_related("declared_by").get(pk=incident_id)
    looked_at, in_all = _spread(incident)
    missed = Customer.objects.filter(pk__in=incident.missed).order_by("name")
    waits = incident_tellings.says(incident.pk, now=now, zone=zone)
    return IncidentPage(
        row=_row(incident, now=now, zone=zone),
        id=incident.pk,
        harm=incident.harm,
        declared=when.at(incident.declared_at, now=now, zone=zone),
        declared_by=incident.declared_by.name,
        is_spreading=incident.spread_at is None,
        looked_at=looked_at,
        in_all=in_all,
        evidence=incident.evidence,
        truths=_truths(incident, now=now, zone=zone),
        letters=_letters(incident),
        gift=_gift(incident, now=now, zone=zone),
        would_get=hit.count_given(hit.family(incident.pk)),
        merged=tuple(incident.merged.order_by("pk").values_list("reference", "title")),
        missed=tuple(missed.values_list("name", flat=True)[:MISSED_SHOWN]),
        more_missed=max(0, len(incident.missed) - MISSED_SHOWN),
        waits=waits,
        told=incident_tellings.read_of(incident.pk, now=now, zone=zone) if waits else (),
    )


def export_incidents() -> Iterator[tuple[str | int | datetime | None, ...]]:
    """Every incident, a line each."""
    for one in _rows().order_by("-declared_at").iterator():
        yield (
            one.reference,
            one.title,
            one.service.name,
            one.area,
            one.owner.name,
            one.failed_at,
            one.declared_at,
            one.over_at,
            one.cases_count,  # type: ignore[attr-defined] # annotated
            one.open_count,  # type: ignore[attr-defined] # annotated
        )


def others_going_on(incident_id: int) -> tuple[tuple[int, str], ...]:
    """The incidents of the same service that one may be part of."""
    same = Incident.objects.filter(over_at=None, service__incidents=incident_id)
    rows = same.exclude(pk=incident_id).order_by("failed_at")
    return tuple((one.pk, f"{one.title}, {one.area}".strip(", ")) for one in rows)


def services() -> tuple[tuple[int, str], ...]:
    """The services in use, to choose from."""
    rows = Service.objects.filter(retired_at=None).order_by("name")
    return tuple(rows.values_list("pk", "name"))


def _rows() -> QuerySet[Incident]:
    return Incident.objects.select_related("service", "owner", "merged_into").annotate(
        cases_count=Count("cases"),
        open_count=Count("cases", filter=Q(cases__closed_at=None)),
    )


def _row(one: Incident, *, now: datetime, zone: ZoneInfo) -> IncidentRow:
    return IncidentRow(
        reference=one.reference,
        title=one.title,
        service=one.service.name,
        area=one.area,
        owner=one.owner.name,
        failed=when.at(one.failed_at, now=now, zone=zone),
        over=when.at(one.over_at, now=now, zone=zone) if one.over_at else None,
        was_false=one.was_false,
        part_of=one.merged_into.reference if one.merged_into else "",
        cases=one.cases_count,  # type: ignore[attr-defined] # annotated
        open_cases=one.open_count,  # type: ignore[attr-defined] # annotated
    )


def _spread(incident: Incident) -> tuple[int, int]:
    """How many customers of the service were looked at, of how many."""
    if incident.spread_at is not None:
        return 0, 0
    in_use = Asset.objects.filter(service=incident.service_id, retired_at=None)
    counted = in_use.aggregate(
        looked=Count("customer", distinct=True, filter=Q(customer__lte=incident.reached)),
        total=Count("customer", distinct=True),
    )
    return counted["looked"], counted["total"]


def _truths(incident: Incident, *, now: datetime, zone: ZoneInfo) -> tuple[TruthCard, ...]:
    rows = incident.truths.select_related("said_by").order_by("-number")
    return tuple(
        _truth(one, is_past=place > 0, now=now, zone=zone) for place, one in enumerate(rows)
    )


def _truth(one: IncidentTruth, *, is_past: bool, now: datetime, zone: ZoneInfo) -> TruthCard:
    missed = Case.objects.filter(pk__in=one.missed) if one.missed else Case.objects.none()
    return TruthCard(
        number=one.number,
        words=one.words,
        said=when.at(one.said_at, now=now, zone=zone),
        said_by=one.said_by.name,
        due=when.at(one.due_at, now=now, zone=zone),
        is_past=is_past,
        is_going_out=one.told_at is None,
        missed=tuple(missed.values_list("reference", "title")[:MISSED_SHOWN]),
    )


def _gift(incident: Incident, *, now: datetime, zone: ZoneInfo) -> GiftCard | None:
    rows = IncidentRemedy.objects.select_related("decided_by", "truth")
    one = rows.filter(incident=incident).first()
    if one is None:
        return None
    left_out = one.left_out.order_by("case")
    return GiftCard(
        what=said.in_words(one.terms()),
        kind=one.kind,
        because=one.because,
        decided_by=one.decided_by.name,
        decided=when.at(one.decided_at, now=now, zone=zone),
        in_all=money.in_words(one.sum_minor, one.currency),
        granted=one.granted,
        at_most=one.at_most,
        arrived=one.grants.filter(outcome=RemedyOutcome.ARRIVED.value).count(),
        is_going_out=one.truth.told_at is None,
        left_out=tuple(
            left_out.values_list("case__reference", "case__customer__name")[:MISSED_SHOWN]
        ),
        more_left_out=max(0, left_out.count() - MISSED_SHOWN),
    )


def _letters(incident: Incident) -> Letters:
    letters = Letter.objects.filter(case__incident=incident, written_by__isnull=False)
    failed = Q(bounced_at__isnull=False) | Q(given_up_at__isnull=False)
    counted = letters.aggregate(
        written=Count("pk"),
        waiting=Count("pk", filter=Q(send_at__isnull=False)),
        held=Count("pk", filter=Q(held_at__isnull=False)),
        sent=Count("pk", filter=Q(sent_at__isnull=False, delivered_at=None) & ~failed),
        delivered=Count("pk", filter=Q(delivered_at__isnull=False, bounced_at=None)),
        failed=Count("pk", filter=failed),
    )
    any_letter = Letter.objects.filter(case=OuterRef("pk"))
    open_cases = Case.objects.filter(incident=incident, closed_at=None)
    unreached = open_cases.exclude(Exists(any_letter)).count()
    return Letters(unreached=unreached, **counted)
