"""Takes what was granted to its gateway, outside of any transaction, in a thread of its own.

A slow gateway so keeps no promise waiting. What a crash leaves behind is claimed again after a
while and handed over with the same key, which a gateway takes once.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from threading import Event

import structlog

from makegood.actions import payments
from makegood.actions.payments import Arrival, Claimed
from makegood.clockwork.beside import beside
from makegood.gateways.payments import (
    Instruction,
    PaymentDelayedError,
    PaymentRefusedError,
    Payments,
    Receipt,
)

BATCH = 20
EVERY_SECONDS = 1.0
PATIENCE_SECONDS = 15  # longer than a gateway may take to answer

log = structlog.get_logger(__name__)


def pay_due(
    gateway: Payments, *, now: datetime, clock: Callable[[], datetime] | None = None
) -> int:
    """Hand over what is due. Returns how many payments were looked at."""
    claimed = payments.claim_due(now=now, limit=BATCH)
    for payment in claimed:
        receipt = _hand_over(gateway, payment, now=now)
        if receipt is not None:
            _record(payment, receipt, now=clock() if clock else now)
    return len(claimed)


def paying(
    gateway: Payments, *, every_seconds: float = EVERY_SECONDS
) -> AbstractContextManager[None]:
    """Pay in a thread of its own for as long as the block runs."""

    def pay(now: datetime, _ending: Event) -> bool:
        return pay_due(gateway, now=now, clock=lambda: datetime.now(UTC)) > 0

    return beside(
        pay, name="paying", every_seconds=every_seconds, patience_seconds=PATIENCE_SECONDS
    )


def _hand_over(gateway: Payments, payment: Claimed, *, now: datetime) -> Receipt | None:
    try:
        return gateway.hand_over(_instruction(payment))
    except PaymentDelayedError as error:
        log.warning("payment_delayed", payment=payment.key, error=str(error))
        payments.record_delay(payment.id, error=str(error), now=now)
    except PaymentRefusedError as error:
        log.error("payment_refused", payment=payment.key, error=str(error))  # noqa: TRY400 - no bug
        payments.record_failed(payment.id, error=str(error), now=now)
    return None


def _record(payment: Claimed, receipt: Receipt, *, now: datetime) -> None:
    payments.record_sent(payment.id, reference=receipt.reference, now=now)
    if receipt.arrived:
        news = Arrival(
            key=payment.key,
            at=now,
            evidence=f"The gateway confirmed it: {receipt.reference}.",
            reference=receipt.reference,
        )
        payments.record_arrival(news, now=now)


def _instruction(payment: Claimed) -> Instruction:
    return Instruction(
        key=payment.key,
        kind=payment.kind,
        amount_minor=payment.amount_minor,
        currency=payment.currency,
        thing=payment.thing,
        customer=payment.customer,
        case=payment.case,
        booked_to=payment.booked_to,
        made_at=payment.made_at,
    )
