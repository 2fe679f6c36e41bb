"""What can happen to parts: found to be needed, ordered, doubted, expected, here, or the wrong one.

Whatever changes the day on which a part comes moves the visits that wait for it, at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef

from makegood.actions import cases, moving, timeline
from makegood.actions.moving import Move
from makegood.records import crew_times
from makegood.records.models import (
    Diagnosis,
    EtaChange,
    EtaSource,
    Part,
    PartOrder,
    Staff,
    Visit,
)
from makegood.rules import visits
from makegood.rules.promises import ClosedCaseError, NotYetHappenedError
from makegood.rules.visits import Cause, Failing, VisitError, VisitOutcome

HISTORY = 50
TO_ORDER: Final = timedelta(minutes=30)
"""For so long after another part was found to be needed its visits keep their times: whoever orders
it meanwhile says when it comes, and the customer hears of one other time, not of two."""


class OrderEndedError(VisitError):
    """This order is here, cancelled or was the wrong part: nothing more is expected of it."""


class OrderStandsError(VisitError):
    """A part is on order for this diagnosis already; cancel that order first."""


class PartNotHereError(VisitError):
    """Only a part that has come can be the wrong one; what does not come is cancelled."""


class ReasonMissingError(VisitError):
    """Say why this part fits although the diagnosis names another one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """An order as it is placed. Without an arrival, what the part usually takes is expected."""

    diagnosis: int
    part: int
    number: str = ""
    eta: datetime | None = None
    source: EtaSource = EtaSource.DESK


@transaction.atomic
def diagnose(case_id: int, part: Part, *, note: str, by: Staff, now: datetime) -> Diagnosis:
    """Record which part a case needs; visits that were to fit another one wait for this one now.

    :raises ClosedCaseError: if the case is closed.
    """
    case = cases.lock(case_id)
    if case.closed_at is not None:
        raise ClosedCaseError(f"Case {case.reference} is closed; reopen it first.")
    found = Diagnosis.objects.create(
        case=case, part=part, note=note, found_at=now, recorded_at=now, recorded_by=by
    )
    facts = {"diagnosis": found.pk, "part": part.number, "by": by.pk}
    timeline.append(
        case_id=case.pk, kind="part_diagnosed", at=now, now=now, facts=facts, words=note
    )
    _visits_need(found, now=now)
    return found


@transaction.atomic
def order_part(order: Order, *, by: Staff, now: datetime) -> PartOrder:
    """Order a part for a diagnosis; one that the diagnosis does not name is doubted.

    :raises OrderStandsError: if one is on order already.
    """
    diagnosis = Diagnosis.objects.select_related("part").get(pk=order.diagnosis)
    cases.lock(diagnosis.case_id)
    if crew_times.standing_order(diagnosis.pk) is not None:
        raise OrderStandsError
    part = Part.objects.get(pk=order.part)
    placed = PartOrder.objects.create(
        diagnosis=diagnosis,
        part=part,
        supplier=part.supplier,
        number=order.number,
        ordered_at=now,
        recorded_at=now,
        ordered_by=by,
    )
    is_doubted = part.pk != diagnosis.part_id
    facts = {"order": placed.pk, "part": part.number, "doubted": is_doubted, "by": by.pk}
    kind = "part_doubted" if is_doubted else "part_ordered"
    timeline.append(case_id=diagnosis.case_id, kind=kind, at=now, now=now, facts=facts)
    eta, source = order.eta, order.source
    if eta is None:
        eta, source = now + lead_time(part), EtaSource.LEAD_TIME
    _write_eta(placed, eta, source, by=by, now=now)
    _visits_follow(placed, cause=Cause.PART_LATE, now=now)
    return placed


@transaction.atomic
def answer_doubt(order_id: int, *, because: str, by: Staff, now: datetime) -> PartOrder:
    """Say why a part fits although the diagnosis names another one.

    :raises ReasonMissingError: if no reason is given.
    :raises OrderEndedError: if it was cancelled or the wrong part.
    """
    if not because.strip():
        raise ReasonMissingError
    order = _lock(order_id)
    if order.wrong_at or order.cancelled_at:
        raise OrderEndedError
    order.fits_because, order.fits_said_by = because.strip()[:300], by
    order.save(update_fields=["fits_because", "fits_said_by"])
    facts = {"order": order.pk, "by": by.pk}
    _append(order, "part_fits", facts, words=because, now=now)
    _visits_follow(order, cause=Cause.PART_LATE, now=now)
    return order


@transaction.atomic
def record_eta(
    order_id: int, eta: datetime, *, source: EtaSource, by: Staff | None, now: datetime
) -> bool:
    """Record when an order is expected; visits that cannot be before then move at once.

    False if that was known: the same news twice changes nothing.

    :raises OrderEndedError: if nothing is expected of this order any more.
    """
    order = _lock(order_id)
    if order.received_at or order.cancelled_at:
        raise OrderEndedError
    if order.eta_at == eta:
        return False
    _write_eta(order, eta, source, by=by, now=now)
    _visits_follow(order, cause=Cause.PART_LATE, now=now)
    return True


