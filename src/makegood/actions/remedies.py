"""Granting: a remedy, its promise, its payment, its booking and the words to say, in one act.

Who may give what is judged here for a clear answer, and again by the database, which holds the
customer and the giver while it counts: two sessions never come past a limit together.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from makegood.actions import askings, entitlements, ledger, redress, timeline
from makegood.actions.redress import Due
from makegood.records.authorities import read_standing
from makegood.records.models import (
    ApprovalRequest,
    Booking,
    Case,
    Message,
    MessageKind,
    Payment,
    PaymentState,
    Promise,
    Remedy,
    Staff,
    Withholding,
)
from makegood.rules import authority, remedies
from makegood.rules.authority import Standing, Verdict
from makegood.rules.promises import ClosedCaseError
from makegood.rules.remedies import (
    BeyondAuthorityError,
    CannotRefuseError,
    KeyReusedError,
    OneselfError,
    RemedyError,
    RemedyKind,
    RemedyOutcome,
    Terms,
    telling_of,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """What somebody wishes to give. `key` is the form's own: sent twice, it is granted once.

    `pay_by` and `late_minor`: the last day that a scheme allows, and what it owes on top after
    that. `fee`: the fee that a waiver takes off.
    """

    terms: Terms
    key: str
    trace: tuple[str, ...] = ()
    pay_by: datetime | None = None
    late_minor: int = 0
    fee: int | None = None


@transaction.atomic
def grant(case_id: int, wish: Wish, *, by: Staff, now: datetime) -> Remedy:
    """Give, in one act, what this person may give alone.

    :raises ClosedCaseError: if the case is closed.
    :raises BeyondAuthorityError: if it is more than they may give; then ask for approval.
    :raises OneselfError: if the customer is themselves, or close to them.
    :raises KeyReusedError: if the act was sent before with other terms.
    """
    case = lock_open(case_id)
    if (before := _sent_before(wish)) is not None:
        return before
    verdict = authority.judge(wish.terms.amount_minor, standing_of(by, case, wish.terms, now=now))
    if verdict is Verdict.CONFLICT:
        raise OneselfError
    if verdict is Verdict.ASK:
        raise BeyondAuthorityError
    return write(case, wish, by=by, now=now)


@transaction.atomic
def withhold(
    case_id: int, terms: Terms, *, why: str, asked: bool, by: Staff, now: datetime
) -> Withholding:
    """Record that somebody could give this and did not, with their reason (requirement R24).

    :raises BeyondAuthorityError: if it is not theirs to give: then it goes to who may.
    """
    case = lock_open(case_id)
    standing = standing_of(by, case, terms, now=now)
    if authority.judge(terms.amount_minor, standing) is not Verdict.GIVE:
        raise BeyondAuthorityError
    held = Withholding.objects.create(
        case=case,
        staff=by,
        at=now,
        amount_minor=terms.amount_minor,
        currency=terms.currency,
        asked=asked,
    )
    facts = {"withholding": held.pk, "by": by.pk, "asked": asked, **_sum(terms)}
    timeline.append(
        case_id=case.pk, kind="remedy_withheld", at=now, now=now, facts=facts, words=why
    )
    return held


def check_refusal(case_id: int, terms: Terms, *, by: Staff, now: datetime) -> None:
    """Stop a "we cannot" that would be untrue (law 6). Beyond their authority, others are asked.

    :raises CannotRefuseError: if this person may give it.
    """
    case = Case.objects.get(pk=case_id)
    if authority.judge(terms.amount_minor, standing_of(by, case, terms, now=now)) is Verdict.GIVE:
        raise CannotRefuseError


def settle(remedy: Remedy, outcome: RemedyOutcome, *, at: datetime, now: datetime) -> None:
    """Write how a locked remedy ended, and book it; its promise is the caller's next line."""
    remedy.outcome, remedy.settled_at = outcome.value, at
    remedy.save(update_fields=["outcome", "settled_at"])
    arrived = outcome is RemedyOutcome.ARRIVED
    if not arrived:
        _count_given(remedy, -remedy.amount_minor, now=now)
    ledger.book(remedy, Booking.ARRIVED if arrived else Booking.RELEASED, at=at, now=now)


