"""What is true of a case now, read for the gate: what may be said of it, and in which words."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from makegood.actions import case_sums, policies
from makegood.language import choice, true_words
from makegood.language.moments import day_in_words, in_words
from makegood.language.true_words import Due, Listener
from makegood.records import next_round
from makegood.records.case_rows import (
    CaseRow,
    CaseRows,
    OtherTimeRow,
    PartRow,
    PromiseRow,
    StandingRow,
    VisitRow,
    read_rows,
)
from makegood.records.models import Asset, Customer, Direction, PromiseKind
from makegood.rules.calendars import Calendar
from makegood.rules.capture.kinds import Kind, kinds_of
from makegood.rules.gate.facts import HEARING, Broken, Done, Facts, State, Window
from makegood.rules.promises import Outcome, Precision
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
_PART = "part"
# What a promise of these kinds says beside: a visit may be to collect, a redress a delivery.
_BESIDE = frozenset({Kind.COLLECTION, Kind.DELIVERY, Kind.REPAIR, Kind.VISIT})
_BY_ROUND = frozenset({Kind.COLLECTION})


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseFacts:
    """The facts of a case, and the frame in which words to its customer are read.

    `standing`: words of the company that nobody has decided about yet.
    """

    case: CaseRow
    standing: tuple[StandingRow, ...]
    facts: Facts
    frame: Frame


@dataclass(frozen=True, kw_only=True, slots=True)
class Asking:
    """When facts are asked for, and for which text.

    `said_at`: when it was said, if that lies back: words such as "today" mean that day. `tells`:
    it reaches the customer, and so tells the new dates that it says. `also`: windows beside those
    on record, such as that of a promise that is being made.
    """

    now: datetime
    said_at: datetime | None = None
    tells: bool = False
    also: tuple[Window, ...] = ()

    @property
    def at(self) -> datetime:
        """When it is said."""
        return self.said_at or self.now


def read_facts(case: int | str, asking: Asking) -> CaseFacts | None:
    """Everything that may be said of a case, by its id or reference; None if there is none."""
    rows = read_rows(case)
    return facts_of(rows, asking) if rows is not None else None


def facts_of(rows: CaseRows, asking: Asking) -> CaseFacts:
    """Everything that may be said of a case, of what was read of it."""
    case = rows.case
    zone = ZoneInfo(case.zone)
    with choice.speaking(case.language):
        listener = Listener(owner=case.owner, zone=zone, now=asking.at)
        facts = _Reader(rows=rows, asking=asking, listener=listener).facts()
    # The newest promise's, under whose terms "working days" are counted.
    digest = bytes.fromhex(case.calendar) if case.calendar else None
    calendar: Calendar | None = policies.calendar_of(digest) if digest else None
    frame = Frame(now=asking.at, zone=zone, calendar=calendar, day_first=True)
    return CaseFacts(case=case, standing=rows.standing, facts=facts, frame=frame)


def kinds_of_promise(kind: str, words: str) -> frozenset[Kind]:
    """What a promise is about, by its kind and its words."""
    own = _KINDS[PromiseKind(kind)]
    beside = kinds_of(fold(words).folded) & _BESIDE
    if own in {Kind.UPDATE, Kind.CALLBACK}:
        return frozenset({own})
    return frozenset({own}) | beside if own is not Kind.OTHER or not beside else beside


class _Reader:
    """Reads one case, in the customer's language."""

    def __init__(self, *, rows: CaseRows, asking: Asking, listener: Listener) -> None:
        self.case = rows.case
        self.asking = asking
        self.now = asking.now
        self.listener = listener
        self.rows = rows
        self.open = {one.id: one for one in rows.promises if one.outcome is None}

    def facts(self) -> Facts:
        """All of it."""
        windows = (
            *(*self._promised(), *self._decided(), *self._offered(), *self._round()),
            *(*self._visits(), *self._parts(), *self._said_to_all(), *self.asking.also),
        )
        # What has arrived is nothing to wait for: it may be said, and is not what comes next.
        rows = self.rows
        return Facts(
            windows=(*windows, *self._arrived()),
            broken=tuple(self._broken()),
            done=tuple(self._done()),
            sums=tuple(case_sums.read_sums(rows)),
            things=tuple(remedy.thing for remedy in rows.remedies if remedy.thing),
            moments=(*self._moments(), *self._other_moments(), *rows.apologies),
            apologies=rows.apologies,
            states=self._states(),
            owner=self.case.owner,
            next_word=_next_word(windows),
            urgent=self.case.severity == Severity.P1,
            is_open=self.case.closed_at is None,
            has_change=self.case.has_change,
        )

    def _promised(self) -> Iterator[Window]:
        overtaken = {row.promise_id for row in self._to_tell()} | set(self._without_a_time())
        for one in self.open.values():
            if one.due_at > self.now:
                due = _due(one.due_at, one.earliest_at, one.precision)
                window = self._window(f"promise:{one.id}", one, due, since=one.recorded_at)
                yield replace(window, is_overtaken=one.id in overtaken)

    def _without_a_time(self) -> Iterator[int]:
        """The promises of visits that have lost the time promised: nobody comes then."""
        for row in self.rows.visits:
            is_held = row.due_at is not None or row.arrived_at is not None
            if row.outcome is None and not is_held and row.promise_id is not None:
                yield row.promise_id

    def _arrived(self) -> Iterator[Window]:
        """What was given, and came before its time: the very words of its promise stay true.

        No other word of it may say that it is still to come.
        """
        for one in self.rows.promises:
            is_here = one.kind == PromiseKind.REDRESS and one.outcome == Outcome.KEPT
            if is_here and one.due_at > self.now:
                due = _due(one.due_at, one.earliest_at, one.precision)
                window = self._window(f"promise:{one.id}", one, due, since=one.recorded_at)
                none = frozenset[Kind]()
                yield replace(window, kinds=none, says="", renderings=(), stands=True, is_over=True)

    def _decided(self) -> Iterator[Window]:
        """New dates of which the customer is still to be told."""
        for row in self._to_tell():
            yield self._other(f"revision:{row.id}", row)

    def _to_tell(self) -> tuple[OtherTimeRow, ...]:
        """The new dates that this text may tell: decided before, and while the old one stands."""
        at = self.asking.at
        return tuple(
            row
            for row in (self.rows.revisions if self.asking.tells else ())
            if row.due_at > self.now
            and row.promise_id in self.open
            and row.since_at <= at <= self.open[row.promise_id].due_at
        )

    def _offered(self) -> Iterator[Window]:
        """Other times that the customer may choose."""
        for row in self.rows.choices:
            if row.promise_id in self.open:
                yield replace(self._other(f"choice:{row.id}", row), is_offer=True)

    def _visits(self) -> Iterator[Window]:
        """Confirmed visits whose time is held, where no promise says it already."""
        for row in self.rows.visits:
            if row.outcome is None and row.confirmed_at and row.promise_id not in self.open:
                yield from self._visit(row)

    def _visit(self, row: VisitRow) -> Iterator[Window]:
        if row.due_at is None or row.since_at is None or row.due_at <= self.now:
            return
        due = Due(due_at=row.due_at, earliest_at=row.earliest_at)
        said = true_words.renderings(due, to=self.listener)
        yield Window(
            key=f"visit:{row.id}",
            kinds=frozenset({Kind.VISIT}),
            due=row.due_at,
            earliest=row.earliest_at,
            since=row.since_at,
            says=true_words.sentence(frozenset({Kind.VISIT}), due, to=self.listener),
            renderings=tuple(fold(words).folded for words in said),
        )

    def _parts(self) -> Iterator[Window]:
        """When ordered parts come, for words about them."""
        for row in self.rows.parts:
            if row.eta_at is not None and row.received_at is None and row.eta_at > self.now:
                yield self._part(row, row.eta_at)

    def _part(self, row: PartRow, eta_at: datetime) -> Window:
        due = Due(due_at=eta_at, whole_day=True)
        said = true_words.renderings(due, to=self.listener)
        return Window(
            key=f"part_order:{row.id}",
            kinds=frozenset({Kind.DELIVERY}),
            due=eta_at,
            is_day=True,
            since=row.since_at,
            speaks_of=(_PART, *(word for word in fold(row.name).folded.split() if len(word) > 3)),  # noqa: PLR2004 - a shorter one is no name
            renderings=tuple(fold(words).folded for words in said),
        )

    def _said_to_all(self) -> Iterator[Window]:
        """What the owner of a failure of many said last, to everybody: it stands as it is."""
        for row in self.rows.incidents:
            if row.over_at is None and row.due_at and row.since_at and row.due_at > self.now:
                due = Due(due_at=row.due_at)
                said = true_words.renderings(due, to=self.listener)
                yield Window(
                    key=f"incident:{row.id}",
                    kinds=frozenset({Kind.UPDATE}),
                    due=row.due_at,
                    since=row.since_at,
                    words=row.words,
                    stands=True,
                    says=true_words.sentence(frozenset({Kind.UPDATE}), due, to=self.listener),
                    renderings=tuple(fold(words).folded for words in said),
                )

    def _round(self) -> Iterator[Window]:
        """The next round that serves what the case is about: "your next collection day"."""
        case = self.case
        if not case.has_round or case.asset_id is None:
            return
        asset = Asset.objects.get(pk=case.asset_id)
        lives = Customer(postcode=case.postcode)
        next_ = next_round.next_for(asset, customer=lives, now=self.now)
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
                yield Broken(
                    key=f"promise:{one.id}",
                    kinds=kinds,
                    due=one.due_at,
                    words=one.words,
                    renderings=self._past(one),
                )

    def _past(self, one: PromiseRow) -> tuple[str, ...]:
        """Its time as our letters say it; English ones are read, not compared."""
        if choice.current().startswith("en"):
            return ()
        say = day_in_words if one.precision == Precision.DATE else in_words
        return (fold(say(one.due_at, zone=self.listener.zone)).folded,)

    def _done(self) -> Iterator[Done]:
        for one in self.rows.promises:
            if one.outcome == Outcome.KEPT and one.settled_at:
                kinds = kinds_of_promise(one.kind, one.words)
                yield Done(key=f"promise:{one.id}", kinds=kinds, at=one.settled_at)
        mended = frozenset({Kind.REPAIR, *(_BY_ROUND if self.case.has_round else ())})
        for row in self.rows.incidents:
            if row.over_at is not None and not row.was_false:  # what never failed was not mended
                yield Done(key=f"incident:{row.id}", kinds=mended, at=row.over_at)

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

    def _other_moments(self) -> Iterator[datetime]:
        """As `_moments`, of visits, parts and failures of many."""
        said = (
            *((row.arrived_at, row.ended_at) for row in self.rows.visits),
            *((row.ordered_at, row.received_at) for row in self.rows.parts),
            *((row.failed_at, row.over_at) for row in self.rows.incidents),
        )
        yield from (at for pair in said for at in pair if at is not None)

    def _states(self) -> frozenset[State]:
        known = set()
        if self.rows.parts:
            known.add(State.ORDERED)
        if any(one.direction == Direction.OUTBOUND for one in self.rows.contacts):
            known.add(State.CALLED)
        if self.case.is_escalated:
            known.add(State.PASSED_ON)
        return frozenset(known)


def _due(due_at: datetime, earliest_at: datetime | None, precision: str) -> Due:
    return Due(due_at=due_at, earliest_at=earliest_at, whole_day=precision == Precision.DATE)


def _next_word(windows: tuple[Window, ...]) -> str:
    """When the customer hears next: of a promise of news, else of the nearest other one."""
    nearest = sorted(
        (one for one in windows if one.says and not one.is_offer and not one.is_overtaken),
        key=lambda window: (not window.kinds & HEARING, window.due),
    )
    return nearest[0].says if nearest else ""
