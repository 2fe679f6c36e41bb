"""Bringing what was granted to the customer: handed to a gateway, sent, arrived, or failed.

The gateway itself is called by the clockwork, outside of any transaction: a payment is claimed for
a while, so that what a crash leaves behind is tried again, with the same key.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from makegood.actions import askings, given_late, promises, redress, remedies, settling, timeline
from makegood.records.models import Case, Payment, PaymentState, Remedy, Staff
from makegood.rules import promises as rules
from makegood.rules.remedies import (
    PAY_WITHIN,
    AlreadyHereError,
    RemedyError,
    RemedyKind,
    RemedyOutcome,
    Source,
    Terms,
)

CLAIMED_FOR = timedelta(minutes=5)
LONGEST_WAIT = timedelta(hours=1)


class UnknownPaymentError(RemedyError):
    """No payment has this key."""


class WrongAmountError(RemedyError):
    """What came back is not the amount that was granted; nothing was recorded."""


HANDED_OVER = "It is with the payment service, or may be; only what was not handed over is stopped."
NOT_IN_TIME = "The first payment was not there by the last day that its rule allows."


@dataclass(frozen=True, kw_only=True, slots=True)
class Claimed:
    """A payment that is to be handed to a gateway now, in plain values."""

    id: int
    key: str
    kind: RemedyKind
    amount_minor: int
    currency: str
    thing: str
    customer: str
    case: str
    booked_to: str
    made_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrival:
    """News that a payment is with the customer. The sum must be what was granted."""

    key: str
    at: datetime
    evidence: str
    amount_minor: int | None = None
    currency: str = ""
    reference: str = ""


@transaction.atomic
def claim_due(*, now: datetime, limit: int) -> list[Claimed]:
    """Claim payments whose time has come; others that ask at the same moment get other ones."""
    waiting = Payment.objects.filter(send_at__lte=now).order_by("send_at")
    rows = list(waiting.select_for_update(skip_locked=True)[:limit])
    for row in rows:
        row.send_at, row.tries = now + CLAIMED_FOR, row.tries + 1
        row.save(update_fields=["send_at", "tries"])
    return [_claimed(row) for row in rows]


@transaction.atomic
def record_sent(payment_id: int, *, reference: str, now: datetime) -> None:
    """The gateway has it. A payment that has arrived or failed meanwhile is left alone."""
    payment = _lock(payment_id)
    if payment.state != PaymentState.WAITING:
        return
    payment.state, payment.send_at, payment.sent_at = PaymentState.SENT, None, now
    payment.reference, payment.error = reference[:200], ""
    payment.save(update_fields=["state", "send_at", "sent_at", "reference", "error"])
    facts = _facts(payment)
    timeline.append(
        case_id=payment.remedy.case_id, kind="payment_sent", at=now, now=now, facts=facts
    )


@transaction.atomic
def record_delay(payment_id: int, *, error: str, now: datetime) -> None:
    """The gateway could not be reached: try again, later each time, but within the hour."""
    payment = _lock(payment_id)
    if payment.state != PaymentState.WAITING:
        return
    wait = min(timedelta(seconds=30) * 2 ** min(payment.tries, 10), LONGEST_WAIT)
    payment.send_at, payment.error = now + wait, error[:300]
    payment.save(update_fields=["send_at", "error"])


@transaction.atomic
def record_failed(payment_id: int, *, error: str, now: datetime) -> None:
    """The gateway refuses for good: somebody has to find another way; the promise keeps running."""
    payment = _lock(payment_id)
    if payment.state not in {PaymentState.WAITING, PaymentState.SENT}:
        return
    payment.state, payment.send_at, payment.error = PaymentState.FAILED, None, error[:300]
    payment.save(update_fields=["state", "send_at", "error"])
    facts = _facts(payment)
    timeline.append(
        case_id=payment.remedy.case_id, kind="payment_failed", at=now, now=now, facts=facts
    )


def record_failed_by_key(key: str, *, error: str, now: datetime) -> None:
    """As `record_failed`, for who knows the payment by its key.

    :raises UnknownPaymentError: if no payment has that key.
    """
    record_failed(_by_key(key), error=error or "The service gave no reason.", now=now)


@transaction.atomic
def pay_again(remedy_id: int, *, by: Staff, now: datetime) -> Payment:
    """Put a remedy whose payment failed in line again.

    :raises AlreadyHereError: if it has ended, or a payment is under way.
    """
    remedy = remedies.lock_remedy(remedy_id)
    under_way = remedy.payments.exclude(state=PaymentState.FAILED)
    if remedy.outcome is not None or under_way.exists():
        raise AlreadyHereError("It is on its way or has ended; there is nothing to try again.")
    payment = remedies.new_payment(remedy, now=now)
    facts = _facts(payment) | {"by": by.pk}
    timeline.append(case_id=remedy.case_id, kind="payment_again", at=now, now=now, facts=facts)
    return payment


@transaction.atomic
def record_arrival(arrival: Arrival, *, now: datetime, by: Staff | None = None) -> Remedy:
    """It is with the customer: the payment arrives, the remedy ends, its promise is settled.

    The same news again changes nothing.

    :raises UnknownPaymentError: if no payment has that key.
    :raises WrongAmountError: if the sum is another than was granted.
    :raises AlreadyHereError: if it had failed or was released before.
    :raises EvidenceMissingError: if nothing says how it is known.
    :raises NotYetHappenedError: if it lies in the future.
    """
    payment = _lock(_by_key(arrival.key))
    if payment.state == PaymentState.ARRIVED:
        return payment.remedy
    _check(payment, arrival)
    _arrive(payment, arrival, now=now, by=by)
    return payment.remedy


@transaction.atomic
def release(remedy_id: int, *, evidence: str, by: Staff, now: datetime) -> Remedy:
    """The customer does not wish to have it; possible until it was handed to its gateway.

    :raises AlreadyHereError: if it has arrived, was released, or its gateway may have it.
    :raises EvidenceMissingError: if nothing says how their wish is known.
    :raises ToldTooLateError: if the time by which it was promised had passed.
    """
    remedy = remedies.lock_remedy(remedy_id)
    if remedy.outcome is not None:
        raise AlreadyHereError
    _stop(remedy)
    remedies.settle(remedy, RemedyOutcome.RELEASED, at=now, now=now)
    promise = promises.lock_open(remedy.promise_id)
    settling.end_by_consent(
        promise, rules.release(promise.facts(), at=now), evidence, by=by, now=now
    )
    facts = {"remedy": remedy.pk, "by": by.pk}
    timeline.append(case_id=remedy.case_id, kind="remedy_released", at=now, now=now, facts=facts)
    _go_on(remedy.case, now=now)
    return remedy


def late(*, now: datetime, limit: int) -> list[int]:
    """Remedies for which a scheme owes a second payment, since its last day has passed."""
    rows = Remedy.objects.filter(outcome=None, late_minor__gt=0, pay_by__lt=now, second=None)
    return list(rows.order_by("pay_by").values_list("pk", flat=True)[:limit])


@transaction.atomic
def pay_for_lateness(remedy_id: int, *, now: datetime) -> Remedy | None:
    """Grant the second payment that a scheme owes for a late one, once."""
    return _second(remedies.lock_remedy(remedy_id), now=now)


def _second(remedy: Remedy, *, now: datetime) -> Remedy | None:
    is_late = remedy.pay_by is not None and remedy.pay_by < (remedy.settled_at or now)
    if not remedy.late_minor or not is_late or Remedy.objects.filter(late_for=remedy).exists():
        return None
    terms = Terms(
        kind=RemedyKind(remedy.kind),
        source=Source(remedy.source),
        amount_minor=remedy.late_minor,
        currency=remedy.currency,
        because=NOT_IN_TIME,
        scheme=remedy.scheme,
        version=remedy.version,
    )
    due = redress.due_within(PAY_WITHIN[terms.kind], case=remedy.case, now=now, at_most=None)
    return remedies.write_second(remedy, due, terms, now=now)


def _arrive(payment: Payment, arrival: Arrival, *, now: datetime, by: Staff | None) -> None:
    remedy = payment.remedy
    payment.state, payment.send_at = PaymentState.ARRIVED, None
    payment.arrived_at = max(arrival.at, payment.made_at)
    payment.reference = arrival.reference[:200] or payment.reference
    payment.save(update_fields=["state", "send_at", "arrived_at", "reference"])
    remedies.settle(remedy, RemedyOutcome.ARRIVED, at=payment.arrived_at, now=now)
    facts = {"payment": payment.pk, "remedy": remedy.pk, "by": by.pk if by else None}
    timeline.append(
        case_id=remedy.case_id, kind="remedy_arrived", at=payment.arrived_at, now=now, facts=facts
    )
    # A second payment first, so that the case is never left without a promise in between.
    _second(remedy, now=now)
    promise = remedy.promise
    promise.case = remedy.case
    at = max(payment.arrived_at, promise.said_at)
    promises.settle_by_deed(promise, at=at, evidence=arrival.evidence, now=now, by=by)
    _go_on(remedy.case, now=now)


def _go_on(case: Case, *, now: datetime) -> None:
    """Close a locked case that was open only for this; else its customer hears, or is asked."""
    given_late.close_as_before(case, now=now)
    given_late.close_as_said(case, now=now)
    case.refresh_from_db(fields=["closed_at"])
    if case.closed_at is None:
        promises.never_silent(case, now=now)
        askings.look(case, now=now)


def _stop(remedy: Remedy) -> None:
    """Let nothing of a remedy be handed to a gateway any more.

    :raises AlreadyHereError: if its gateway has a payment, or may have it: one that was claimed is
        being handed over, or was and the answer is not known.
    """
    payments = list(remedy.payments.select_for_update().exclude(state=PaymentState.FAILED))
    if any(one.tries or one.state != PaymentState.WAITING for one in payments):
        raise AlreadyHereError(HANDED_OVER)
    for payment in payments:
        payment.state, payment.send_at = PaymentState.FAILED, None
        payment.error = "The customer did not wish to have it."
        payment.save(update_fields=["state", "send_at", "error"])


def _check(payment: Payment, arrival: Arrival) -> None:
    if payment.state == PaymentState.FAILED:
        raise AlreadyHereError("This payment had failed; look up the one that was made after it.")
    given = (arrival.amount_minor, arrival.currency)
    if arrival.amount_minor is not None and given != (payment.amount_minor, payment.currency):
        raise WrongAmountError


def _facts(payment: Payment) -> dict[str, object]:
    remedy = payment.remedy
    return {"payment": payment.pk, "remedy": remedy.pk, "remedy_kind": remedy.kind}


def _lock(payment_id: int) -> Payment:
    remedy_id = Payment.objects.values_list("remedy_id", flat=True).get(pk=payment_id)
    remedy = remedies.lock_remedy(remedy_id)
    payment = Payment.objects.select_for_update().get(pk=payment_id)
    payment.remedy = remedy
    return payment


def _by_key(key: str) -> int:
    payment_id = Payment.objects.filter(key=key).values_list("pk", flat=True).first()
    if payment_id is None:
        raise UnknownPaymentError(f"No payment has the key {key[:100]}.")
    return payment_id


def _claimed(row: Payment) -> Claimed:
    remedy = Remedy.objects.select_related("case__customer", "team").get(pk=row.remedy_id)
    return Claimed(
        id=row.pk,
        key=row.key,
        kind=RemedyKind(remedy.kind),
        amount_minor=row.amount_minor,
        currency=row.currency,
        thing=remedy.thing,
        customer=str(remedy.case.customer.uuid),
        case=remedy.case.reference,
        booked_to=remedy.team.name,
        made_at=row.made_at,
    )
