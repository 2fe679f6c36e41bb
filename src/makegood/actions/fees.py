"""Fees and penalties that a failure caused: recorded, found, and taken off (requirement R21).

A fee is laid beside the failures of its customer at the moment when either becomes known: whoever
owns the case is told, so that nobody has to ask for what should never have been charged.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from makegood.actions import approvals, remedies, timeline
from makegood.actions.remedies import Wish
from makegood.records import open_fees
from makegood.records.models import ApprovalRequest, Case, Customer, Fee, Remedy, Staff
from makegood.rules.remedies import KeyReusedError, RemedyKind, Source, Terms


@dataclass(frozen=True, kw_only=True, slots=True)
class Charge:
    """A fee that a customer was charged, as its system tells."""

    what: str
    amount_minor: int
    currency: str
    charged_at: datetime
    source: str
    external_id: str


@transaction.atomic
def record_fee(customer: Customer, charge: Charge, *, now: datetime) -> Fee:
    """Record a fee once by source and id, and raise it where a failure of ours came before it."""
    fee, is_new = _record(customer, charge, now=now)
    if is_new:
        _raise([fee.pk], now=now)
    return fee


@transaction.atomic
def take_off(
    case_id: int, charge: Charge, *, because: str, key: str, by: Staff, now: datetime
) -> Remedy | ApprovalRequest:
    """Record a fee that our failure caused and take it off, in one act.

    :raises ClosedCaseError: if the case is closed.
    :raises OneselfError: if the customer is themselves, or close to them.
    :raises NobodyToApproveError: if nobody may take this much off.
    :raises KeyReusedError: if the act was sent before with another fee.
    """
    case = remedies.lock_open(case_id)
    fee, is_new = _record(case.customer, charge, now=now)
    is_same = (fee.customer_id, fee.amount_minor) == (case.customer_id, charge.amount_minor)
    if not is_new and not (is_same and fee.currency == charge.currency):
        raise KeyReusedError
    terms = Terms(
        kind=RemedyKind.WAIVER,
        source=Source.GOODWILL,
        amount_minor=fee.amount_minor,
        currency=fee.currency,
        because=because[:300],
    )
    wish = Wish(terms=terms, key=key, fee=fee.pk)
    return approvals.give_or_ask(case.pk, wish, by=by, now=now)


def watch_opened(cases: Collection[int], *, now: datetime) -> None:
    """Raise the fees that the customers of cases just opened were charged since their failure."""
    customers = Case.objects.filter(pk__in=cases).values("customer")
    fees = Fee.objects.filter(customer__in=customers).values_list("pk", flat=True)
    _raise(list(fees), now=now, cases=frozenset(cases))


def _record(customer: Customer, charge: Charge, *, now: datetime) -> tuple[Fee, bool]:
    return Fee.objects.get_or_create(
        source=charge.source,
        external_id=charge.external_id,
        defaults={
            "customer": customer,
            "what": charge.what,
            "amount_minor": charge.amount_minor,
            "currency": charge.currency,
            "charged_at": charge.charged_at,
            "recorded_at": now,
        },
    )


def _raise(fees: list[int], *, now: datetime, cases: frozenset[int] = frozenset()) -> None:
    opened = open_fees.read(fees=fees) if fees else []
    for found in (one for one in opened if not cases or one.case in cases):
        case = Case.objects.select_for_update(no_key=True).get(pk=found.case)
        facts = {
            "fee": found.fee,
            "owner": case.owner_id,
            "amount_minor": found.amount_minor,
            "currency": found.currency,
        }
        timeline.append(case_id=case.pk, kind="fee_found", at=now, now=now, facts=facts)
