"""The effect of gestures, apart from every figure of what was made good (R44).

Cases that were put right and for which somebody apologised, with a gesture and without one. People
choose whom they give to, so that the two differ in more than the gesture: it proves nothing.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final, NamedTuple

from makegood.queries import plain
from makegood.queries.metrics.series import Period

LOOKED_AFTER: Final = timedelta(days=30)

_EFFECT: Final = """
    WITH put_right AS (
        SELECT k.id, g.id IS NOT NULL AS gestured, coalesce(g.given_at, r.at) AS since,
               k.closed_at, k.closed_by_contact_id
          FROM records_case k
          JOIN LATERAL (SELECT max(p.settled_at) AS at FROM records_promise p
                         WHERE p.case_id = k.id AND p.outcome = 'kept'
                           AND p.kind IN ('visit', 'delivery', 'repair')) r ON r.at IS NOT NULL
          LEFT JOIN records_gesture g ON g.case_id = k.id
         WHERE NOT k.is_canary AND (%(team)s::bigint IS NULL OR k.team_id = %(team)s)
           AND coalesce(g.given_at, r.at) >= %(first)s AND coalesce(g.given_at, r.at) < %(end)s
           AND EXISTS (SELECT FROM records_message m
                        WHERE m.case_id = k.id AND m.kind = 'apology' AND m.said_at IS NOT NULL))
    SELECT gestured, count(*) AS cases,
           count(*) FILTER (
               WHERE closed_by_contact_id IS NOT NULL AND closed_at >= since) AS right_,
           count(*) FILTER (WHERE EXISTS (
               SELECT FROM records_timelineentry t WHERE t.case_id = put_right.id
                  AND t.kind = 'case_reopened' AND t.happened_at BETWEEN since
                      AND since + %(within)s)) AS again
      FROM put_right GROUP BY gestured
"""
_COST: Final = """
    SELECT currency, sum(cost_minor)::bigint AS minor FROM records_gesture
     WHERE given_at >= %(first)s AND given_at < %(end)s
       AND (%(team)s::bigint IS NULL OR team_id = %(team)s)
     GROUP BY currency ORDER BY currency
"""


class _Row(NamedTuple):
    gestured: bool
    cases: int
    right_: int
    again: int


class _Spent(NamedTuple):
    currency: str
    minor: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Cases put right: how many said afterwards that it is right, and how many opened again."""

    cases: int = 0
    right: int = 0
    again: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Effect:
    """With a gesture, without one, and what gestures cost: (currency, minor units)."""

    with_one: Group
    without: Group
    costs: tuple[tuple[str, int], ...]


def read_effect(period: Period) -> Effect:
    """What followed gestures in a period."""
    given = {"first": period.first, "end": period.end, "team": period.team}
    found = {
        row.gestured: Group(cases=row.cases, right=row.right_, again=row.again)
        for row in plain.rows(_EFFECT, _Row, **given, within=LOOKED_AFTER)
    }
    costs = tuple((row.currency, row.minor) for row in plain.rows(_COST, _Spent, **given))
    return Effect(with_one=found.get(True, Group()), without=found.get(False, Group()), costs=costs)
