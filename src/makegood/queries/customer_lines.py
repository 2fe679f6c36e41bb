"""What was said and done in a case, as its customer reads it: in order, with nothing internal."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import NamedTuple
from zoneinfo import ZoneInfo

from makegood.queries import plain, when
from makegood.queries.labels import CHANNELS
from makegood.queries.when import Dated, When
from makegood.records.models import Choice, Direction, Handover, PromiseRevision, ReplyKind
from makegood.rules.promises import Outcome, Precision

LINES_SHOWN = 20
"""The newest, which one can look over; the rest stands on the page when it is asked for."""

LINES_MAX = 2_000


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

    def broken(self, promise: Dated) -> When:
        """When a promise broke."""
        return when.broken(promise, now=self.now, zone=self.zone)

    def due(self, promise: Dated) -> When:
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


class Promised(NamedTuple):
    """A promise as the customer's page reads it.

    `settled_at` is when it was known for one that a visit broke before its time.
    """

    id: int
    kind: str
    words: str
    speaker: str
    due_at: datetime
    earliest_at: datetime | None
    precision: str
    zone: str
    outcome: str | None
    settled_at: datetime | None


class Replied(NamedTuple):
    """A reply: the contact that holds it, and what was promised for it."""

    contact: int
    promise: int | None
    kind: str
    phone: str


class Apology(NamedTuple):
    """An apology or an explanation that was said, or is owed."""

    kind: str
    said_at: datetime | None
    said_by: str
    words: str


class _Contact(NamedTuple):
    """A contact that was not taken back."""

    id: int
    happened_at: datetime
    direction: str
    channel: str
    note: str


@dataclass(frozen=True, kw_only=True, slots=True)
class There:
    """What there is on a case besides its promises and contacts."""

    moves: bool
    handovers: bool


# What was marked as kept by mistake never was; the same word stands again beside it.
_PROMISED = plain.Kept("""
    SELECT p.id, p.kind, p.words, p.speaker, p.due_at, p.earliest_at, p.precision, p.zone,
           p.outcome, least(p.settled_at, p.settled_recorded_at) AS settled_at
      FROM (SELECT id, outcome IS NULL AS is_open, row_number() OVER (
                       PARTITION BY outcome IS NULL ORDER BY settled_at DESC, id DESC) AS place
              FROM records_promise q WHERE case_id = %(case)s
               AND NOT EXISTS (SELECT FROM records_correction k WHERE k.promise_id = q.id)) chosen
      JOIN records_promise p ON p.id = chosen.id
     WHERE is_open OR place <= %(most)s
     ORDER BY p.due_at, p.id
""")
_REPLIED = plain.Kept("""
    SELECT contact_id AS contact, promise_id AS promise, kind, phone
      FROM records_reply WHERE case_id = %(case)s ORDER BY id
""")
_APOLOGIES = plain.Kept("""
    SELECT DISTINCT m.kind, m.said_at, coalesce(s.name, '') AS said_by, m.words
      FROM records_message m LEFT JOIN records_staff s ON s.id = m.said_by_id
     WHERE m.case_id = %(case)s AND m.kind IN ('apology', 'explanation')
""")
_CONTACTS = plain.Kept("""
    SELECT id, happened_at, direction, channel, note FROM records_contact
     WHERE case_id = %(case)s AND withdrawn_at IS NULL ORDER BY happened_at DESC LIMIT %(most)s
