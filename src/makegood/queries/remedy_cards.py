"""What was granted and what is asked for, as cards: where each is, and who has to say yes."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, Q
from django.utils.translation import gettext as _

from makegood.language import choice, money
from makegood.language import remedies as said
from makegood.queries import entitlements, when
from makegood.queries.when import When
from makegood.records import open_fees
from makegood.records.models import (
    ApprovalRequest,
    Case,
    Entitlement,
    Message,
    MessageKind,
    Payment,
    PaymentState,
    Remedy,
    Staff,
)
from makegood.rules.remedies import telling_of

GOODWILL = "goodwill"


@dataclass(frozen=True, kw_only=True, slots=True)
class RemedyCard:
    """One remedy that was granted, and where it is."""

    id: int
    what: str
    kind: str
    words: str
    because: str
    by: str
    approved_by: str
    at: When
    due: When
    state: str
    error: str
    is_to_be_said: int | None
    is_overdue: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class RequestCard:
    """A wish that waits for somebody's yes. `offer` is the one that waits with it."""

    id: int
    offer: str
    case: str
    customer: str
    title: str
    what: str
    because: str
    asked_by: str
    approver: str
    due: When
    is_mine_to_decide: bool
    is_silent_yes: bool


def offer_id(*, scheme: str = "", fee: int | None = None) -> str:
    """Which offer of a case gives this: what a scheme owes, a fee taken off, or goodwill."""
    if scheme:
        return f"scheme:{scheme}"
    return GOODWILL if fee is None else f"fee:{fee}"


def get_requests(reader: Staff, *, now: datetime) -> tuple[RequestCard, ...]:
    """Everything that waits for the reader's yes, the soonest due first."""
    return read_requests(Q(approver=reader), reader=reader, now=now)


@dataclass(frozen=True, kw_only=True, slots=True)
class Raised:
    """What a scheme owes, or a fee to be taken off, on a case of the reader's: not given yet."""

    case: str
    customer: str
    title: str
    what: str
    because: str


def get_raised(reader: Staff, *, now: datetime) -> tuple[Raised, ...]:
    """What is owed and not given on the open cases of somebody, the longest raised first."""
    return (*_owed_by_schemes(reader, now=now), *_fees_to_take_off(reader))


def _fees_to_take_off(reader: Staff) -> tuple[Raised, ...]:
    return tuple(
        Raised(
            case=fee.reference,
            customer=fee.customer,
            title=fee.title,
            what=money.in_words(fee.amount_minor, fee.currency),
            because=said.because_of_a_fee(fee.what),
        )
        for fee in open_fees.read(owner=reader.pk)
    )


def _owed_by_schemes(reader: Staff, *, now: datetime) -> tuple[Raised, ...]:
    raised = Entitlement.objects.filter(
        raised_at__isnull=False, case__owner=reader, case__closed_at=None
    )
    rows = list(raised.select_related("case__customer", "case__incident").order_by("raised_at"))
    # What is kept is English; for others it is worked out again from the same facts.
    owed = {} if choice.is_english() else entitlements.read_all((r.case for r in rows), now=now)
    why = {item.because: item.said for found in owed.values() for item in found}
    return tuple(
        Raised(
            case=row.case.reference,
            customer=row.case.customer.name,
            title=row.case.title,
            what=money.in_words((row.amount_minor or 0) - row.granted_minor, row.currency),
            because=why.get(row.because, row.because),
        )
        for row in rows
    )


def clock_of(request: ApprovalRequest, *, reader: Staff, now: datetime) -> str:
    """Until when a request is to be answered, in words."""
    return when.at(request.due_at, now=now, zone=ZoneInfo(reader.zone)).words


def read_cards(
    case: Case, given: Iterable[Remedy], why: Mapping[str, str], *, zone: ZoneInfo, now: datetime
) -> tuple[RemedyCard, ...]:
    """Remedies as cards; one query besides. `why` has what is kept in the reader's language."""
    rows = tuple(given)
    unsaid = _unsaid(case) if rows else {}
    return tuple(_card(row, unsaid, why, zone=zone, now=now) for row in rows)


def read_remedies(case: Case) -> list[Remedy]:
    """What was granted on a case, the newest first."""
    rows = Remedy.objects.filter(case=case).select_related(
        "promise", "granted_by", "approval__decided_by"
    )
    paid = Prefetch("payments", queryset=Payment.objects.order_by("number"))
    return list(rows.prefetch_related(paid).order_by("-granted_at", "-pk"))


def read_requests(which: Q, *, reader: Staff, now: datetime) -> tuple[RequestCard, ...]:
    """Requests that wait, the soonest due first."""
    rows = ApprovalRequest.objects.filter(which, decided_at=None)
    rows = rows.select_related("case__customer", "requested_by", "approver")
    zone = ZoneInfo(reader.zone)
    return tuple(
        RequestCard(
            id=row.pk,
            offer=offer_id(scheme=row.scheme, fee=row.fee_id),
            case=row.case.reference,
            customer=row.case.customer.name,
            title=row.case.title,
            what=said.in_words(row.terms()),
            because=said.because(row.because),
            asked_by=row.requested_by.name,
            approver=row.approver.name,
            due=when.due_at(row.due_at, now=now, zone=zone),
            is_mine_to_decide=row.approver_id == reader.pk,
            is_silent_yes=row.amount_minor <= row.small_minor,
        )
        for row in rows.order_by("due_at")
    )


def sums(rows: Iterable[Remedy]) -> tuple[str, ...]:
    """What was given, as people say it: the money by currency, and each thing."""
    given = list(rows)
    things = [row.thing for row in given if row.thing]
    return (
        *in_words((row.currency, row.amount_minor) for row in given if not row.thing),
        *things,
    )


def in_words(parts: Iterable[tuple[str, int]]) -> tuple[str, ...]:
    """Parts of money in minor units, added up by currency, as people say them."""
    total: Counter[str] = Counter()
    for currency, minor in parts:
        total[currency] += minor
    return tuple(money.in_words(minor, currency) for currency, minor in sorted(total.items()))


def _unsaid(case: Case) -> dict[str, int]:
    waiting = Message.objects.filter(case=case, kind=MessageKind.REMEDY, said_at=None)
    return dict(waiting.values_list("about", "pk"))


def _card(
    row: Remedy, unsaid: dict[str, int], why: Mapping[str, str], *, zone: ZoneInfo, now: datetime
) -> RemedyCard:
    payments = list(row.payments.all())
    last = payments[-1] if payments else None
    failed = last is not None and last.state == PaymentState.FAILED
    decided = row.approval.decided_by if row.approval else None
    return RemedyCard(
        id=row.pk,
        what=said.in_words(row.terms()),
        kind=row.kind,
        words=row.promise.words,
        because=why.get(row.because) or said.because(row.because),
        by=row.granted_by.name if row.granted_by else _("The clock"),
        approved_by=decided.name if decided else "",
        at=when.at(row.granted_at, now=now, zone=zone),
        due=when.due(row.promise, now=now, zone=zone),
        state=row.outcome or ("failed" if failed else last.state if last else "waiting"),
        error=last.error if last and failed else "",
        is_to_be_said=unsaid.get(telling_of(row.pk)),
        is_overdue=row.outcome is None and now > row.promise.due_at,
    )
