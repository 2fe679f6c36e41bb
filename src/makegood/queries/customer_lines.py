"""What was said and done in a case, as its customer reads it: in order, with nothing internal."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from makegood.queries import people, when
from makegood.queries.labels import CHANNELS
from makegood.queries.when import When
from makegood.records.models import (
    Case,
    Choice,
    Contact,
    Direction,
    Handover,
    Message,
    MessageKind,
    Promise,
    PromiseRevision,
    Reply,
    ReplyKind,
)
from makegood.rules.promises import Outcome, Precision

LINES_MAX = 60


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
class Clock:
    """Moments as the customer reads them."""

    now: datetime
    zone: ZoneInfo

    def at(self, moment: datetime) -> When:
        """A moment."""
        return when.at(moment, now=self.now, zone=self.zone)

    def broken(self, promise: Promise) -> When:
        """When a promise broke."""
        return when.broken(promise, now=self.now, zone=self.zone)

    def due(self, promise: Promise) -> When:
        """When a promise falls due."""
        return when.due(promise, now=self.now, zone=self.zone)

    def window(self, choice: Choice) -> When:
        """When a choice would fall due."""
        return when.due_at(
            choice.due_at,
            earliest_at=choice.earliest_at,
            whole_day=choice.precision == Precision.DATE,
            now=self.now,
            zone=self.zone,
        )


def read_apologies(case: Case) -> tuple[Message, ...]:
    """Every apology of a case, said or owed."""
    rows = Message.objects.filter(case=case, kind=MessageKind.APOLOGY)
    return tuple(rows.select_related("said_by"))


def read_lines(
    case: Case, promises: Iterable[Promise], apologies: Iterable[Message], clock: Clock
) -> tuple[Line, ...]:
    """All that was said and done, in the order in which it happened, cut to the newest."""
    dated = [
        *_promised(promises, clock),
        *_moved(case, clock),
        *_touched(case, clock),
        *_apologised(apologies, clock),
        *_taken_over(case, clock),
    ]
    dated.sort(key=lambda pair: pair[0])
    return tuple(line for _moment, line in dated[-LINES_MAX:])


_Dated = Iterable[tuple[datetime, Line]]


def _promised(promises: Iterable[Promise], clock: Clock) -> _Dated:
    # What is open stands under what happens next; older ones would be cut off all the same.
    settled = [record for record in promises if record.outcome is not None]
    settled.sort(key=_ended)
    for record in settled[-LINES_MAX:]:
        due, ended = clock.due(record), _ended(record)
        is_broken = record.outcome == Outcome.BROKEN
        at = clock.broken(record) if is_broken else clock.at(ended)
        yield ended, Line(
            kind=str(record.outcome), at=at, words=record.words, due=due,
        )  # fmt: skip


def _ended(record: Promise) -> datetime:
    return record.settled_at or record.due_at


def _moved(case: Case, clock: Clock) -> _Dated:
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


def _touched(case: Case, clock: Clock) -> _Dated:
    sent = dict(Reply.objects.filter(case=case).values_list("contact", "kind"))
    for row in Contact.objects.standing().filter(case=case).order_by("-happened_at")[:LINES_MAX]:
        yield row.happened_at, _touch(row, sent.get(row.pk), clock)


def _touch(row: Contact, reply: str | None, clock: Clock) -> Line:
    """A contact; what the customer sent from this page is told as what it was."""
    kind = "you_reached_us" if row.direction == Direction.INBOUND else "we_reached_you"
    return Line(
        kind=f"you_sent_{reply}" if reply else kind,
        at=clock.at(row.happened_at),
        # Notes of other contacts are the staff's own.
        words=row.note if reply == ReplyKind.WORDS else "",
        channel=str(CHANNELS.get(row.channel, "")),
    )


def _apologised(apologies: Iterable[Message], clock: Clock) -> _Dated:
    for row in apologies:
        if row.said_at is None:
            continue
        who = row.said_by.name if row.said_by else ""
        yield row.said_at, Line(kind="apology", at=clock.at(row.said_at), words=row.words, who=who)


def _taken_over(case: Case, clock: Clock) -> _Dated:
    rows = Handover.objects.filter(case=case, accepted_at__isnull=False)
    taken = [(row.accepted_at or row.asked_at, row.to_staff_id) for row in rows]
    names = people.names_of(person for _moment, person in taken)
    for moment, person in taken:
        yield moment, Line(kind="taken_over", at=clock.at(moment), who=names[person])
