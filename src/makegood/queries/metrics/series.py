"""The figures of the wall over a period and the one before it, from the days that were counted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from makegood.queries import plain
from makegood.queries.metrics.middles import Middle, Middles, read_middles
from makegood.rules.metrics.definitions import METRICS, Figure
from makegood.rules.metrics.figures import Tally

WEEKS = (4, 13, 26, 52)
USUAL_WEEKS = 13
_BY_DAY = 4
NO_TALLY = Tally()


@dataclass(frozen=True, kw_only=True, slots=True)
class Period:
    """Whole weeks up to and with today, in steps of a day if they are few, else of a week."""

    weeks: int
    today: date
    team: int | None = None

    @property
    def width(self) -> int:
        """The days of one step."""
        return 1 if self.weeks == _BY_DAY else 7

    @property
    def steps(self) -> int:
        """How many steps it has."""
        return self.weeks * 7 // self.width

    @property
    def end(self) -> date:
        """The first day after it."""
        return self.today + timedelta(days=1)

    @property
    def first(self) -> date:
        """Its first day."""
        return self.end - timedelta(weeks=self.weeks)

    @property
    def before(self) -> date:
        """The first day of the period before it, which is as long."""
        return self.first - timedelta(weeks=self.weeks)

    def day_of(self, step: int) -> date:
        """The first day of a step."""
        return self.first + timedelta(days=step * self.width)


@dataclass(frozen=True, kw_only=True, slots=True)
class Series:
    """One metric, or one part of it: the period, the one before, and the steps of both."""

    now: Tally = NO_TALLY
    earlier: Tally = NO_TALLY
    steps: tuple[Tally, ...] = ()
    steps_before: tuple[Tally, ...] = ()


class _Sum(NamedTuple):
    metric: str
    key: str
    step: int
    n: int
    known: int
    total: int


_SUMS = """
    SELECT metric, key, (day - %(before)s::date) / %(width)s AS step,
           sum(n)::bigint AS n, sum(known)::bigint AS known, sum(total)::bigint AS total
      FROM records_dailycount
     WHERE metric = ANY(%(metrics)s) AND day >= %(before)s AND day < %(end)s
       AND (%(team)s::bigint IS NULL OR team_id = %(team)s)
     GROUP BY 1, 2, 3
"""


def read_series(
    period: Period, metrics: Sequence[str], *, is_whole_page: bool = False
) -> dict[tuple[str, str], Series]:
    """Each metric and its parts, by code and key, in two queries.

    :param is_whole_page: with the middles of the parts, and of counts and sums as well: those of
        one metric are quickly read, those of all of them are not.
    """
    given = {
        "metrics": list(metrics),
        "team": period.team,
        "before": period.before,
        "end": period.end,
        "width": period.width,
    }
    sums = plain.rows(_SUMS, _Sum, **given)
    given["metrics"] = [code for code in metrics if is_whole_page or _has_middle(code)]
    given["parts"] = is_whole_page
    middles = read_middles(given, steps=period.steps) if given["metrics"] else {}
    return _joined(period, sums, middles)


def _has_middle(code: str) -> bool:
    return code in METRICS and METRICS[code].figure in {Figure.MEDIAN, Figure.P90}


def _joined(
    period: Period, sums: Iterable[_Sum], middles: Mapping[tuple[str, str], Middles]
) -> dict[tuple[str, str], Series]:
    steps: dict[tuple[str, str], dict[int, _Sum]] = {}
    for row in sums:
        steps.setdefault((row.metric, row.key), {})[row.step] = row
    none = Middles()
    return {
        (code, key): _series(period, found, middles.get((code, key), none))
        for (code, key), found in steps.items()
    }


def _series(period: Period, found: Mapping[int, _Sum], middle: Middles) -> Series:
    many = period.steps

    def step(number: int) -> Tally:
        return _tally([found[number]] if number in found else [], middle.steps.get(number))

    def whole(half: int) -> Tally:
        rows = [row for number, row in found.items() if (number >= many) == bool(half)]
        return _tally(rows, middle.halves.get(half))

    return Series(
        now=whole(1),
        earlier=whole(0),
        steps=tuple(step(number) for number in range(many, 2 * many)),
        steps_before=tuple(step(number) for number in range(many)),
    )


def _tally(rows: Sequence[_Sum], middle: Middle | None) -> Tally:
    return Tally(
        n=sum(row.n for row in rows),
        known=sum(row.known for row in rows),
        total=sum(row.total for row in rows),
        p50=middle.p50 if middle else None,
        p90=middle.p90 if middle else None,
    )