def write(
    case: Case,
    wish: Wish,
    *,
    by: Staff,
    now: datetime,
    approval: ApprovalRequest | None = None,
) -> Remedy:
    """Write a remedy of a locked case that was found to be allowed, with all that belongs to it.

    :raises RemedyError: if the database finds that it is not.
    """
    within = remedies.PAY_WITHIN[wish.terms.kind]
    due = redress.due_within(within, case=case, now=now, at_most=wish.pay_by)
    promise = redress.promise_redress(case, wish.terms, due, now=now, by=by)
    more = {"granted_by": by, "approval": approval, "late_minor": wish.late_minor}
    remedy = _create(case, wish, promise, now=now, **more)
    _follow_up(remedy, promise, now=now)
    askings.look(case, now=now)
    _count_given(remedy, remedy.amount_minor, now=now)
    facts = {
        "remedy": remedy.pk,
        "promise": promise.pk,
        "by": by.pk,
        "approved_by": approval.decided_by_id if approval else None,
        "scheme": wish.terms.scheme,
        "relented": _is_relenting(remedy),
        **_sum(wish.terms),
    }
    words = wish.terms.because
    timeline.append(
        case_id=case.pk, kind="remedy_granted", at=now, now=now, facts=facts, words=words
    )
    return remedy


def write_second(first: Remedy, due: Due, terms: Terms, *, now: datetime) -> Remedy:
    """Write what a scheme owes because a locked remedy came late; nobody has to decide on it."""
    wish = Wish(terms=terms, key=f"late:{first.pk}")
    promise = redress.promise_second(first.case, terms, due, now=now)
    remedy = _create(first.case, wish, promise, now=now, late_for=first)
    _follow_up(remedy, promise, now=now)
    facts = {"remedy": remedy.pk, "late_for": first.pk, "scheme": terms.scheme, **_sum(terms)}
    timeline.append(case_id=first.case_id, kind="remedy_second", at=now, now=now, facts=facts)
    return remedy


def write_found(case: Case, terms: Terms, promise: Promise, *, key: str, now: datetime) -> Remedy:
    """Write found money of a locked case: it is theirs, so that nobody decides on it.

    :raises KeyReusedError: if it was written before.
    """
    remedy = _create(case, Wish(terms=terms, key=key), promise, now=now)
    _follow_up(remedy, promise, now=now)
    return remedy


def standing_of(staff: Staff, case: Case, terms: Terms, *, now: datetime) -> Standing:
    """What somebody may give the customer of a case, for such a remedy."""
    return read_standing(
        staff=staff.pk,
        customer=case.customer_id,
        currency=terms.currency,
        activity=terms.activity,
        now=now,
    )


def lock_open(case_id: int) -> Case:
    """Take an open case for this transaction.

    :raises ClosedCaseError: if it is closed.
    """
    cases = Case.objects.select_related("customer", "team__calendar")
    case = cases.select_for_update(of=("self",), no_key=True).get(pk=case_id)
    if case.closed_at is not None:
        raise ClosedCaseError(f"Case {case.reference} is closed; reopen it first.")
    return case


def lock_remedy(remedy_id: int) -> Remedy:
    """Take a remedy and its case for this transaction, the case first."""
    case_id = Remedy.objects.values_list("case_id", flat=True).get(pk=remedy_id)
    cases = Case.objects.select_related("customer", "team__calendar")
    case = cases.select_for_update(of=("self",), no_key=True).get(pk=case_id)
    remedy = Remedy.objects.select_for_update(no_key=True).get(pk=remedy_id)
    remedy.case = case
    return remedy


