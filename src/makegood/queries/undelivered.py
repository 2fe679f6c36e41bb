"""Letters that did not reach their customers: come back, stopped, never sent, or nobody knows.

Each stands with whoever owns its case until they have written or spoken to the customer since. An
apology, and what is new of a visit, are owed by themselves and stand there. What a machine wrote
counts for as long as what it tells is owed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from makegood.queries import letter_events, letter_page, plain, when
from makegood.queries.when import When
from makegood.records.models import Letter
from makegood.rules.letters import UNSURE_AFTER

# Of letters `l` of cases `k` that somebody of %(owners)s has to see to.
# A new date that a machine wrote hangs on its duty; withdrawn with that, it was overtaken.
OF_OWNERS = """
       k.owner_id = ANY(%(owners)s) AND k.closed_at IS NULL AND NOT k.is_canary
       AND NOT (l.is_to_stranger AND l.kind = 'receipt')
       AND (l.bounced_at IS NOT NULL OR l.given_up_at IS NOT NULL OR l.held_at IS NOT NULL
            OR l.handed_at < %(unsure_since)s AND l.sent_at IS NULL AND l.delivered_at IS NULL)
       AND NOT EXISTS (SELECT FROM records_message m
                        WHERE m.id = l.duty_id AND m.said_at IS NULL
                          AND m.kind IN ('apology', 'visit'))
       AND (l.written_by_id IS NOT NULL
            OR EXISTS (SELECT FROM records_message m WHERE m.id = l.duty_id AND m.said_at IS NULL)
            OR EXISTS (SELECT FROM records_promise p
                        WHERE p.id = l.promise_id AND p.outcome IS NULL))
       AND NOT EXISTS (SELECT FROM records_letter n
                        WHERE n.case_id = l.case_id AND n.id > l.id
                          AND (n.sent_at IS NOT NULL OR n.written_by_id IS NOT NULL))
       AND NOT EXISTS (SELECT FROM records_contact c
                        WHERE c.case_id = l.case_id AND c.direction = 'outbound'
                          AND c.withdrawn_at IS NULL
                          AND c.happened_at >= greatest(l.bounced_at, l.given_up_at, l.held_at,
                                                        l.handed_at, l.queued_at))
"""
_LETTERS = plain.Kept(f"""
    SELECT l.id, count(*) OVER () AS counted
      FROM records_letter l JOIN records_case k ON k.id = l.case_id
     WHERE {OF_OWNERS}
     ORDER BY l.queued_at, l.id LIMIT %(most)s
""")  # noqa: S608 - our own words


class _Row(NamedTuple):
    id: int
    counted: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Undelivered:
    """A letter that its customer has not got: why, in a sentence, and what it was to say."""

    reference: str
    customer: str
    why: str
    words: str
    since: When


@dataclass(frozen=True, kw_only=True, slots=True)
class AllUndelivered:
    """Those that waited longest; `counted` is how many there are, also where fewer stand here."""

    letters: tuple[Undelivered, ...] = ()
    counted: int = 0


NONE: Final = AllUndelivered()


def unsure_since(now: datetime) -> datetime:
    """What was handed over before that, and of which nothing was heard, may not have left."""
    return now - UNSURE_AFTER


def read_undelivered(
    owners: Iterable[int], *, most: int, now: datetime, zone: ZoneInfo
) -> AllUndelivered:
    """The letters of the owners' open cases that did not reach their customers."""
    rows = plain.rows(
        _LETTERS, _Row, owners=list(owners), unsure_since=unsure_since(now), most=most
    )
    letters = letter_page.with_what_they_tell(Letter.objects.all())
    known = letters.in_bulk([row.id for row in rows])
    return AllUndelivered(
        letters=tuple(_one(known[row.id], now=now, zone=zone) for row in rows),
        counted=rows[0].counted if rows else 0,
    )


def _one(row: Letter, *, now: datetime, zone: ZoneInfo) -> Undelivered:
    return Undelivered(
        reference=row.case.reference,
        customer=row.case.customer.name,
        why=letter_events.stands(row, now=now),
        words=letter_page.in_short(row),
        since=when.at(row.queued_at, now=now, zone=zone),
    )
