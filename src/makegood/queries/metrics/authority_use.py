"""How much of what the front line may give it gave (M21).

Nobody is asked for it: the authorities of a period say what could have been given alone, by the
days for which each held, and the remedies say what was.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from makegood.queries import plain
from makegood.queries.metrics.series import Period
from makegood.records.models import StaffRole

METRIC: Final = "M21"
FRONT_LINE: Final = (StaffRole.AGENT, StaffRole.OWNER, StaffRole.DISPATCHER)


class Use(NamedTuple):
    """In one currency: how often and how much was given alone, of what could have been."""

    currency: str
    times: int
    given_minor: int
    could_minor: int


# Somebody's own authority takes the place of that of their role, for the same activity and for as
# long as it holds.
_USE: Final = """
    WITH front AS (
        SELECT id, role FROM records_staff
         WHERE is_active AND role = ANY(%(roles)s)
           AND (%(team)s::bigint IS NULL OR team_id = %(team)s)),
    held AS (
        SELECT f.id, a.staff_id IS NOT NULL AS is_own, a.currency, a.activity,
               a.per_period_minor::numeric / a.period_days AS a_day,
               tstzrange(a.since, a.ended_at)
               * tstzrange(%(first)s::timestamptz, %(end)s::timestamptz) AS during
          FROM front f JOIN records_authority a ON a.staff_id = f.id OR a.role = f.role),
    spans AS (
        SELECT h.currency, h.a_day, unnest(tstzmultirange(h.during) - coalesce((
               SELECT range_agg(o.during) FROM held o
                WHERE o.is_own AND NOT h.is_own AND o.id = h.id
                  AND o.currency = h.currency AND o.activity = h.activity), '{}')) AS span
          FROM held h),
    could AS (
        SELECT currency,
               sum(a_day * extract(epoch FROM upper(span) - lower(span)) / 86400)::bigint AS minor
          FROM spans GROUP BY 1),
    gave AS (
        SELECT r.currency, count(*) AS times, sum(r.amount_minor)::bigint AS minor
          FROM records_remedy r JOIN front f ON f.id = r.granted_by_id
         WHERE r.approval_id IS NULL AND r.source <> 'found'
           AND r.outcome IS DISTINCT FROM 'released'
           AND r.granted_at >= %(first)s AND r.granted_at < %(end)s GROUP BY 1)
    SELECT currency, coalesce(g.times, 0) AS times, coalesce(g.minor, 0) AS given_minor,
           coalesce(c.minor, 0) AS could_minor
      FROM could c FULL JOIN gave g USING (currency) ORDER BY currency
"""


def read_use(period: Period) -> list[Use]:
    """Of a period, by currency."""
    given: Mapping[str, object] = {
        "first": period.first,
        "end": period.end,
        "team": period.team,
        "roles": [role.value for role in FRONT_LINE],
    }
    return plain.rows(_USE, Use, **given)
