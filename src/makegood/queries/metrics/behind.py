"""The cases behind a figure, each once: those that it would be better without come first.

A case that counts more than once, as by each of its promises, shows the worst of them; money and
minutes are added up.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from makegood.queries import plain
from makegood.queries.metrics.series import Period
from makegood.rules.metrics.definitions import METRICS, Better, Figure

MOST = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Behind:
    """The cases of a page, and how many there are of them all."""

    rows: tuple["Sample", ...]
    all: int

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.all - len(self.rows)


class Sample(NamedTuple):
    """One case: how often it counts, when last, and the worst of it."""

    reference: str
    title: str
    customer: str
    day: date
    key: str
    value: int | None
    times: int
    all: int


_SAMPLES = """
    SELECT c.reference, c.title, u.name AS customer, v.day, v.key, v.value, v.times, v.all
      FROM (SELECT s.number, d.key, max(d.day) AS day, count(*) AS times,
                   CASE WHEN count(s.value) = count(*) THEN {worst}(s.value)::bigint END AS value,
                   count(*) OVER () AS all
              FROM records_dailycount d,
                   unnest(d.cases, d.values) AS s (number, value)
             WHERE d.metric = %(metric)s AND d.day >= %(first)s AND d.day < %(end)s
               AND (d.key <> '') = %(parted)s AND s.number > 0
               AND (%(team)s::bigint IS NULL OR d.team_id = %(team)s)
             GROUP BY s.number, d.key
             ORDER BY value {way}, day DESC, s.number DESC LIMIT %(most)s) v
      JOIN records_case c ON c.id = v.number
      JOIN records_customer u ON u.id = c.customer_id
     ORDER BY v.value {way}, v.day DESC, c.id DESC
"""


def read_behind(period: Period, code: str, *, most: int = MOST) -> Behind:
    """The cases behind one metric in a period."""
    way = "ASC NULLS FIRST" if is_rising(code) else "DESC NULLS FIRST"
    statement = _SAMPLES.format(worst=worst_of(code).__name__, way=way)
    rows: Sequence[Sample] = plain.rows(
        statement,
        Sample,
        metric=code,
        first=period.first,
        end=period.end,
        team=period.team,
        parted=is_parted(code),
        most=most,
    )
    return Behind(rows=tuple(rows), all=rows[0].all if rows else 0)


def worst_of(code: str) -> Callable[[Iterable[int]], int]:
    """What the values of one case come to; PostgreSQL calls it by the same name."""
    if METRICS[code].figure in {Figure.MONEY, Figure.MINUTES}:
        return sum
    return min if is_rising(code) else max


def is_parted(code: str) -> bool:
    """Whether it comes in currencies, so that its parts are what counts."""
    return METRICS[code].figure is Figure.MONEY


def is_rising(code: str) -> bool:
    """Whether a yes is what one wants, so that the cases with a no come first."""
    metric = METRICS[code]
    return metric.figure is Figure.SHARE and metric.better is Better.UP
