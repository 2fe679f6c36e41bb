"""What the company itself holds about a word: its promises, letters, notes and mails of that time.

Nobody asks a customer to prove what the company can look up (R20).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from makegood.rules import likeness
from makegood.rules.claims import BESIDE

ALL_OF_IT = timedelta(days=3_650)
MOST = 12
_READ_MOST = 200
_LONGEST = 400
# Every word to and from the customer of a case, on all of their cases.
_READ = """
    WITH theirs AS (SELECT o.id, o.reference FROM records_case c
                      JOIN records_case o ON o.customer_id = c.customer_id WHERE c.id = %(case)s)
    SELECT kind, id, reference, at, who, left(words, %(longest)s) FROM (
        SELECT 'promise' AS kind, p.id, t.reference, p.said_at AS at, p.speaker_name AS who, p.words
          FROM records_promise p JOIN theirs t ON t.id = p.case_id WHERE p.kind <> 'news'
        UNION ALL
        SELECT 'letter', l.id, t.reference, l.queued_at, coalesce(s.name, ''), l.words
          FROM records_letter l JOIN theirs t ON t.id = l.case_id
          LEFT JOIN records_staff s ON s.id = l.written_by_id
        UNION ALL
        SELECT 'note', k.id, t.reference, k.happened_at, coalesce(s.name, ''), k.note
          FROM records_contact k JOIN theirs t ON t.id = k.case_id
          LEFT JOIN records_staff s ON s.id = k.staff_id
         WHERE k.note <> '' AND k.withdrawn_at IS NULL
        UNION ALL
        SELECT 'said', m.id, t.reference, m.said_at, coalesce(s.name, ''), m.words
          FROM records_message m JOIN theirs t ON t.id = m.case_id
          LEFT JOIN records_staff s ON s.id = m.said_by_id
         WHERE m.said_at IS NOT NULL AND m.words <> ''
        UNION ALL
        SELECT 'mail', i.id, t.reference, i.received_at, i.sender_name, i.words
          FROM records_mail i JOIN theirs t ON t.id = i.case_id WHERE i.words <> ''
    ) word
     WHERE at BETWEEN %(since)s AND %(until)s AND at <= %(before)s
     ORDER BY at DESC LIMIT %(most)s
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Beside:
    """One thing that was said or written; `alike` says how near its words are, from 0 to 1."""

    kind: str
    id: int
    reference: str
    at: datetime
    who: str
    words: str
    alike: float

    @property
    def key(self) -> str:
        """As it is kept with the claim."""
        return f"{self.kind}:{self.id}"


def read_beside(
    case_id: int, words: str, *, said_at: datetime | None, before: datetime
) -> tuple[Beside, ...]:
    """What there is from that time, the nearest in words first; one query.

    :param said_at: when the word was given, if anybody knows; else all is looked through.
    :param before: when the claim came up: what was written later is no source.
    """
    bounds = {
        "since": said_at - BESIDE if said_at else before - ALL_OF_IT,
        "until": said_at + BESIDE if said_at else before,
    }
    bounds |= {"before": before}
    numbers = {"case": case_id, "longest": _LONGEST, "most": _READ_MOST}
    with connection.cursor() as cursor:
        cursor.execute(_READ, {**numbers, **bounds})
        rows = cursor.fetchall()
    found = [
        Beside(
            kind=kind, id=id_, reference=reference, at=at, who=who, words=text,
            alike=likeness.likeness(words, text),
        )
        for kind, id_, reference, at, who, text in rows
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: -one.alike)[:MOST])
