"""What came again: for the cases in which something happened, all that came of the same thing.

A failure of many is one failure: its cases count once. What one thing of one customer did is said
of the thing, and of the site only if something else there failed too.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from makegood.rules.learning import Again, Seen

_FAILURE = "coalesce('incident:' || o.incident_id, 'case:' || o.id)"
_ALIVE = "NOT o.is_canary AND o.known_at <= %(now)s"
_BY_CASE = {
    Again.ASSET: f"""
        SELECT t.asset_id::text AS key, o.id, {_FAILURE} AS failure, o.known_at AS at
          FROM (SELECT DISTINCT asset_id FROM records_case
                 WHERE id = ANY(%(cases)s) AND asset_id IS NOT NULL) t
          JOIN records_case o ON o.asset_id = t.asset_id
         WHERE {_ALIVE} AND o.known_at > %(since)s""",  # noqa: S608 - fixed text
    # One thing that fails twice is no second failure of the site: it counts once.
    Again.SITE: f"""
        SELECT t.key, o.id, CASE WHEN o.incident_id IS NULL AND o.asset_id IS NOT NULL
                                 THEN 'asset:' || o.asset_id ELSE {_FAILURE} END, o.known_at
          FROM (SELECT DISTINCT u.postcode, u.address,
                       md5(lower(u.postcode) || '|' || lower(u.address)) AS key
                  FROM records_case c JOIN records_customer u ON u.id = c.customer_id
                 WHERE c.id = ANY(%(cases)s) AND u.postcode <> '' AND u.address <> '') t
          JOIN records_customer n ON n.postcode = t.postcode AND n.postcode <> ''
               AND lower(n.address) = lower(t.address)
          JOIN records_case o ON o.customer_id = n.id
         WHERE {_ALIVE} AND o.known_at > %(since)s""",  # noqa: S608 - fixed text
    Again.CAUSE: f"""
        SELECT t.cause_id::text, o.id, {_FAILURE}, o.known_at
          FROM (SELECT DISTINCT cause_id FROM records_lesson
                 WHERE case_id = ANY(%(cases)s) AND cause_id IS NOT NULL) t
          JOIN records_lesson l ON l.cause_id = t.cause_id
          JOIN records_case o ON o.id = l.case_id
         WHERE {_ALIVE} AND o.known_at > %(since)s""",  # noqa: S608 - fixed text
    Again.GAP: f"""
        SELECT t.gap, o.id, {_FAILURE}, o.known_at
          FROM (SELECT DISTINCT lower(gap) AS gap FROM records_lesson
                 WHERE case_id = ANY(%(cases)s) AND gap <> '') t
          JOIN records_lesson l ON lower(l.gap) = t.gap AND l.gap <> ''
          JOIN records_case o ON o.id = l.case_id
         WHERE {_ALIVE} AND o.known_at > %(since)s""",  # noqa: S608 - fixed text
    # Each word that a template gave and that broke is one, also in the same case.
    Again.TEMPLATE: f"""
        SELECT t.speaker_name, o.id, 'promise:' || p.id, p.due_at
          FROM (SELECT DISTINCT speaker_name FROM records_promise
                 WHERE case_id = ANY(%(cases)s) AND speaker = 'template' AND outcome = 'broken'
                   AND due_at > %(since)s) t
          JOIN records_promise p ON p.speaker_name = t.speaker_name AND p.speaker = 'template'
               AND p.outcome = 'broken' AND p.due_at > %(since)s
          JOIN records_case o ON o.id = p.case_id
         WHERE {_ALIVE}
        UNION
        SELECT m.name, o.id, 'promise:' || p.id, p.due_at
          FROM (SELECT DISTINCT l.template_id FROM records_letter l
                  JOIN records_promise b ON b.id = l.promise_id AND b.outcome = 'broken'
                 WHERE l.case_id = ANY(%(cases)s) AND l.template_id IS NOT NULL) t
          JOIN records_template m ON m.id = t.template_id
          JOIN records_letter l ON l.template_id = t.template_id
          JOIN records_promise p ON p.id = l.promise_id AND p.outcome = 'broken'
               AND p.due_at > %(since)s
          JOIN records_case o ON o.id = p.case_id
         WHERE {_ALIVE}""",  # noqa: S608 - fixed text
}
# What a card that was answered spoke of is settled: it counts again only beside something newer.
_ANSWERED = """
    SELECT r.kind, r.key, r.answered_at FROM records_repeat r
     WHERE r.answered_at IS NOT NULL AND (r.kind, r.key) IN
           (SELECT * FROM unnest(%(kinds)s::text[], %(keys)s::text[]))
"""


def read_seen(cases: Sequence[int], *, now: datetime) -> tuple[Seen, ...]:
    """All that came of what these cases are about, within the period of each kind."""
    found = []
    with connection.cursor() as cursor:
        for kind, statement in _BY_CASE.items():
            cursor.execute(
                statement, {"cases": list(cases), "now": now, "since": now - kind.period}
            )
            found += [
                Seen(kind=kind, key=key[:300], case=case, failure=failure, at=at)
                for key, case, failure, at in cursor.fetchall()
            ]
    return tuple(found)


def read_answered(things: Sequence[tuple[Again, str]]) -> dict[tuple[Again, str], datetime]:
    """When the last card about each of these things was answered, if one was."""
    answered: dict[tuple[Again, str], datetime] = {}
    with connection.cursor() as cursor:
        given = {"kinds": [kind.value for kind, _ in things], "keys": [key for _, key in things]}
        cursor.execute(_ANSWERED, given)
        for kind, key, at in cursor.fetchall():
            thing = (Again(kind), key)
            answered[thing] = max(at, answered.get(thing, at))
    return answered