@transaction.atomic
def receive_part(order_id: int, *, at: datetime, by: Staff | None, now: datetime) -> PartOrder:
    """The part is here: visits that waited for nothing else are sure now.

    :raises OrderEndedError: if it came before, or was cancelled.
    :raises NotYetHappenedError: if that lies ahead, or before it was ordered.
    """
    order = _lock(order_id)
    if order.received_at or order.cancelled_at:
        raise OrderEndedError
    if not order.ordered_at <= at <= now:
        raise NotYetHappenedError("A part comes after it was ordered, and by now.")
    order.received_at = at
    order.save(update_fields=["received_at"])
    _append(order, "part_received", {"order": order.pk, "by": by.pk if by else None}, now=now)
    _visits_follow(order, cause=Cause.PART_LATE, now=now)
    return order


@transaction.atomic
def cancel_order(order_id: int, *, by: Staff, now: datetime) -> PartOrder:
    """Nothing more is expected of an order; visits that wait for it have nothing to wait for.

    :raises OrderEndedError: if it is here or was cancelled before.
    """
    order = _lock(order_id)
    if order.received_at or order.cancelled_at:
        raise OrderEndedError
    order.cancelled_at = now
    order.save(update_fields=["cancelled_at"])
    _append(order, "part_cancelled", {"order": order.pk, "by": by.pk}, now=now)
    _visits_follow(order, cause=Cause.PART_LATE, now=now)
    return order


@transaction.atomic
def refuse_part(order_id: int, *, because: str, by: Staff, now: datetime) -> PartOrder:
    """Record that the part that came is the wrong one, or broken; returns the order of another.

    Visits that were sure with it are so no longer, and go by when the other one comes.

    :raises ReasonMissingError: if it is not said what is wrong with it.
    :raises PartNotHereError: if it is not here.
    :raises OrderEndedError: if it was cancelled or found wrong before.
    :raises ClosedCaseError: if the case is closed.
    """
    if not because.strip():
        raise ReasonMissingError("Say what is wrong with it.")
    order = _lock(order_id)
    if order.cancelled_at or order.wrong_at:
        raise OrderEndedError
    if order.received_at is None:
        raise PartNotHereError
    if order.diagnosis.case.closed_at is not None:
        raise ClosedCaseError(f"Case {order.diagnosis.case.reference} is closed; reopen it first.")
    _write_wrong(order, words=because.strip(), by=by, now=now)
    other = Order(diagnosis=order.diagnosis_id, part=order.part_id)
    placed = order_part(other, by=by, now=now)
    if order.fits_because:
        placed = answer_doubt(placed.pk, because=order.fits_because, by=by, now=now)
    return placed


def order_again(visit: Visit, *, part_id: int | None, by: Staff, now: datetime) -> int | None:
    """Order the right part after a locked visit came with the wrong one; the diagnosis it needs.

    Without another part it is the diagnosed one, which was not what came.
    """
    standing = crew_times.standing_order(visit.diagnosis_id)
    part = Part.objects.filter(pk=part_id or 0).first()
    if standing is not None and standing.received_at is not None:
        visit.confirmed_at = None  # of a visit that has not its part nothing is sure
        visit.save(update_fields=["confirmed_at"])
        _write_wrong(standing, words="", by=by, now=now)
    diagnosis = needed_next(visit)
    if part is not None and (diagnosis is None or diagnosis.part_id != part.pk):
        diagnosis = diagnose(visit.case_id, part, note="", by=by, now=now)
    if diagnosis is None:
        return None
    if crew_times.standing_order(diagnosis.pk) is None:
        order_part(Order(diagnosis=diagnosis.pk, part=diagnosis.part_id), by=by, now=now)
    return diagnosis.pk


def needed_next(visit: Visit) -> Diagnosis | None:
    """What the visit after one that failed brings: what was found last since that was booked."""
    since = Diagnosis.objects.filter(case=visit.case_id, recorded_at__gt=visit.booked_at)
    found = since.select_related("part").order_by("-pk").first()
    return visit.diagnosis if found is None else _served_by(found)


def brought_next(
    visit: Visit, failing: Failing, *, part_id: int | None, now: datetime
) -> visits.Part | None:
    """What the visit after this one waits for if it fails so now; None if it brings nothing.

    The times that are offered hang on it: whoever ends the visit is given no other.
    """
    needed = needed_next(visit)
    standing = crew_times.standing_order(needed.pk) if needed else None
    if failing is Failing.WRONG_PART:
        part = Part.objects.filter(pk=part_id or 0).first() or (needed.part if needed else None)
        is_wrong = needed == visit.diagnosis and standing is not None and standing.received_at
        if part is None:
            return None
        if standing is None or is_wrong or needed is None or needed.part_id != part.pk:
            return visits.Part(is_ordered=True, eta=now + lead_time(part))
    return crew_times.part_of(Visit(case=visit.case, diagnosis=needed))


