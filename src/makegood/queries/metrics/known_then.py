"""A metric as it was known at a moment: counted from the facts that had been recorded by then."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import repeat
from typing import NamedTuple

from makegood.queries import plain
from makegood.queries.metrics import article_doubts, past_promises
from makegood.queries.metrics.article_doubts import OfArticles
from makegood.queries.metrics.behind import MOST, Behind, Sample, is_parted, is_rising, worst_of
from makegood.queries.metrics.facts import read_facts
from makegood.queries.metrics.past_promises import Due
from makegood.queries.metrics.series import Period, Series
from makegood.rules.metrics import figures, past
from makegood.rules.metrics.beside import BESIDE
from makegood.rules.metrics.counting import count
from makegood.rules.metrics.facts import Case
from makegood.rules.metrics.samples import Sample as Counted

MOST_CASES = 5_000
"""More are not counted while somebody waits."""
_CHUNK = 500
_NO_CASE = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Then:
    """The parts of a metric, and the cases behind it, as they were known.

    `past`: how many promises of logs count beside the cases.
    """

    series: dict[tuple[str, str], Series]
    behind: Behind
    past: int = 0


class _Case(NamedTuple):
    id: int
    reference: str
    title: str
    customer: str


class _Value(NamedTuple):
    metric: str
    case: int
    day: date
    key: str
    value: int | None


_CASES = """
    SELECT c.id, c.reference, c.title, u.name AS customer
      FROM records_case c JOIN records_customer u ON u.id = c.customer_id
     WHERE NOT c.is_canary AND c.recorded_at <= %(as_of)s
       AND (c.closed_at IS NULL OR c.closed_at >= %(before)s::date - interval '90 days')
       AND (%(team)s::bigint IS NULL OR c.team_id = %(team)s)
     ORDER BY c.known_at DESC, c.id DESC LIMIT %(most)s
"""


def read_then(period: Period, code: str, *, as_of: datetime) -> Then | None:
    """One metric in a period; None if it is of more cases than can be counted at once."""
    cases = plain.rows(
        _CASES,
        _Case,
        as_of=as_of,
        before=period.before,
        team=period.team,
        most=MOST_CASES + 1,
    )
    if len(cases) > MOST_CASES:
        return None
    over = past_promises.read_past(period, as_of=as_of) if code == past.WHOLE else []
    values = [
        *_values(cases, code, as_of=as_of),
        *_beside(period, code, as_of=as_of),
        *_over(over),
    ]
    return Then(
        series=_series(period, values),
        behind=_behind(period, code, cases, [v for v in values if v.metric == code]),
        past=sum(due.n for due in over if due.day >= period.first),
    )


def _values(cases: Sequence[_Case], code: str, *, as_of: datetime) -> Iterable[_Value]:
    for case in _facts([case.id for case in cases], as_of=as_of):
        yield from _values_of(
            case, (s for s in count(case) if s.metric in {code, *BESIDE.get(code, ())})
        )


def _facts(cases: Sequence[int], *, as_of: datetime) -> Iterable[Case]:
    for start in range(0, len(cases), _CHUNK):
        yield from read_facts(cases[start : start + _CHUNK], as_of=as_of)


def _beside(period: Period, code: str, *, as_of: datetime) -> Iterable[_Value]:
    if code == article_doubts.METRIC:
        for doubt in article_doubts.read_doubts(as_of=as_of):
            if period.team in {None, doubt.team}:
                yield from _values_of(doubt, doubt.samples)


def _over(over: Iterable[Due]) -> Iterable[_Value]:
    for due in over:
        yield from repeat(
            _Value(metric=past.WHOLE, case=_NO_CASE, day=due.day, key="", value=due.value), due.n
        )


def _values_of(subject: Case | OfArticles, counted: Iterable[Counted]) -> Iterable[_Value]:
    for sample in counted:
        day = sample.at.astimezone(subject.zone).date()
        yield _Value(sample.metric, subject.id, day, sample.key, sample.value)


def _series(period: Period, values: Sequence[_Value]) -> dict[tuple[str, str], Series]:
    steps: dict[tuple[str, str], dict[int, list[int | None]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for value in values:
        if period.before <= value.day < period.end:
            step = (value.day - period.before).days // period.width
            steps[value.metric, value.key][step].append(value.value)
    return {part: _of(period, found) for part, found in steps.items()}


def _of(period: Period, found: dict[int, list[int | None]]) -> Series:
    many = period.steps
    tallies = [figures.tally(found.get(step, [])) for step in range(2 * many)]
    return Series(
        now=figures.tally([v for step in range(many, 2 * many) for v in found.get(step, [])]),
        earlier=figures.tally([v for step in range(many) for v in found.get(step, [])]),
        steps=tuple(tallies[many:]),
        steps_before=tuple(tallies[:many]),
    )


def _behind(period: Period, code: str, cases: Sequence[_Case], values: Sequence[_Value]) -> Behind:
    by_id = {case.id: case for case in cases}
    of_each: dict[tuple[int, str], list[_Value]] = defaultdict(list)
    for value in values:
        is_shown = bool(value.key) == is_parted(code) and value.case in by_id
        if is_shown and period.first <= value.day < period.end:
            of_each[value.case, value.key].append(value)
    shown = [_worst(code, found) for found in of_each.values()]
    way = 1 if is_rising(code) else -1
    shown.sort(key=lambda v: (v.day, v.case), reverse=True)
    shown.sort(key=lambda v: (v.value is not None, way * (v.value or 0)))
    rows = tuple(
        Sample(
            reference=by_id[worst.case].reference,
            title=by_id[worst.case].title,
            customer=by_id[worst.case].customer,
            day=worst.day,
            key=worst.key,
            value=worst.value,
            times=len(of_each[worst.case, worst.key]),
            all=len(shown),
        )
        for worst in shown[:MOST]
    )
    return Behind(rows=rows, all=len(shown))


def _worst(code: str, found: Sequence[_Value]) -> _Value:
    known = [value.value for value in found if value.value is not None]
    worst = worst_of(code)(known) if len(known) == len(found) else None
    return found[0]._replace(day=max(value.day for value in found), value=worst)
