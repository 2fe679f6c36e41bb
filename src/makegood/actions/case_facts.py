"""What is true of a case now, read for the gate: what may be said of it, and in which words."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, QuerySet, Subquery

from makegood.actions import policies
from makegood.language import choice, true_words
from makegood.language.true_words import Due, Listener
from makegood.records.models import (
    Case,
    Choice,
    Contact,
    Direction,
    Entitlement,
    Escalation,
    Fee,
    Message,
    MessageKind,
    Payment,
    PaymentState,
    Promise,
    PromiseKind,
    PromiseRevision,
    Remedy,
)
from makegood.rules.calendars import Calendar
from makegood.rules.capture.kinds import Kind, kinds_of
from makegood.rules.gate.facts import HEARING, Broken, Done, Facts, Money, State, Sum, Window
from makegood.rules.promises import Outcome, Precision
from makegood.rules.remedies import RemedyKind, RemedyOutcome
from makegood.rules.severity import Severity
from makegood.rules.timewords.moment import Frame
from makegood.rules.wording.prose import fold

NEWEST = 200
_KINDS = {
    PromiseKind.NEWS: Kind.UPDATE,
    PromiseKind.VISIT: Kind.VISIT,
    PromiseKind.CALLBACK: Kind.CALLBACK,
    PromiseKind.DELIVERY: Kind.DELIVERY,
    PromiseKind.REPAIR: Kind.REPAIR,
    PromiseKind.REDRESS: Kind.REFUND,
    PromiseKind.OTHER: Kind.OTHER,
}
# What a promise of these kinds says beside: a visit may be to collect, a redress a delivery.
_BESIDE = frozenset({Kind.COLLECTION, Kind.DELIVERY, Kind.REPAIR, Kind.VISIT})


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseFacts:
    """The facts of a case, and the frame in which words to its customer are read."""

    case: Case
    facts: Facts
    frame: Frame


def read_facts(
    case: Case, *, now: datetime, said_at: datetime | None = None, also: Iterable[Window] = ()
) -> CaseFacts:
    """Everything that may be said of a case at `now`.

    :param case: with its customer and owner.
    :param said_at: when it was said, if that lies back: words such as "today" mean that day.
    :param also: windows beside those on record, such as that of a promise that is being made.
    """
    zone = ZoneInfo(case.customer.zone)
    with choice.speaking(case.customer.language):
        reader = _Reader(
            case=case,
            now=now,
            listener=Listener(owner=case.owner.name, zone=zone, now=said_at or now),
        )
        facts = reader.facts(tuple(also))
    calendar = reader.calendar()
    return CaseFacts(
        case=case,
        facts=facts,
        frame=Frame(now=said_at or now, zone=zone, calendar=calendar, day_first=True),
    )


def kinds_of_promise(kind: str, words: str) -> frozenset[Kind]:
    """What a promise is about, by its kind and its words."""
    own = _KINDS[PromiseKind(kind)]
    beside = kinds_of(fold(words).folded) & _BESIDE
    if own in {Kind.UPDATE, Kind.CALLBACK}:
        return frozenset({own})
    return frozenset({own}) | beside if own is not Kind.OTHER or not beside else beside


class _Reader:
    """Reads one case, in the customer's language."""

    def __init__(self, *, case: Case, now: datetime, listener: Listener) -> None:
        self.case = case
        self.now = now
        self.listener = listener
        self.promises = list(Promise.objects.filter(case=case).order_by("-pk")[:NEWEST])
        self.is_english = choice.current().startswith("en")

    def calendar(self) -> Calendar | None:
        """The working calendar under which the newest promise was made."""
        if not self.promises:
            return None
        policy = self.promises[0].policy_id
        return policies.read({policy})[policy].calendar

    def facts(self, also: tuple[Window, ...]) -> Facts:
        """All of it."""
        windows = (*self._promised(), *self._decided(), *self._offered(), *also)
        remedies = list(_remedies(self.case))
        contacts = list(Contact.objects.standing().filter(case=self.case).order_by("-pk")[:NEWEST])
        apologies = self._apologies()
        return Facts(
            windows=windows,
            broken=tuple(self._broken()),
            done=tuple(self._done()),
            sums=(*self._given(remedies), *self._owed(), *self._charged(), *_spent(contacts)),
            things=tuple(remedy.thing for remedy in remedies if remedy.thing),
            moments=tuple(self._moments(contacts, remedies)) + apologies,
            apologies=apologies,
            states=self._states(contacts),
            owner=self.case.owner.name,
            next_word=_next_word(windows),
            urgent=self.case.severity == Severity.P1,
            is_open=self.case.closed_at is None,
        )

    def _promised(self) -> Iterator[Window]:
        for one in self.promises:
            if one.outcome is None and one.due_at > self.now:
                due = _due(one.due_at, one.earliest_at, one.precision)
                yield self._window(f"promise:{one.pk}", one, due, since=one.recorded_at)

    def _decided(self) -> Iterator[Window]:
        """New dates of which the customer is still to be told."""
        by_id = {one.pk: one for one in self.promises if one.outcome is None}
        untold = PromiseRevision.objects.filter(promise__in=by_id, told_at=None)
        for row in untold if by_id else ():
            promise = by_id[row.promise_id]
            if row.old_due_at == promise.due_at and row.new_due_at > self.now:
                due = _due(row.new_due_at, row.new_earliest_at, promise.precision)
                yield self._window(f"revision:{row.pk}", promise, due, since=row.decided_at)

    def _offered(self) -> Iterator[Window]:
        """Other times that the customer may choose."""
        by_id = {one.pk: one for one in self.promises if one.outcome is None}
        offers = Choice.objects.filter(promise__in=by_id, withdrawn_at=None, chosen_at=None)
        for row in offers if by_id else ():
            due = _due(row.due_at, row.earliest_at, row.precision)
            promise = by_id[row.promise_id]
            window = self._window(f"choice:{row.pk}", promise, due, since=row.offered_at)
            yield replace(window, is_offer=True)

    def _window(self, key: str, promise: Promise, due: Due, *, since: datetime) -> Window:
        kinds = kinds_of_promise(promise.kind, promise.words)
        said = true_words.renderings(due, to=self.listener)
        return Window(
            key=key,
            kinds=kinds,
            due=due.due_at,
            earliest=due.earliest_at,
            is_day=due.whole_day,
            since=since,
            words=promise.words,
            says=true_words.sentence(kinds, due, to=self.listener),
            renderings=tuple(fold(words).folded for words in said),
        )

    def _broken(self) -> Iterator[Broken]:
        """What broke, and what is overdue and about to."""
        for one in self.promises:
            overdue = one.outcome is None and one.due_at <= self.now
            if overdue or one.outcome == Outcome.BROKEN:
                kinds = kinds_of_promise(one.kind, one.words)
                key = f"promise:{one.pk}"
                yield Broken(key=key, kinds=kinds, due=one.due_at, words=one.words)

    def _done(self) -> Iterator[Done]:
        for one in self.promises:
            if one.outcome == Outcome.KEPT and one.settled_at:
                kinds = kinds_of_promise(one.kind, one.words)
                yield Done(key=f"promise:{one.pk}", kinds=kinds, at=one.settled_at)

    def _given(self, remedies: Iterable[Remedy]) -> Iterator[Sum]:
        for remedy in remedies:
            if not remedy.thing and remedy.outcome != RemedyOutcome.RELEASED:
                yield Sum(
                    key=f"remedy:{remedy.pk}",
                    minor=remedy.amount_minor,
                    currency=remedy.currency,
                    how_far=_how_far(remedy),
                    since=remedy.granted_at,
                    says=true_words.of_money(remedy.amount_minor, remedy.currency)
                    if remedy.outcome is None
                    else "",
                )

    def _owed(self) -> Iterator[Sum]:
        rows = Entitlement.objects.filter(case=self.case, raised_at__isnull=False)
        for row in rows.exclude(currency=""):
            left = (row.amount_minor or 0) - row.granted_minor
            if left > 0:
                yield Sum(
                    key=f"entitlement:{row.pk}",
                    minor=left,
                    currency=row.currency,
                    how_far=Money.OWED,
                    since=row.raised_at or self.now,
                    says=true_words.of_money(left, row.currency),
                )

    def _charged(self) -> Iterator[Sum]:
        for fee in Fee.objects.filter(customer=self.case.customer_id).order_by("-pk")[:NEWEST]:
            yield Sum(
                key=f"fee:{fee.pk}",
                minor=fee.amount_minor,
                currency=fee.currency,
                how_far=Money.CHARGED,
                since=fee.charged_at,
            )

    def _apologies(self) -> tuple[datetime, ...]:
        said = Message.objects.filter(
            case=self.case, kind=MessageKind.APOLOGY, said_at__isnull=False
        ).values_list("said_at", flat=True)
        return tuple(at for at in said if at is not None)

    def _moments(
        self, contacts: Iterable[Contact], remedies: Iterable[Remedy]
    ) -> Iterator[datetime]:
        """When something happened that may be spoken of."""
        yield from (self.case.failed_at, self.case.known_at, self.case.recorded_at)
        for contact in contacts:
            yield contact.happened_at
        for one in self.promises:
            yield one.said_at
            yield from (one.first_due_at, one.due_at)
            if one.settled_at:
                yield one.settled_at
        for remedy in remedies:
            yield remedy.granted_at
            if remedy.settled_at:
                yield remedy.settled_at

    def _states(self, contacts: Iterable[Contact]) -> frozenset[State]:
        known = set()
        if any(one.direction == Direction.OUTBOUND for one in contacts):
            known.add(State.CALLED)
        if Escalation.objects.filter(case=self.case).exists():
            known.add(State.PASSED_ON)
        return frozenset(known)