def new_payment(remedy: Remedy, *, now: datetime) -> Payment:
    """Put a payment of a remedy in line for its gateway."""
    number = remedy.payments.count() + 1
    return Payment.objects.create(
        remedy=remedy,
        number=number,
        key=f"remedy-{remedy.pk}-{number}",
        amount_minor=remedy.amount_minor,
        currency=remedy.currency,
        state=PaymentState.WAITING,
        made_at=now,
        send_at=now,
    )


def _sent_before(wish: Wish) -> Remedy | None:
    before = Remedy.objects.filter(key=wish.key).first()
    if before is None:
        return None
    if before.terms() != wish.terms:
        raise KeyReusedError
    return before


def _create(case: Case, wish: Wish, promise: Promise, *, now: datetime, **more: object) -> Remedy:
    columns = {
        **columns_of(case, wish),
        "promise": promise,
        "team_id": case.team_id,
        "granted_at": now,
        **more,
    }
    with refusing():
        return Remedy.objects.create(**columns)


def columns_of(case: Case, wish: Wish) -> dict[str, object]:
    """The columns of what is given."""
    terms = wish.terms
    return {
        "case": case,
        "kind": terms.kind.value,
        "source": terms.source.value,
        "scheme": terms.scheme,
        "version": terms.version,
        "trace": list(wish.trace),
        "amount_minor": terms.amount_minor,
        "currency": terms.currency,
        "thing": terms.thing,
        "because": terms.because,
        "late_minor": wish.late_minor,
        "pay_by": wish.pay_by,
        "fee_id": wish.fee,
        "key": wish.key,
    }


_REFUSED: dict[str, type[RemedyError]] = {
    "remedy_within_authority": BeyondAuthorityError,
    "remedy_not_for_ones_own": OneselfError,
    "approval_not_for_ones_own": OneselfError,
    "remedy_once_by_key": KeyReusedError,
    "approval_once_by_key": KeyReusedError,
}
_SAID = {
    "remedy_waives_no_more_than_the_fee": "A waiver takes off no more than the fee.",
    "remedy_waives_a_fee_once": "This fee was waived already.",
    "approval_by_silence_is_not_split": "Silence approves one small sum, not many.",
    "remedy_waives_a_fee": "A waiver names the fee that it takes off, and nothing else does.",
    "approval_waives_a_fee": "A waiver names the fee that it takes off, and nothing else does.",
}


@contextmanager
def refusing() -> Iterator[None]:
    """Turn a refusal of the database into ours, with the transaction still alive.

    :raises RemedyError: if the database refuses by one of the laws of remedies.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as wrong:
        name = getattr(getattr(wrong.__cause__, "diag", None), "constraint_name", "") or ""
        if name in _REFUSED:
            raise _REFUSED[name] from wrong
        if name in _SAID:
            raise RemedyError(_SAID[name]) from wrong
        raise


def _follow_up(remedy: Remedy, promise: Promise, *, now: datetime) -> None:
    ledger.book(remedy, Booking.GRANTED, at=now, now=now)
    new_payment(remedy, now=now)
    Message.objects.create(
        case_id=remedy.case_id,
        promise=promise,
        kind=MessageKind.REMEDY,
        about=telling_of(remedy.pk),
        queued_at=now,
    )


def _count_given(remedy: Remedy, minor: int, *, now: datetime) -> None:
    if remedy.scheme and remedy.late_for_id is None:
        entitlements.count_given(remedy.case_id, remedy.scheme, minor, now=now)


def _is_relenting(remedy: Remedy) -> bool:
    """Whether it was withheld before, and nothing was given since."""
    last = Withholding.objects.filter(case=remedy.case_id).order_by("-at").first()
    if last is None:
        return False
    since = Remedy.objects.filter(case=remedy.case_id, granted_at__gte=last.at)
    return not since.exclude(pk=remedy.pk).exists()


def _sum(terms: Terms) -> dict[str, object]:
    return {
        "remedy_kind": RemedyKind(terms.kind).value,
        "amount_minor": terms.amount_minor,
        "currency": terms.currency,
    }
