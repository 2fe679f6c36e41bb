"""The company's own cases as history: when each was known, and when what was broken was done.

Done is when the last deed that was promised for it was kept, which the customer feels; a case
without such a promise was done when it was closed.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import connection

from makegood.rules.outlook import Like

# Enough to know the pace of a company, and bounded in memory.
MOST: Final = 20_000
_YEAR: Final = timedelta(days=365)
_READ = """
    SELECT c.known_at, c.function, c.team_id, coalesce(
        (SELECT max(p.settled_at) FROM records_promise p
          WHERE p.case_id = c.id AND p.outcome = 'kept'
            AND p.kind IN ('visit', 'delivery', 'repair')
            AND NOT EXISTS (SELECT FROM records_promise q WHERE q.case_id = c.id
                             AND q.outcome IS NULL AND q.kind = p.kind)),
        c.closed_at)
      FROM (SELECT * FROM records_case
             WHERE NOT is_canary AND known_at < %s AND NOT id = ANY(%s)
               AND (closed_at IS NULL OR closed_at > %s)
             ORDER BY known_at DESC, id DESC LIMIT %s) c
"""


def read_likes(*, besides: Sequence[int] = (), now: datetime) -> list[Like]:
    """The cases of the last year, and those that are open, besides some."""
    with connection.cursor() as cursor:
        cursor.execute(_READ, (now, list(besides), now - _YEAR, MOST))
        return [
            Like(known_at=known_at, done_at=done_at, kind=function, team=team)
            for known_at, function, team, done_at in cursor.fetchall()
        ]
