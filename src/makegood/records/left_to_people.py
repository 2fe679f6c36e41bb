"""What of an incident machines could not do, and nobody has done since: counted in one query."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

_WATCH = """
    INSERT INTO records_incidentwatch (incident_id, look_at) VALUES (%s, %s)
    ON CONFLICT (incident_id)
    DO UPDATE SET look_at = least(records_incidentwatch.look_at, EXCLUDED.look_at)
"""
# A customer is seen to once they have a case of it; a case once its customer heard something since.
_LEFT = """
    SELECT (SELECT count(*) FROM jsonb_array_elements_text(i.missed) m
             WHERE NOT i.was_false
               AND NOT EXISTS (SELECT FROM records_erasure e WHERE e.customer_id = m::bigint)
               AND NOT EXISTS (SELECT FROM records_case c
                                 LEFT JOIN records_asset a ON a.id = c.asset_id
                                WHERE c.customer_id = m::bigint
                                  AND (c.incident_id = i.id
                                       OR a.service_id = i.service_id AND c.known_at >= i.failed_at
                                       OR a.service_id = i.service_id AND c.closed_at IS NULL))),
           (SELECT count(DISTINCT k.id) FROM records_incidenttruth t
             CROSS JOIN LATERAL jsonb_array_elements_text(t.missed) m
              JOIN records_case k ON k.id = m::bigint
             WHERE t.incident_id = i.id AND k.closed_at IS NULL AND NOT k.is_canary
               AND NOT EXISTS (SELECT FROM records_contact c
                                WHERE c.case_id = k.id AND c.direction = 'outbound'
                                  AND c.withdrawn_at IS NULL AND c.happened_at >= t.said_at)
               AND NOT EXISTS (SELECT FROM records_letter l
                                WHERE l.case_id = k.id AND l.written_by_id IS NOT NULL
                                  AND l.queued_at >= t.said_at AND l.held_at IS NULL
                                  AND l.given_up_at IS NULL AND l.bounced_at IS NULL)),
           CASE WHEN i.over_at IS NULL THEN
                (SELECT t.due_at FROM records_incidenttruth t
                  WHERE t.incident_id = i.id ORDER BY t.number DESC LIMIT 1) END,
           i.over_at IS NULL AND EXISTS (SELECT FROM records_roundrun r
                                          WHERE r.incident_id = i.id AND r.outcome = 'done')
      FROM records_incident i WHERE i.id = %s
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Left:
    """How many customers have no case yet, and how many cases have not heard what was said.

    `news_due` is when everybody hears the next, while it is going on; `has_come` where the crew of
    its round, which was counted as missed, says that it came after all.
    """

    customers: int
    cases: int
    news_due: datetime | None
    has_come: bool

    def is_late(self, now: datetime) -> bool:
        """Whether the next news was promised to everybody, and was not said."""
        return self.news_due is not None and self.news_due <= now

    def anything(self, now: datetime) -> bool:
        """Whether anything waits for people."""
        return bool(self.customers or self.cases or self.has_come) or self.is_late(now)


def read(incident: int) -> Left:
    """What waits for people now."""
    with connection.cursor() as cursor:
        cursor.execute(_LEFT, (incident,))
        customers, cases, news_due, has_come = cursor.fetchone()
    return Left(customers=customers, cases=cases, news_due=news_due, has_come=has_come)


def watch(incident: int, *, at: datetime) -> None:
    """Let the clock look at an incident at that moment, if not before."""
    with connection.cursor() as cursor:
        cursor.execute(_WATCH, (incident, at))
