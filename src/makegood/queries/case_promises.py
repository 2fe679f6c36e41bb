"""The promises of one case as cards: words, speaker, due time, revisions, trace and outcome."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from makegood.language import sentences, traces
from makegood.queries import plain, standings, when
from makegood.queries.when import When
from makegood.records.models import DEEDS, PromiseKind, PromiseRevision
from makegood.rules.promises import Precision, Standing

PUTS_RIGHT = DEEDS | {PromiseKind.REDRESS}
"""What the steps of putting right are told by, so that it always stands on the page."""

SETTLED_SHOWN = 6
"""Of what is settled, what one can look over; the rest stands on the page when it is asked for."""


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
    is_of_remedy: bool = False
    is_deed: bool = False
    is_shaky: bool = False

    @property
    def untold(self) -> RevisionLine | None:
        """The new date that the customer still has to hear."""
        return next((line for line in reversed(self.revisions) if line.waits_for_telling), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Cards:
    """The promises of a case in the order of their due times; perhaps without older ones."""

    cards: tuple[Card, ...]
    has_older: bool

    @property
    def open(self) -> tuple[Card, ...]:
        """What still stands."""
        return tuple(card for card in self.cards if card.is_open)


class _Read(NamedTuple):
    """A promise as it is read, with the words of those before and after it."""

    id: int
    kind: str
    words: str
    speaker: str
    speaker_name: str
    channel: str
    said_at: datetime
    earliest_at: datetime | None
    first_due_at: datetime
    due_at: datetime
    precision: str
    zone: str
    outcome: str | None
    settled_at: datetime | None
    evidence: str
    trace: str
    settled_by: str
    follows: str
    replaced_by: str
    was_a_slip: bool
    stands_again: bool
    phone: str
    is_of_remedy: bool
    is_deed: bool
    is_shaky: bool
    first_share: float
    total: int


# A correction marks what was kept by mistake; a reply holds the number that a customer gave, which
# a call that is promised once more keeps.
_READ = """
    SELECT p.id, p.kind, p.words, p.speaker, p.speaker_name, p.channel, p.said_at, p.earliest_at,
           p.first_due_at, p.due_at, p.precision, p.zone, p.outcome, p.settled_at, p.evidence,
           p.trace, coalesce(b.name, '') AS settled_by, coalesce(f.words, '') AS follows,
           coalesce(n.words, '') AS replaced_by,
           EXISTS (SELECT FROM records_correction k WHERE k.promise_id = p.id) AS was_a_slip,
           EXISTS (SELECT FROM records_correction k WHERE k.promise_id = p.follows_id)
             AS stands_again,
           CASE WHEN p.kind = 'callback' THEN coalesce(
                (SELECT r.phone FROM records_reply r
                  WHERE r.case_id = p.case_id AND r.phone <> ''
                    AND (r.promise_id = p.id OR p.speaker = 'system' AND r.sent_at <= p.said_at)
                  ORDER BY r.promise_id IS NOT DISTINCT FROM p.id DESC, r.id DESC
                  LIMIT 1),
                u.phone) ELSE '' END AS phone,
           p.kind = 'redress' AND EXISTS (SELECT FROM records_remedy x
                    WHERE x.promise_id = p.id AND x.outcome IS NULL) AS is_of_remedy,
           {is_deed} AS is_deed,
           {shaky} AS is_shaky,
           {first_share} AS first_share, chosen.total
      FROM (SELECT id, outcome IS NULL OR kind = ANY(%(kept_in_sight)s) AS is_in_sight,
                   row_number() OVER (PARTITION BY outcome IS NULL OR kind = ANY(%(kept_in_sight)s)
                                      ORDER BY due_at DESC, id DESC) AS place,
                   count(*) OVER () AS total
              FROM records_promise WHERE case_id = %(case)s) chosen
      JOIN records_promise p ON p.id = chosen.id
      JOIN records_policysnapshot s ON s.id = p.policy_id
      JOIN records_case c ON c.id = p.case_id
      JOIN records_customer u ON u.id = c.customer_id
      LEFT JOIN records_staff b ON b.id = p.settled_by_id
      LEFT JOIN records_promise f ON f.id = p.follows_id
      LEFT JOIN records_promise n ON n.id = p.replaced_by_id
     WHERE is_in_sight OR %(everything)s OR place <= %(most)s
     ORDER BY p.due_at, p.id
"""
_CARDS = plain.Kept(
    _READ.format(
        first_share=standings.FIRST_SHARE, shaky=standings.SHAKY, is_deed=standings.IS_DEED
    )
)


def read_cards(
    case_id: int,
    *,
    now: datetime,
    zone: ZoneInfo,
    everything: bool = True,
    has_revisions: bool = True,
) -> Cards:
    """The cards of a case's promises; two queries.

    Without `everything`: what is open, what puts it right, and the newest of what is settled.
    """
    rows = plain.rows(
        _CARDS,
        _Read,
        case=case_id,
        kept_in_sight=[kind.value for kind in PUTS_RIGHT],
        everything=everything,
        most=SETTLED_SHOWN,
    )
    revisions = _read_revisions([row.id for row in rows] if has_revisions else ())
    cards = tuple(_card(row, revisions[row.id], now=now, zone=zone) for row in rows)
    return Cards(cards=cards, has_older=bool(rows) and len(rows) < rows[0].total)


def _read_revisions(promises: Sequence[int]) -> Mapping[int, list[PromiseRevision]]:
    by_promise: dict[int, list[PromiseRevision]] = defaultdict(list)
    if not promises:
        return by_promise
    rows = PromiseRevision.objects.filter(promise__in=promises)
    for row in rows.select_related("decided_by").order_by("number"):
        by_promise[row.promise_id].append(row)
    return by_promise


def _card(
    row: _Read, revisions: Sequence[PromiseRevision], *, now: datetime, zone: ZoneInfo
) -> Card:
    whole_day = row.precision == Precision.DATE
    moved = row.first_due_at != row.due_at
    first = when.due_at(row.first_due_at, whole_day=whole_day, now=now, zone=zone)
    return Card(
        id=row.id,
        kind=row.kind,
        words=row.words,
        speaker=row.speaker,
        speaker_name=row.speaker_name,
        channel=row.channel,
        said=when.at(row.said_at, now=now, zone=zone),
        due=when.due(row, now=now, zone=zone),
        due_elsewhere=when.elsewhere(row, now=now, zone=zone),
        first_due=first if moved else None,
        standing=standings.of(row, now=now),
        is_open=row.outcome is None,
        settled=when.at(row.settled_at, now=now, zone=zone) if row.settled_at else None,
        settled_by=row.settled_by,
        evidence=sentences.begun(row.evidence),
        follows=row.follows,
        replaced_by=row.replaced_by,
        was_a_slip=row.was_a_slip,
        stands_again=row.stands_again,
        trace=tuple(traces.said(step) for step in json.loads(row.trace)),
        revisions=tuple(_line(each, row, now=now, zone=zone) for each in revisions),
        phone=row.phone,
        is_of_remedy=row.is_of_remedy,
        is_deed=row.is_deed,
        is_shaky=row.is_shaky and now < row.due_at,
    )


def _line(row: PromiseRevision, record: _Read, *, now: datetime, zone: ZoneInfo) -> RevisionLine:
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
