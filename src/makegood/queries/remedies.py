"""Making good on one case: what is owed, what is fair on top, and what the reader may give now.

The offers are ready to be given in one act, each with its reason and with the sentence to say; an
offer that is beyond the reader's authority says who is asked. Limits never leave the desk.
"""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from makegood.language import choice, moments, money
from makegood.language import remedies as said
from makegood.queries import entitlements, gestures, glance, like_ends, one_case, remedy_cards
from makegood.queries.case_effort import Effort
from makegood.queries.entitlements import OwedHere
from makegood.queries.gestures import GestureCard
from makegood.queries.glance import ToMakeGood
from makegood.queries.remedy_cards import RemedyCard, RequestCard
from makegood.records import open_fees
from makegood.records.authorities import read_standing
from makegood.records.models import (
    ApprovalRequest,
    Authority,
    Case,
    Remedy,
    Staff,
)
from makegood.records.open_fees import OpenFee
from makegood.rules import authority, goodwill, remedies, workinghours
from makegood.rules.authority import Standing, Verdict
from makegood.rules.calendars import Calendar
from makegood.rules.goodwill import Failure, Suggestion
from makegood.rules.remedies import Activity, RemedyKind, RemedyOutcome, Source, Terms
from makegood.rules.severity import Function, Harm, Severity

REPEAT_WITHIN = timedelta(days=90)
HOME = "GBP"


@dataclass(frozen=True, kw_only=True, slots=True)
class Reason:
    """One part of a sum."""

    amount: str
    why: str
    source: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """Something that can be given in one act. `id` says which, when the form comes back."""

    id: str
    what: str
    terms: Terms
    sentence: str
    reasons: tuple[Reason, ...]
    like: str
    may_give: bool
    pay_by: datetime | None = None
    late_minor: int = 0
    fee: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseRemedies:
    """The part of the case's page that makes it good."""

    offers: tuple[Offer, ...]
    owed: tuple[OwedHere, ...]
    unsure: tuple[tuple[str, str], ...]
    cards: tuple[RemedyCard, ...]
    requests: tuple[RequestCard, ...]
    to_give: tuple[str, ...]
    """What is owed or to be taken off, and was not given yet."""
    made_good: tuple[str, ...]
    on_its_way: tuple[str, ...]
    room: str
    is_own: bool
    currency: str
    is_empty: bool
    gesture: GestureCard | None
    """What may be given on top that nobody promised, or was; None before its time."""
    likely: str
    """Where this usually ends; empty where nothing is offered."""


def get_case_remedies(case: Case, *, reader: Staff, effort: Effort, now: datetime) -> CaseRemedies:
    """What makes a case good, as `reader` may do it at `now`; the case comes with its customer."""
    there = glance.to_make_good(
        case.pk, reader=reader.pk, role=reader.role, repeat_within=REPEAT_WITHIN, now=now
    )
    desk = _Desk(case, reader, currency=there.currency or home_currency(now=now), now=now)
    given = remedy_cards.read_remedies(case) if there.remedies else []
    requests = (
        remedy_cards.read_requests(Q(case=case), reader=reader, now=now) if there.requests else ()
    )
    fees = open_fees.read(case=case.pk) if there.fees else []
    owed = entitlements.read_entitlements(case, now=now) if there.schemes else ()
    why = {item.because: item.said for item in owed}
    cards = remedy_cards.read_cards(case, given, why, zone=desk.zone, now=now)
    suggested = _suggestion(case, effort, given, there, desk)
    asked = {card.offer for card in requests}
    offers = () if case.closed_at else _offers(owed, fees, suggested, desk, asked=asked)
    return CaseRemedies(
        offers=offers,
        owed=owed,
        unsure=tuple((item.title, doubt) for item in owed for doubt in item.unsure),
        cards=cards,
        requests=requests,
        to_give=_to_give(owed, fees),
        made_good=remedy_cards.sums(row for row in given if row.outcome == RemedyOutcome.ARRIVED),
        on_its_way=remedy_cards.sums(row for row in given if row.outcome is None),
        room=money.in_words(
            desk.standing(Activity.GOODWILL, desk.currency).room_minor, desk.currency
        ),
        is_own=desk.standing(Activity.GOODWILL, desk.currency).is_own,
        currency=desk.currency,
        is_empty=not (cards or requests),
        gesture=gestures.read_card(case, there.gesture, now=now),
        likely=_likely(offers, desk),
    )