""")


def read_promises(case_id: int, *, most: int) -> list[Promised]:
    """What is open, and the newest of what is settled: one more than are shown."""
    return plain.rows(_PROMISED, Promised, case=case_id, most=most + 1)


def read_replies(case_id: int) -> list[Replied]:
    """Everything that the customer sent from the page, in that order."""
    return plain.rows(_REPLIED, Replied, case=case_id)


def read_apologies(case_id: int) -> list[Apology]:
    """Every apology and explanation of a case, said or owed."""
    return plain.rows(_APOLOGIES, Apology, case=case_id)


@dataclass(frozen=True, kw_only=True, slots=True)
class Lines:
    """What was said and done, in order; older lines may be left out."""

    lines: tuple[Line, ...]
    has_older: bool


def read_lines(
    case_id: int,
    there: There,
    clock: Clock,
    *,
    promises: Iterable[Promised],
    replies: Iterable[Replied],
    apologies: Iterable[Apology],
    most: int,
) -> Lines:
    """The newest that was said and done, in the order in which it happened."""
    sent = {reply.contact: reply.kind for reply in replies}
    dated = [
        *_promised(promises, clock),
        *(_moved(case_id, clock) if there.moves else ()),
        *_touched(case_id, sent, clock, most=most),
        *_apologised(apologies, clock),
        *(_taken_over(case_id, clock) if there.handovers else ()),
    ]
    dated.sort(key=lambda pair: pair[0])
    lines = tuple(make() for _moment, make in dated[-most:])
    return Lines(lines=lines, has_older=len(dated) > most)


# A line is put into words only once it is known to be shown.
_Dated = Iterable[tuple[datetime, Callable[[], Line]]]


def _promised(promises: Iterable[Promised], clock: Clock) -> _Dated:
    # What is open stands under what happens next.
    for record in promises:
        if record.outcome is not None:
            yield record.settled_at or record.due_at, partial(_settled, record, clock)


def _settled(record: Promised, clock: Clock) -> Line:
    settled_at = record.settled_at or record.due_at
    is_broken = record.outcome == Outcome.BROKEN and settled_at >= record.due_at
    at = clock.broken(record) if is_broken else clock.at(settled_at)
    return Line(kind=str(record.outcome), at=at, words=record.words, due=clock.due(record))


def _moved(case_id: int, clock: Clock) -> _Dated:
    rows = PromiseRevision.objects.filter(promise__case=case_id, told_at__isnull=False)
    for row in rows.select_related("promise"):
        yield row.told_at or row.decided_at, partial(_move, row, clock)


def _move(row: PromiseRevision, clock: Clock) -> Line:
    whole_day = row.promise.precision == Precision.DATE
    old, new = (
        when.due_at(moment, whole_day=whole_day, now=clock.now, zone=clock.zone)
        for moment in (row.old_due_at, row.new_due_at)
    )
    return Line(
        kind="moved",
        at=clock.at(row.told_at or row.decided_at),
        words=row.promise.words,
        channel=str(CHANNELS.get(row.told_channel, "")),
        due=new,
        old_due=old,
    )


def _touched(case_id: int, sent: Mapping[int, str], clock: Clock, *, most: int) -> _Dated:
    for row in plain.rows(_CONTACTS, _Contact, case=case_id, most=most + 1):
        yield row.happened_at, partial(_touch, row, sent.get(row.id), clock)


def _touch(row: _Contact, reply: str | None, clock: Clock) -> Line:
    """A contact; what the customer sent from this page is told as what it was."""
    kind = "you_reached_us" if row.direction == Direction.INBOUND else "we_reached_you"
    return Line(
        kind=f"you_sent_{reply}" if reply else kind,
        at=clock.at(row.happened_at),
        # Notes of other contacts are the staff's own.
        words=row.note if reply == ReplyKind.WORDS else "",
        channel=str(CHANNELS.get(row.channel, "")),
    )


def _apologised(apologies: Iterable[Apology], clock: Clock) -> _Dated:
    for row in apologies:
        if row.said_at is not None:
            yield row.said_at, partial(_apology, row, row.said_at, clock)


def _apology(row: Apology, said_at: datetime, clock: Clock) -> Line:
    return Line(kind=row.kind, at=clock.at(said_at), words=row.words, who=row.said_by)


def _taken_over(case_id: int, clock: Clock) -> _Dated:
    rows = Handover.objects.filter(case=case_id, accepted_at__isnull=False)
    for row in rows.select_related("to_staff"):
        moment = row.accepted_at or row.asked_at
        yield moment, partial(_take_over, row.to_staff.name, moment, clock)


def _take_over(who: str, moment: datetime, clock: Clock) -> Line:
    return Line(kind="taken_over", at=clock.at(moment), who=who)
