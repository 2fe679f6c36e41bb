"""The visits and parts of one case: what stands, what is missing, and the times to choose from."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from makegood.queries import visit_cards, visit_times, when
from makegood.queries.visit_cards import OrderCard, VisitCard
from makegood.queries.visit_times import Time
from makegood.queries.when import When
from makegood.records import crew_times
from makegood.records.models import Case, Diagnosis, Staff, Visit


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundPart:
    """A part that was found to be needed, and its order."""

    id: int
    words: str
    note: str
    found: When
    order: OrderCard | None


@dataclass(frozen=True, kw_only=True, slots=True)
class VisitWithTimes:
    """A visit, with the times to which it can move."""

    card: VisitCard
    times: tuple[Time, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseVisits:
    """The page."""

    reference: str
    title: str
    customer: str
    is_closed: bool
    open: tuple[VisitWithTimes, ...]
    ended: tuple[VisitCard, ...]
    parts: tuple[FoundPart, ...]
    times: tuple[Time, ...]


def read_brief(case_id: int, *, now: datetime, zone: ZoneInfo) -> tuple[VisitCard, ...]:
    """The visits of a case that are open, for its page; one query if there is none."""
    rows = Visit.objects.filter(case=case_id, outcome=None).order_by("pk")
    joined = rows.select_related("case__customer", "diagnosis__part")
    return visit_cards.read_cards(joined, now=now, zone=zone)


def get_case_visits(case_id: int, *, reader: Staff, now: datetime) -> CaseVisits:
    """Everything of a case that happens at the customer's, in the reader's zone."""
    zone = ZoneInfo(reader.zone)
    case = Case.objects.select_related("customer").get(pk=case_id)
    rows = Visit.objects.filter(case=case_id).select_related("case__customer", "diagnosis__part")
    visits = list(rows.order_by("-pk"))
    parts = _parts(case, now=now, zone=zone)
    return CaseVisits(
        reference=case.reference,
        title=case.title,
        customer=case.customer.name,
        is_closed=case.closed_at is not None,
        open=tuple(_with_times(v, now=now, zone=zone) for v in visits if v.outcome is None),
        ended=visit_cards.read_cards(
            (v for v in visits if v.outcome is not None), now=now, zone=zone
        ),
        parts=parts,
        times=_times(case, now=now, zone=zone),
    )


def latest_diagnosis(case_id: int) -> int | None:
    """The part that was found last."""
    rows = Diagnosis.objects.filter(case=case_id).order_by("-pk")
    return rows.values_list("pk", flat=True).first()


def _with_times(row: Visit, *, now: datetime, zone: ZoneInfo) -> VisitWithTimes:
    times = () if row.arrived_at else visit_times.for_visit(row, now=now, zone=zone)
    return VisitWithTimes(card=visit_cards.read_card(row, now=now, zone=zone), times=times)


def _parts(case: Case, *, now: datetime, zone: ZoneInfo) -> tuple[FoundPart, ...]:
    rows = Diagnosis.objects.filter(case=case).select_related("part").order_by("-pk")
    return tuple(
        FoundPart(
            id=row.pk,
            words=f"{row.part.name} ({row.part.number})",
            note=row.note,
            found=when.at(row.found_at, now=now, zone=zone),
            order=visit_cards.read_order(row.pk, now=now, zone=zone),
        )
        for row in rows
    )


def _times(case: Case, *, now: datetime, zone: ZoneInfo) -> tuple[Time, ...]:
    """The times for a visit that brings the part found last, whatever skill it needs."""
    last = latest_diagnosis(case.pk)
    part = None
    if last is not None:
        part = crew_times.part_of(Visit(case=case, diagnosis_id=last))
    return visit_times.for_case(case, "", part, now=now, zone=zone)