def _to_give(owed: Iterable[OwedHere], fees: Iterable[OpenFee]) -> tuple[str, ...]:
    missing = [(item.currency, item.missing_minor) for item in owed if item.missing_minor]
    return remedy_cards.in_words([*missing, *((fee.currency, fee.amount_minor) for fee in fees)])


def _likely(offers: Iterable[Offer], desk: "_Desk") -> str:
    if not any(offer.id == remedy_cards.GOODWILL for offer in offers):
        return ""
    end = like_ends.read_likely_end(desk.case, currency=desk.currency, now=desk.now)
    return like_ends.in_words(end, desk.currency)


def find_offer(
    case_id: int, offer: str, *, reader: Staff, effort: Effort, now: datetime
) -> Offer | None:
    """The offer of that id as it stands now; None if it no longer does."""
    page = get_case_remedies(one_case.by_id(case_id), reader=reader, effort=effort, now=now)
    return next((found for found in page.offers if found.id == offer), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseLine:
    """The case that something is given on."""

    reference: str
    title: str
    customer: str


def case_line(case: Case) -> CaseLine:
    """What a page says of the case that it belongs to."""
    return CaseLine(reference=case.reference, title=case.title, customer=case.customer.name)


def is_sent(key: str) -> bool:
    """Whether the form of this key has done its act."""
    sent = Remedy.objects.filter(key=key).exists()
    return sent or ApprovalRequest.objects.filter(key=key).exists()


class _Desk:
    """What a case's offers are worked out with: the reader's standing, by activity."""

    def __init__(self, case: Case, reader: Staff, *, currency: str, now: datetime) -> None:
        self.case, self.reader, self.currency, self.now = case, reader, currency, now
        self.zone = ZoneInfo(reader.zone)
        self._standings: dict[tuple[Activity, str], Standing] = {}

    @cached_property
    def calendar(self) -> Calendar:
        """The hours of the case's team; read only if something is offered."""
        return glance.office_hours(self.case.team_id, now=self.now)

    def standing(self, activity: Activity, currency: str) -> Standing:
        """How the reader stands towards the customer, read once for each activity."""
        key = (activity, currency)
        if key not in self._standings:
            self._standings[key] = read_standing(
                staff=self.reader.pk,
                customer=self.case.customer_id,
                currency=currency,
                activity=activity,
                now=self.now,
            )
        return self._standings[key]

    def may_give(self, terms: Terms) -> bool:
        """Whether the reader may give this alone."""
        standing = self.standing(terms.activity, terms.currency)
        return authority.judge(terms.amount_minor, standing) is Verdict.GIVE

    def sentence(self, terms: Terms) -> str:
        """What to say, with the day on the customer's calendar."""
        zone = ZoneInfo(self.case.customer.zone)
        within = remedies.PAY_WITHIN[terms.kind]
        try:
            due = workinghours.due_after(self.now, within, calendar=self.calendar)
        except workinghours.CalendarRunsOutError:
            due = self.now + timedelta(days=within.quantity)
        with choice.speaking(self.case.customer.language):
            return said.sentence(terms, when=moments.day_in_words(due, zone=zone))


def _offers(
    owed: Iterable[OwedHere],
    fees: Iterable[OpenFee],
    suggested: Suggestion | None,
    desk: _Desk,
    *,
    asked: Container[str],
) -> tuple[Offer, ...]:
    """What can be given now; what waits for a yes holds up nothing else."""
    offers = [_scheme_offer(item, desk) for item in owed if item.missing_minor]
    offers += [_fee_offer(fee, desk) for fee in fees]
    if suggested is not None:
        offers.append(_goodwill_offer(suggested, desk))
    return tuple(offer for offer in offers if offer.id not in asked)


def _scheme_offer(item: OwedHere, desk: _Desk) -> Offer:
    terms = Terms(
        kind=RemedyKind.CREDIT,
        source=Source.OWN if item.is_own else Source.SCHEME,
        amount_minor=item.missing_minor,
        currency=item.currency,
        because=item.because,
        scheme=item.scheme,
        version=item.version,
    )
    reason = Reason(amount=said.in_words(terms), why=item.said, source=item.title)
    return _offer(
        remedy_cards.offer_id(scheme=item.scheme),
        terms,
        desk,
        reasons=(reason,),
        pay_by=item.pay_by,
        late_minor=item.late_minor,
    )


def _fee_offer(fee: OpenFee, desk: _Desk) -> Offer:
    terms = Terms(
        kind=RemedyKind.WAIVER,
        source=Source.GOODWILL,
        amount_minor=fee.amount_minor,
        currency=fee.currency,
        because=said.because_of_a_fee(fee.what),
    )
    reason = Reason(amount=said.in_words(terms), why=fee.what, source=_("our failure caused it"))
    return _offer(remedy_cards.offer_id(fee=fee.fee), terms, desk, reasons=(reason,), fee=fee.fee)


def _goodwill_offer(found: Suggestion, desk: _Desk) -> Offer:
    terms = Terms(
        kind=found.kind,
        source=Source.GOODWILL,
        amount_minor=found.amount_minor,
        currency=found.currency,
        because=found.because[:300],
    )
    reasons = tuple(
        Reason(
            amount=money.in_words(line.amount_minor, found.currency),
            why=said.ground(line, found.currency),
            source=said.source_of(line.source),
        )
        for line in found.lines
    )
    return _offer(remedy_cards.GOODWILL, terms, desk, reasons=reasons, like=said.like(found.loss))


def _offer(
    id_: str,
    terms: Terms,
    desk: _Desk,
    *,
    reasons: tuple[Reason, ...],
    like: str = "",
    pay_by: datetime | None = None,
    late_minor: int = 0,
    fee: int | None = None,
) -> Offer:
    return Offer(
        id=id_,
        what=said.in_words(terms),
        terms=terms,
        sentence=desk.sentence(terms),
        reasons=reasons,
        like=like,
        may_give=desk.may_give(terms),
        pay_by=pay_by,
        late_minor=late_minor,
        fee=fee,
    )


def _suggestion(
    case: Case, effort: Effort, given: Iterable[Remedy], there: ToMakeGood, desk: _Desk
) -> Suggestion | None:
    """Goodwill on top, as far as it was not given yet; what we found of theirs is no failure."""
    if there.is_found and not there.broken:
        return None
    failure = Failure(
        function=Function(case.function),
        harm=Harm(case.harm),
        severity=Severity(case.severity),
        currency=desk.currency,
        customer_minutes=effort.minutes,
        customer_contacts=effort.by_customer,
        broken_promises=there.broken,
        repeats=there.repeats,
    )
    found = goodwill.suggest(failure)
    return None if any(_is_goodwill(row) for row in given) else found


def _is_goodwill(row: Remedy) -> bool:
    is_free = row.source == Source.GOODWILL and row.kind != RemedyKind.WAIVER
    return is_free and row.outcome != RemedyOutcome.RELEASED


def currency_of(reader: Staff, *, now: datetime) -> str:
    """The currency in which somebody gives."""
    held = Authority.objects.filter(
        Q(staff=reader) | Q(staff=None, role=reader.role), since__lte=now, ended_at=None
    )
    found = held.order_by("staff", "pk").values_list("currency", flat=True).first()
    return found or home_currency(now=now)


def home_currency(*, now: datetime) -> str:
    """The currency in which most of the company's limits are set: whoever has none counts in it."""
    live = Authority.objects.filter(since__lte=now, ended_at=None)
    usual = live.values_list("currency").annotate(n=Count("pk")).order_by("-n", "currency").first()
    return usual[0] if usual else HOME
