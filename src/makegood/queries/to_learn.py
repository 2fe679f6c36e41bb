"""What somebody still has to say or see to, so that it is learned: one statement for My word."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from makegood.queries import plain, when
from makegood.queries.when import When

ROWS_MAX = 20
"""More stand on the page of learning, where all of them are."""


class Wants(StrEnum):
    """What is wanted of the reader."""

    CAUSE = "cause"  # why a closed case happened
    GAP = "gap"  # what was not known shall be known
    ARTICLE = "article"  # what was said wrongly shall not be said again
    AGAIN = "again"  # what is done about something that came again


@dataclass(frozen=True, kw_only=True, slots=True)
class ToLearn:
    """One thing; `id` is that of the gap or card, `article` that of what was contradicted."""

    wants: Wants
    id: int
    words: str
    title: str
    customer: str
    reference: str
    article: int | None
    due: When | None
    is_late: bool


class _Row(NamedTuple):
    wants: str
    id: int
    words: str
    title: str
    customer: str
    reference: str
    article: int | None
    due_at: datetime | None


_TO_LEARN = plain.Kept("""
    SELECT 'cause' AS wants, l.id, '' AS words, c.title, u.name AS customer, c.reference,
           NULL::bigint AS article, l.due_at
      FROM records_lesson l JOIN records_case c ON c.id = l.case_id
      JOIN records_customer u ON u.id = c.customer_id
     WHERE l.asked_id = %(reader)s AND l.cause_id IS NULL AND c.closed_at IS NOT NULL
     UNION ALL
    SELECT 'gap', l.id, l.gap, c.title, u.name, c.reference, NULL, NULL
      FROM records_lesson l JOIN records_case c ON c.id = l.case_id
      JOIN records_customer u ON u.id = c.customer_id
     WHERE l.gap_owner_id = %(reader)s AND l.gap_closed_at IS NULL
     UNION ALL
    SELECT 'article', d.id, d.figure, a.title, '', '', d.article_id, NULL
      FROM records_doubt d JOIN records_article a ON a.id = d.article_id
     WHERE d.gap_owner_id = %(reader)s AND d.gap_closed_at IS NULL
     UNION ALL
    SELECT 'again', r.id,
           CASE r.kind WHEN 'cause' THEN (SELECT k.name FROM records_cause k
                                           WHERE k.id = r.key::bigint)
                       WHEN 'asset' THEN (SELECT a.name FROM records_asset a
                                           WHERE a.id = r.key::bigint)
                       WHEN 'site' THEN '' ELSE r.key END,
           latest.title, latest.customer, latest.reference, NULL, r.due_at
      FROM records_repeat r
      JOIN LATERAL (SELECT c.title, u.name AS customer, c.reference
                      FROM records_repeatcase x JOIN records_case c ON c.id = x.case_id
                      JOIN records_customer u ON u.id = c.customer_id
                     WHERE x.repeat_id = r.id ORDER BY c.known_at DESC, c.id DESC LIMIT 1
                   ) latest ON true
     WHERE r.owner_id = %(reader)s AND r.answered_at IS NULL
     ORDER BY due_at NULLS LAST, id LIMIT %(most)s
""")


def read_to_learn(reader: int, *, now: datetime, zone: ZoneInfo) -> tuple[ToLearn, ...]:
    """What waits for the reader, what is due first; what has no time at the end."""
    rows = plain.rows(_TO_LEARN, _Row, reader=reader, most=ROWS_MAX)
    return tuple(
        ToLearn(
            wants=Wants(row.wants),
            id=row.id,
            words=row.words,
            title=row.title,
            customer=row.customer,
            reference=row.reference,
            article=row.article,
            due=when.at(row.due_at, now=now, zone=zone) if row.due_at else None,
            is_late=row.due_at is not None and row.due_at <= now,
        )
        for row in rows
    )
