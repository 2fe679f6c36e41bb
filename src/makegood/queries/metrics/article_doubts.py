"""Doubts about two articles, which are of no case: each counts in M29 by its number below zero."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from makegood.queries import plain
from makegood.rules.metrics import of_learning
from makegood.rules.metrics.facts import Doubted
from makegood.rules.metrics.samples import Sample

METRIC = "M29"
PLACE = "doubts"


class _Doubt(NamedTuple):
    id: int
    team_id: int
    zone: str
    at: datetime
    is_error: bool | None
    fixed_at: datetime | None
    is_again: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class OfArticles:
    """A doubt in the place of a case: of the team whose owner keeps the article."""

    id: int
    team: int
    zone: ZoneInfo
    doubt: Doubted

    @property
    def samples(self) -> tuple[Sample, ...]:
        """What it adds to the metric."""
        return tuple(of_learning.doubted([self.doubt]))


_DOUBTS = """
    SELECT -d.id AS id, s.team_id, k.zone, d.raised_at AS at,
           d.answered_at <= %(as_of)s AND d.verdict IN ('article_wrong', 'statement_wrong')
             AS is_error,
           CASE WHEN d.gap_closed_at <= %(as_of)s THEN d.gap_closed_at END AS fixed_at,
           EXISTS (SELECT 1 FROM records_doubt e JOIN records_article b ON b.id = e.article_id
                    WHERE b.series = a.series AND e.raised_at < d.raised_at) AS is_again
      FROM records_doubt d
      JOIN records_article a ON a.id = d.article_id
      JOIN records_staff s ON s.id = a.owner_id
      JOIN records_team t ON t.id = s.team_id
      JOIN records_workingcalendar k ON k.id = t.calendar_id
     WHERE d.case_id IS NULL AND d.raised_at <= %(as_of)s
       AND greatest(d.raised_at, d.answered_at, d.gap_closed_at)
           > %(since)s::timestamptz - interval '1 hour'
     ORDER BY d.id
"""
_ALWAYS = "-infinity"


def read_doubts(*, as_of: datetime, since: datetime | None = None) -> Sequence[OfArticles]:
    """Those in which something happened since a moment, as they were known at another."""
    rows = plain.rows(_DOUBTS, _Doubt, as_of=as_of, since=since or _ALWAYS)
    return [
        OfArticles(
            id=row.id,
            team=row.team_id,
            zone=ZoneInfo(row.zone),
            doubt=Doubted(
                at=row.at,
                is_error=bool(row.is_error),
                fixed_at=row.fixed_at,
                is_again=row.is_again,
            ),
        )
        for row in rows
    ]
