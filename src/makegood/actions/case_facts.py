"""What is true of a case now, read for the gate: what may be said of it, and in which words."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from makegood.actions import policies
from makegood.language import choice, true_words
from makegood.language.true_words import Due, Listener
from makegood.records import next_round
from makegood.records.case_rows import OtherTimeRow, PromiseRow, RemedyRow, read_rows
from makegood.records.models import Case, Direction, PaymentState, PromiseKind
from makegood.rules.calendars import Calendar
from makegood.rules.capture.kinds import Kind, kinds_of
from makegood.rules.gate.facts import HEARING, Broken, Done, Facts, Money, State, Sum, Window
from makegood.rules.promises import Outcome, Precision
from makegood.rules.remedies import RemedyKind, RemedyOutcome
from makegood.rules.severity import Severity
from makegood.rules.timewords.moment import Frame
from makegood.rules.wording.prose import fold

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
_BY_ROUND = frozenset({Kind.COLLECTION})


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
        self.rows = read_rows(case.pk, customer_id=case.customer_id)
        self.open = {one.id: one for one in self.rows.promises if one.outcome is None}

    def calendar(self) -> Calendar | None:
        """The working calendar under which the newest promise was made."""
        digest = self.rows.calendar
        return policies.calendar_of(digest) if digest is not None else None

    def facts(self, also: tuple[Window, ...]) -> Facts:
        """All of it."""
        windows = (*self._promised(), *self._decided(), *self._offered(), *self._round(), *also)
        rows = self.rows
        return Facts(
            windows=windows,
            broken=tuple(self._broken()),
            done=tuple(self._done()),
            sums=(*self._given(), *self._owed(), *self._charged(), *self._spent()),
            things=tuple(remedy.thing for remedy in rows.remedies if remedy.thing),
            moments=(*self._moments(), *rows.apologies),
            apologies=rows.apologies,
            states=self._states(),
            owner=self.case.owner.name,
            next_word=_next_word(windows),
            urgent=self.case.severity == Severity.P1,
            is_open=self.case.closed_at is None,
        )

    def _promised(self) -> Iterator[Window]:
        for one in self.open.values():
            if one.due_at > self.now:
                due = _due(one.due_at, one.earliest_at, one.precision)
                yield self._window(f"promise:{one.id}", one, due, since=one.recorded_at)

    def _decided(self) -> Iterator[Window]:
        """New dates of which the customer is still to be told."""
        for row in self.rows.revisions:
            if row.due_at > self.now:
                yield self._other(f"revision:{row.id}", row)

    def _offered(self) -> Iterator[Window]:
        """Other times that the customer may choose."""
        for row in self.rows.choices:
            yield replace(self._other(f"choice:{row.id}", row), is_offer=True)

    def _round(self) -> Iterator[Window]:
        """The next round that serves what the case is about: "your next collection day"."""
        case = self.case
        next_ = next_round.next_for(case.asset, customer=case.customer, now=self.now)
        if next_ is not None:
            yield Window(
                key=f"round:{next_.round}",
                kinds=_BY_ROUND,
                due=next_.closes_at,
                earliest=next_.opens_at,
                since=self.now,
                is_round=True,
                words=next_.round,
            )

    def _other(self, key: str, row: OtherTimeRow) -> Window:
        promise = self.open[row.promise_id]
        due = _due(row.due_at, row.earliest_at, promise.precision)
        return self._window(key, promise, due, since=row.since_at)

    def _window(self, key: str, promise: PromiseRow, due: Due, *, since: datetime) -> Window:
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
        for one in self.rows.promises:
            overdue = one.outcome is None and one.due_at <= self.now
            if overdue or one.outcome == Outcome.BROKEN:
                kinds = kinds_of_promise(one.kind, one.words)
                yield Broken(key=f"promise:{one.id}", kinds=kinds, due=one.due_at, words=one.words)

    def _done(self) -> Iterator[Done]:
        for one in self.rows.promises:
            if one.outcome == Outcome.KEPT and one.settled_at:
                kinds = kinds_of_promise(one.kind, one.words)
                yield Done(key=f"promise:{one.id}", kinds=kinds, at=one.settled_at)

    def _given(self) -> Iterator[Sum]:
        for remedy in self.rows.remedies:
            if not remedy.thing and remedy.outcome != RemedyOutcome.RELEASED:
                says = true_words.of_money(remedy.amount_minor, remedy.currency)
                yield Sum(
                    key=f"remedy:{remedy.id}",
                    minor=remedy.amount_minor,
                    currency=remedy.currency,
                    how_far=_how_far(remedy),
                    since=remedy.granted_at,
                    says=says if remedy.outcome is None else "",
                )

    def _owed(self) -> Iterator[Sum]:
        for row in self.rows.owed:
            yield Sum(
                key=f"entitlement:{row.id}",
                minor=row.minor,
                currency=row.currency,
                how_far=Money.OWED,
                since=row.since_at,
                says=true_words.of_money(row.minor, row.currency),
            )

    def _charged(self) -> Iterator[Sum]:
        for row in self.rows.fees:
            yield Sum(
                key=f"fee:{row.id}",
                minor=row.minor,
                currency=row.currency,
                how_far=Money.CHARGED,
                since=row.since_at,
            )

    def _spent(self) -> Iterator[Sum]:
        for contact in self.rows.contacts:
            if contact.money_minor:
                yield Sum(
                    key=f"contact:{contact.id}",
                    minor=contact.money_minor,
                    currency=contact.currency,
                    how_far=Money.SPENT,
                    since=contact.happened_at,
                )

    def _moments(self) -> Iterator[datetime]:
        """When something happened that may be spoken of."""
        yield from (self.case.failed_at, self.case.known_at, self.case.recorded_at)
        for contact in self.rows.contacts:
            yield contact.happened_at
        for one in self.rows.promises:
            yield from (one.said_at, one.first_due_at, one.due_at)
            if one.settled_at:
                yield one.settled_at
        for remedy in self.rows.remedies:
            yield remedy.granted_at
            if remedy.settled_at:
                yield remedy.settled_at

    def _states(self) -> frozenset[State]:
        known = set()
        if any(one.direction == Direction.OUTBOUND for one in self.rows.contacts):
            known.add(State.CALLED)
        if self.rows.is_escalated:
            known.add(State.PASSED_ON)
        return frozenset(known)


def _due(due_at: datetime, earliest_at: datetime | None, precision: str) -> Due:
    return Due(due_at=due_at, earliest_at=earliest_at, whole_day=precision == Precision.DATE)


def _how_far(remedy: RemedyRow) -> Money:
    if remedy.kind == RemedyKind.WAIVER:
        return Money.WAIVED
    if remedy.outcome == RemedyOutcome.ARRIVED:
        return Money.ARRIVED
    return Money.SENT if remedy.payment == PaymentState.SENT else Money.GRANTED


def _next_word(windows: tuple[Window, ...]) -> str:
    """When the customer hears next: of a promise of news, else of the nearest other one."""
    nearest = sorted(
        (window for window in windows if not window.is_offer and not window.is_round),
        key=lambda window: (not window.kinds & HEARING, window.due),
    )
    return nearest[0].says if nearest else ""