def lead_time(part: Part) -> timedelta:
    """How long a part takes 8 times in 10."""
    came = PartOrder.objects.filter(part=part, received_at__isnull=False)
    spans = came.order_by("-received_at").values_list("ordered_at", "received_at")[:HISTORY]
    history = [received - ordered for ordered, received in spans if received]
    return visits.lead_time(history, usual=timedelta(days=part.lead_days))


def _lock(order_id: int) -> PartOrder:
    case_id = PartOrder.objects.values_list("diagnosis__case", flat=True).get(pk=order_id)
    cases.lock(case_id)
    related = ("diagnosis__case", "part")
    rows = PartOrder.objects.select_for_update(of=("self",)).select_related(*related)
    return rows.get(pk=order_id)


def _write_eta(
    order: PartOrder, eta: datetime, source: EtaSource, *, by: Staff | None, now: datetime
) -> None:
    EtaChange.objects.create(
        order=order,
        number=order.etas.count() + 1,
        old_at=order.eta_at,
        new_at=eta,
        source=source,
        recorded_at=now,
        recorded_by=by,
    )
    order.eta_at = eta
    order.save(update_fields=["eta_at"])
    facts = {
        "order": order.pk,
        "eta": eta.isoformat(),
        "source": source.value,
        "by": by.pk if by else None,
    }
    _append(order, "part_expected", facts, now=now)


def _write_wrong(order: PartOrder, *, words: str, by: Staff, now: datetime) -> None:
    """Write that a part is not what it should be; no visit that was to fit it is sure."""
    for visit in _waiting(diagnosis=order.diagnosis_id):
        moving.unsettle(visit, until=now + TO_ORDER, now=now)
    order.wrong_at = now
    order.save(update_fields=["wrong_at"])
    _append(order, "part_wrong", {"order": order.pk, "by": by.pk}, words=words, now=now)


def _visits_need(found: Diagnosis, *, now: datetime) -> None:
    """Let visits of a locked case wait for what was found, where they were to fit another part."""
    others = _waiting(case=found.case_id, diagnosis__isnull=False)
    visits_ = [each for each in others if not _has_on_order(each, found.part)]
    needed = _served_by(found)
    is_ordered = crew_times.standing_order(needed.pk) is not None
    for visit in visits_:
        visit.diagnosis = needed
        visit.save(update_fields=["diagnosis"])
        moving.unsettle(visit, until=now + TO_ORDER, now=now)
        slot = crew_times.live_slot(visit.pk)
        is_soon = slot is not None and slot.opens_at <= now + TO_ORDER
        if is_ordered or is_soon:
            _follow(visit, cause=Cause.NOT_READY, now=now)


def _has_on_order(visit: Visit, part: Part) -> bool:
    """Whether a visit waits for this very part, and that is on order or here."""
    is_same = visit.diagnosis is not None and visit.diagnosis.part_id == part.pk
    return is_same and crew_times.standing_order(visit.diagnosis_id) is not None


def _served_by(found: Diagnosis) -> Diagnosis:
    """The same part as it was found before, if that is on order or here, and was not fitted yet."""
    fitted = Visit.objects.filter(diagnosis=OuterRef("pk"), outcome=VisitOutcome.DONE)
    same = Diagnosis.objects.filter(~Exists(fitted), case=found.case_id, part=found.part_id)
    rows = list(same.select_related("part").order_by("-pk"))
    standing = crew_times.standing_orders(row.pk for row in rows)
    return next((row for row in rows if row.pk in standing), found)


def _visits_follow(order: PartOrder, *, cause: Cause, now: datetime) -> None:
    """Every visit that waits for an order is made sure, moved or given its time, as it needs."""
    for visit in _waiting(diagnosis=order.diagnosis_id):
        _follow(visit, cause=cause, now=now)


def _waiting(**of: object) -> list[Visit]:
    """The visits that are still to come, each locked with its case."""
    rows = Visit.objects.filter(outcome=None, arrived_at=None, **of).order_by("pk")
    return [moving.lock_with(case, pk) for case, pk in rows.values_list("case", "pk")]


def _follow(visit: Visit, *, cause: Cause, now: datetime) -> None:
    slot = crew_times.live_slot(visit.pk)
    if moving.settle(visit, slot, now=now):
        return
    part = crew_times.part_of(visit)
    ready = visits.ready_from(part, now=now)
    is_here = part is not None and part.is_here
    if slot is not None and (is_here or (ready is not None and ready <= slot.opens_at)):
        moving.keep_waiting(visit, slot, now=now)
        return
    moving.move(visit, Move(cause=cause, since=ready), now=now)


def _append(
    order: PartOrder, kind: str, facts: Mapping[str, object], *, now: datetime, words: str = ""
) -> None:
    case_id = order.diagnosis.case_id
    timeline.append(case_id=case_id, kind=kind, at=now, now=now, facts=facts, words=words)
