"""Looking ahead: which open promises history would not keep, while there is still time.

The history is learned once for all that are looked at. A promise of an incident is left out: when
that is over is not told by how long single cases took.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import connection

from makegood.records import likes
from makegood.records.models import Foresight
from makegood.rules import outlook
from makegood.rules.outlook import Like

AGAIN_AFTER: Final = timedelta(hours=1)
# A burst of new promises is looked at together.
REST: Final = timedelta(minutes=1)
MOST: Final = 2_000

_DUE = """
    SELECT p.id, p.due_at, c.id, c.known_at, c.function, c.team_id
      FROM records_promise p
      JOIN records_case c ON c.id = p.case_id
      LEFT JOIN records_foresight f ON f.promise_id = p.id
     WHERE p.outcome IS NULL AND p.kind IN ('delivery', 'repair') AND p.due_at > %s
       AND c.incident_id IS NULL AND NOT c.is_canary AND c.known_at <= %s
       AND (f.id IS NULL OR f.looked_at <= %s OR f.due_at <> p.due_at)
     ORDER BY p.due_at, p.id LIMIT %s
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Open:
    promise: int
    due_at: datetime
    case: int
    like: Like


def look(*, now: datetime) -> int:
    """Look at the open promises of deeds that were not looked at lately. Returns how many."""
    if Foresight.objects.filter(looked_at__gt=now - REST, looked_at__lte=now).exists():
        return 0
    found = _due(now=now)
    if not found:
        return 0
    history = likes.read_likes(besides=[one.case for one in found], now=now)
    chances = outlook.chances(
        [one.like for one in found],
        by=[one.due_at for one in found],
        history=history,
        now=now,
    )
    rows = (
        Foresight(promise_id=one.promise, due_at=one.due_at, chance=chance, looked_at=now)
        for one, chance in zip(found, chances, strict=True)
    )
    Foresight.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["promise"],
        update_fields=["due_at", "chance", "looked_at"],
    )
    return len(found)


def _due(*, now: datetime) -> list[_Open]:
    with connection.cursor() as cursor:
        cursor.execute(_DUE, (now, now, now - AGAIN_AFTER, MOST))
        return [
            _Open(
                promise=promise,
                due_at=due_at,
                case=case,
                like=Like(known_at=known_at, done_at=None, kind=function, team=team),
            )
            for promise, due_at, case, known_at, function, team in cursor.fetchall()
        ]
