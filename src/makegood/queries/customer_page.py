"""What the customer sees: what happened, what happens next and when, what was said and done.

Rendered from the same records as the desk, in the customer's zone, and with nothing internal:
no severity, no names of rungs, no evidence, no reasons that staff wrote for each other.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from makegood.queries import people, when
from makegood.queries.labels import CHANNELS
from makegood.queries.when import When
from makegood.records.models import (
    Case,
    Contact,
    Direction,
    Handover,
    Message,
    Promise,
    PromiseRevision,
)
from makegood.rules import moments
from makegood.rules.promises import Outcome, Precision

LINES_MAX = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class NextStep:
    """Something that is promised."""

    words: str
    due: When
    is_overdue: bool
    is_by_the_clock: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One thing that was said or done. `kind` picks the sentence, `at` its day."""

    kind: str
    at: When
    words: str = ""
    who: str = ""
    channel: str = ""
    due: When | None = None
    old_due: When | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class CustomerPage:
    """The page."""

    title: str
    thing: str
    place: str
    since: When
    owner: str
    owner_first: str
    zone: str
    next: NextStep | None
    more: tuple[NextStep, ...]
    lines: tuple[Line, ...]
    closed: When | None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Clock:
    now: datetime
    zone: ZoneInfo

    def at(self, moment: datetime) -> When:
        return when.at(moment, now=self.now, zone=self.zone)

    def broken(self, promise: Promise) -> When:
        return when.broken(promise, now=self.now, zone=self.zone)

    def due(self, promise: Promise) -> When:
        return when.due(promise, now=self.now, zone=self.zone)


def get_customer_page(case_id: int, *, now: datetime) -> CustomerPage:
    """The page of one case at `now`.

    :raises Case.DoesNotExist: if there is none.
    """
    case = Case.objects.select_related("customer", "asset", "owner").get(pk=case_id)
    clock = _Clock(now=now, zone=ZoneInfo(case.customer.zone))
    # What was marked as kept by mistake never was; the same word stands again beside it.
    given = Promise.objects.filter(case=case, correction__isnull=True)
    promises = list(given.order_by("due_at", "pk"))
    steps = tuple(_step(record, clock) for record in promises if record.outcome is None)
    return CustomerPage(
        title=case.title,
        thing=case.asset.name if case.asset else "",
        place=case.asset.place if case.asset else "",
        since=clock.at(case.failed_at),
        owner=case.owner.name,
        owner_first=case.owner.name.split()[0],
        zone=moments.zone_in_words(clock.zone),
        next=steps[0] if steps else None,
        more=steps[1:],
        lines=_lines(case, promises, clock),
        closed=clock.at(case.closed_at) if case.closed_at else None,
    )


def _step(record: Promise, clock: _Clock) -> NextStep:
    return NextStep(
        words=record.words,
        due=clock.due(record),
        is_overdue=clock.now > record.due_at,
        is_by_the_clock=record.precision == Precision.INSTANT and record.earliest_at is None,
    )


def _lines(case: Case, promises: Iterable[Promise], clock: _Clock) -> tuple[Line, ...]:
    """All that was said and done, in the order in which it happened, cut to the newest."""
    dated = [
        *_promised(promises, clock),
        *_moved(case, clock),
        *_touched(case, clock),
        *_apologised(case, clock),
        *_taken_over(case, clock),
    ]
    dated.sort(key=lambda pair: pair[0])
    return tuple(line for _moment, line in dated[-LINES_MAX:])


_Dated = Iterable[tuple[datetime, Line]]


def _promised(promises: Iterable[Promise], clock: _Clock) -> _Dated:
    for record in promises:
        due = clock.due(record)
        if record.outcome is None:
            continue  # it stands under what happens next
        ended = record.settled_at or record.due_at
        is_broken = record.outcome == Outcome.BROKEN
        at = clock.broken(record) if is_broken else clock.at(ended)
        yield ended, Line(
            kind=record.outcome, at=at, words=record.words, due=due,
        )  # fmt: skip


def _moved(case: Case, clock: _Clock) -> _Dated:
    rows = PromiseRevision.objects.filter(promise__case=case, told_at__isnull=False)
    for row in rows.select_related("promise"):
        whole_day = row.promise.precision == Precision.DATE
        old, new = (
            when.due_at(moment, whole_day=whole_day, now=clock.now, zone=clock.zone)
            for moment in (row.old_due_at, row.new_due_at)
        )
        told = row.told_at or row.decided_at
        yield (
            told,
            Line(
                kind="moved",
                at=clock.at(told),
                words=row.promise.words,
                channel=str(CHANNELS.get(row.told_channel, "")),
                due=new,
                old_due=old,
            ),
        )


def _touched(case: Case, clock: _Clock) -> _Dated:
    for row in Contact.objects.standing().filter(case=case).order_by("-happened_at")[:LINES_MAX]:
        kind = "you_reached_us" if row.direction == Direction.INBOUND else "we_reached_you"
        yield (
            row.happened_at,
            Line(
                kind=kind, at=clock.at(row.happened_at), channel=str(CHANNELS.get(row.channel, ""))
            ),
        )


def _apologised(case: Case, clock: _Clock) -> _Dated:
    rows = Message.objects.filter(case=case, said_at__isnull=False).select_related("said_by")
    for row in rows:
        said = row.said_at or row.queued_at
        who = row.said_by.name if row.said_by else ""
        yield said, Line(kind="apology", at=clock.at(said), words=row.words, who=who)


def _taken_over(case: Case, clock: _Clock) -> _Dated:
    rows = Handover.objects.filter(case=case, accepted_at__isnull=False)
    taken = [(row.accepted_at or row.asked_at, row.to_staff_id) for row in rows]
    names = people.names_of(person for _moment, person in taken)
    for moment, person in taken:
        yield moment, Line(kind="taken_over", at=clock.at(moment), who=names[person])
