"""The cases behind a figure: those that it would be better without come first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from makegood.queries import plain
from makegood.queries.metrics.series import Period
from makegood.rules.metrics.definitions import METRICS, Better, Figure

MOST = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Behind:
    """The cases of a page, and how many samples there are of them all."""

    rows: tuple["Sample", ...]
    all: int

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.all - len(self.rows)


class Sample(NamedTuple):
    """One sample and its case."""

    reference: str
    title: str
    customer: str
    day: date
    key: str
    value: int | None
    all: int


_SAMPLES = """
    SELECT c.reference, c.title, u.name AS customer, v.day, v.key, v.value, v.all
      FROM (SELECT d.day, d.key, s.number, s.value, count(*) OVER () AS all
              FROM records_dailycount d,
                   unnest(d.cases, d.values) AS s (number, value)
             WHERE d.metric = %(metric)s AND d.day >= %(first)s AND d.day < %(end)s
               AND (d.key = '' OR %(parted)s)
               AND (%(team)s::bigint IS NULL OR d.team_id = %(team)s)
             ORDER BY {order}, d.day DESC, s.number DESC LIMIT %(most)s) v
      JOIN records_case c ON c.id = v.number
      JOIN records_customer u ON u.id = c.customer_id
     ORDER BY {shown}, v.day DESC, c.id DESC
"""


def read_behind(period: Period, code: str, *, most: int = MOST) -> Behind:
    """The cases behind one metric in a period."""
    way = "ASC NULLS FIRST" if is_rising(code) else "DESC NULLS FIRST"
    statement = _SAMPLES.format(order=f"s.value {way}", shown=f"v.value {way}")
    rows: Sequence[Sample] = plain.rows(
        statement,
        Sample,
        metric=code,
        first=period.first,
        end=period.end,
        team=period.team,
        parted=METRICS[code].figure is Figure.MONEY,
        most=most,
    )
    return Behind(rows=tuple(rows), all=rows[0].all if rows else 0)


def is_rising(code: str) -> bool:
    """Whether a yes is what one wants, so that the cases with a no come first."""
    metric = METRICS[code]
    return metric.figure is Figure.SHARE and metric.better is Better.UP
