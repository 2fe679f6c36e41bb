"""The promises of one case as cards: words, speaker, due time, revisions, trace and outcome."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from makegood.language import sentences
from makegood.queries import standings, when
from makegood.queries.glance import OnCase
from makegood.queries.standings import Ladders
from makegood.queries.when import When
from makegood.records.models import Correction, Promise, PromiseKind, PromiseRevision, Reply
from makegood.rules.promises import Precision, Standing

EVERYTHING = OnCase()


@dataclass(frozen=True, kw_only=True, slots=True)
class RevisionLine:
    """A new date: told, still to be told, or too late to be told."""

    id: int
    number: int
    old: When
    new: When
    cause: str
    decided: When
    decided_by: str
    told: When | None
    told_channel: str
    told_evidence: str
    waits_for_telling: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """One promise."""

    id: int
    kind: str
    is_news: bool
    words: str
    speaker: str
    speaker_name: str
    channel: str
    said: When
    due: When
    due_elsewhere: str
    first_due: When | None
    standing: Standing
    is_open: bool
    settled: When | None
    settled_by: str
    evidence: str
    follows: str
    replaced_by: str
    was_a_slip: bool
    stands_again: bool
    trace: tuple[str, ...]
    revisions: tuple[RevisionLine, ...]
    phone: str = ""

    @property
    def untold(self) -> RevisionLine | None:
        """The new date that the customer still has to hear."""
        return next((line for line in reversed(self.revisions) if line.waits_for_telling), None)


def read_cards(
    records: Sequence[Promise],
    *,
    among: Sequence[Promise] = (),
    there: OnCase = EVERYTHING,
    now: datetime,
    zone: ZoneInfo,
) -> tuple[Card, ...]:
    """The cards of a case's promises, in the order given; four queries.

    :param among: all promises of the case, whose words may be quoted; else these are all.
    :param there: what there is to read, if that is known.
    """
    ladders = standings.read_ladders(records)
    revisions = _read_revisions(records if there.revisions else ())
    words: dict[int | None, str] = {record.pk: record.words for record in among or records}
    slips = _read_slips(words) if there.corrections else frozenset()
    phones = _read_phones(words) if there.replies else {}
    cards = (
        _card(record, ladders, revisions[record.pk], words, slips, now=now, zone=zone)
        for record in records
    )
    return tuple(replace(card, phone=phones.get(card.id, "")) for card in cards)


def _read_slips(promises: Iterable[int | None]) -> frozenset[int]:
    """Promises that were marked as kept by mistake."""
    rows = Correction.objects.filter(promise__in=list(promises))
    return frozenset(rows.values_list("promise_id", flat=True))


def _read_phones(promises: Iterable[int | None]) -> Mapping[int | None, str]:
    """The numbers to call, by promise, that customers gave on their pages."""
    rows = Reply.objects.filter(promise__in=list(promises)).exclude(phone="")
    return dict(rows.values_list("promise_id", "phone"))


def _read_revisions(records: Sequence[Promise]) -> Mapping[int, list[PromiseRevision]]:
    rows = PromiseRevision.objects.filter(promise__in=[record.pk for record in records])
    by_promise: dict[int, list[PromiseRevision]] = defaultdict(list)
    for row in rows.select_related("decided_by").order_by("number"):
        by_promise[row.promise_id].append(row)
    return by_promise


def _card(
    record: Promise,
    ladders: Ladders,
    revisions: Sequence[PromiseRevision],
    words: Mapping[int | None, str],
    slips: frozenset[int],
    *,
    now: datetime,
    zone: ZoneInfo,
) -> Card:
    whole_day = record.precision == Precision.DATE
    moved = record.first_due_at != record.due_at
    first = when.due_at(record.first_due_at, whole_day=whole_day, now=now, zone=zone)
    return Card(
        id=record.pk,
        kind=record.kind,
        is_news=record.kind == PromiseKind.NEWS,
        words=record.words,
        speaker=record.speaker,
        speaker_name=record.speaker_name,
        channel=record.channel,
        said=when.at(record.said_at, now=now, zone=zone),
        due=when.due(record, now=now, zone=zone),
        due_elsewhere=when.elsewhere(record, now=now, zone=zone),
        first_due=first if moved else None,
        standing=standings.standing(record, ladders, now=now),
        is_open=record.outcome is None,
        settled=when.at(record.settled_at, now=now, zone=zone) if record.settled_at else None,
        settled_by=record.settled_by.name if record.settled_by else "",
        evidence=sentences.begun(record.evidence),
        follows=words.get(record.follows_id, ""),
        replaced_by=words.get(record.replaced_by_id, ""),
        was_a_slip=record.pk in slips,
        stands_again=record.follows_id in slips,
        trace=tuple(record.trace),
        revisions=tuple(_line(row, record, now=now, zone=zone) for row in revisions),
    )


def _line(row: PromiseRevision, record: Promise, *, now: datetime, zone: ZoneInfo) -> RevisionLine:
    whole_day = record.precision == Precision.DATE
    waits = record.outcome is None and row.told_at is None and row.old_due_at == record.due_at
    return RevisionLine(
        id=row.pk,
        number=row.number,
        old=when.due_at(row.old_due_at, whole_day=whole_day, now=now, zone=zone),
        new=when.due_at(
            row.new_due_at,
            earliest_at=row.new_earliest_at,
            whole_day=whole_day,
            now=now,
            zone=zone,
        ),
        cause=row.cause,
        decided=when.at(row.decided_at, now=now, zone=zone),
        decided_by=row.decided_by.name if row.decided_by else "",
        told=when.at(row.told_at, now=now, zone=zone) if row.told_at else None,
        told_channel=row.told_channel,
        told_evidence=row.told_evidence,
        waits_for_telling=waits and now <= record.due_at,
    )