def _due(due_at: datetime, earliest_at: datetime | None, precision: str) -> Due:
    return Due(due_at=due_at, earliest_at=earliest_at, whole_day=precision == Precision.DATE)


def _remedies(case: Case) -> QuerySet[Remedy]:
    """The remedies of a case, each with how far its payment is."""
    latest = Payment.objects.filter(remedy=OuterRef("pk")).order_by("-number")
    state = Subquery(latest.values("state")[:1])
    return Remedy.objects.filter(case=case).annotate(payment_state=state)


def _how_far(remedy: Remedy) -> Money:
    if remedy.kind == RemedyKind.WAIVER:
        return Money.WAIVED
    if remedy.outcome == RemedyOutcome.ARRIVED:
        return Money.ARRIVED
    sent = getattr(remedy, "payment_state", None) == PaymentState.SENT
    return Money.SENT if sent else Money.GRANTED


def _spent(contacts: Iterable[Contact]) -> Iterator[Sum]:
    for contact in contacts:
        if contact.money_minor:
            yield Sum(
                key=f"contact:{contact.pk}",
                minor=contact.money_minor,
                currency=contact.currency,
                how_far=Money.SPENT,
                since=contact.happened_at,
            )


def _next_word(windows: tuple[Window, ...]) -> str:
    """When the customer hears next: of a promise of news, else of the nearest other one."""
    nearest = sorted(
        (window for window in windows if not window.is_offer),
        key=lambda window: (not window.kinds & HEARING, window.due),
    )
    return nearest[0].says if nearest else ""
