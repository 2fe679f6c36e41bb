"""How narrow could date ranges be for a learner that joins all columns and knows what came later.

Boosted hazards learn from the whole log, but for one part of its requests, chosen at random, and
then say when these were done; and so on for each part. So no request tells of itself, yet what
became of its neighbours is known, before it and after it: the week, the season, the team's pace.
The widths are compared with the yardstick's when both hold as much as the level says, and when
both hold as much as the yardstick happens to hold. Needs scikit-learn, of the `dev` extra.

    python -m bench.ranges_hindsight [log ...]
"""

import argparse
import csv
import gzip
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from bench.ranges import DATA, LOGS, ZONES, number, percent, read
from makegood.queries.replay.asking import ASKED_AFTER, Questions, Subjects, questions_of
from makegood.queries.replay.knowing import known_of
from makegood.queries.replay.log import Log
from makegood.queries.replay.times import DAY, HOUR, NONE, SECOND, Marks, micros, walls_of
from makegood.queries.replay.yardstick import yardstick_of
from makegood.rules import forecasts
from makegood.rules.forecasts import Forecast, Ranges
from makegood.rules.pace import EDGES, NEVER, STEPS, Places, numbered, step_of
from makegood.rules.traits import Known
from makegood.rules.weekclock import MONDAY, WEEK, Moments, Spans, WeekClock, learn_clock

# What is known at opening in these logs, beside what a replay takes up.
FURTHER: Final = {
    "boston-311-2015": ("subject", "reason"),
    "boston-311-2011": ("subject", "reason"),
    "boston-311-animal-2013-2019": ("subject", "reason"),
    "servicenow-incidents": ("impact", "urgency", "priority", "assigned_to"),
    "olist-orders-sample": ("items", "sellers", "seller_state", "price", "freight"),
    "sf-311-sample": ("category",),
}
IDS: Final = {"olist-orders-sample": "order_id", "servicenow-incidents": "number"}

PARTS: Final = 3
# A part is learned from this many steps at most; Boston 2011 has half as many again, which when
# all used made its ratios a hundredth less.
MOST_ROWS: Final = 600_000
# As many values of a column as the trees tell apart.
VALUES: Final = 250
# Neighbours in time count half after these shares of the log's span.
NEARNESS: Final = (1 / 60, 1 / 8)
ROUNDS: Final = 14
_ASKED_AT_ONCE: Final = 3000
_LONG_PAST: Final = 28 * DAY
_NO_DATE: Final = -1e4
_YEAR: Final = 365.25


@dataclass(frozen=True, kw_only=True, slots=True)
class Lives:
    """The requests of a log from opening to end, by the clock of the week.

    :param last: the step in which each was closed or, if open, last seen.
    """

    subjects: Subjects
    clock: WeekClock
    start: Spans
    last: Places
    closed: Marks
    lasted: Spans
    due: Places

    @property
    def watched(self) -> Places:
        """How many steps of each are known; one that has not ended tells nothing yet."""
        return np.where(self.closed, self.last + 1, self.last)


def main() -> None:
    """One line for each log and level."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("logs", nargs="*", help="names of logs; all at hand if none is given")
    print("| log | level | asks | ratio | of mean logs | its held | there: ratio | of mean logs |")
    print("| --- |" + " ---: |" * 7)
    for name in parser.parse_args().logs or LOGS:
        if paths := sorted((DATA / name).glob("*.csv.gz")):
            for cells in bounds(name, paths):
                print(f"| {name} | {' | '.join(cells)} |", flush=True)


def bounds(name: str, paths: list[Path]) -> Iterator[tuple[str, ...]]:
    """For each level the ratios to the yardstick's widths, at the level and at what it holds."""
    log = read(paths, zone=ZONES.get(name.split("-", maxsplit=1)[0], "UTC"))
    questions, subjects = questions_of(log)
    known = known_of(log, subjects)
    lives = lives_of(log, subjects, due=known.due)
    further = further_columns(log, subjects, paths=paths, name=name)
    chances = in_hindsight(log, lives, known=known, further=further)
    openings = np.flatnonzero(questions.after == ASKED_AFTER)
    of = np.searchsorted(subjects.places, questions.places[openings])
    opened = subjects.opened[of]
    told = forecasts.forecast(
        chances[of], opened=opened, asked=opened + ASKED_AFTER, clock=lives.clock
    )
    for level, earliest, latest in yardstick_of(log, questions, subjects=subjects):
        span = earliest[openings], latest[openings]
        yield (f"{level:.0%}", *compared(log, questions, openings, told, span=span, level=level))


def lives_of(log: Log, subjects: Subjects, *, due: Places) -> Lives:
    """What became of each request by the end of the log."""
    now = int(walls_of(np.array([micros(log.as_of)]), zone=log.clock.zone)[0])
    clock = learn_clock(subjects.closed, since=int(subjects.opened[0]), now=now)
    closed = (subjects.closed != NEVER) & (subjects.closed <= now)
    left = np.where(closed, subjects.closed, now)
    start = clock.shown(subjects.opened)
    return Lives(
        subjects=subjects,
        clock=clock,
        start=start,
        last=step_of(clock.shown(left) - start),
        closed=closed,
        lasted=np.log((left - subjects.opened) / DAY + 1e-3),
        due=due,
    )


def further_columns(
    log: Log, subjects: Subjects, *, paths: Sequence[Path], name: str
) -> tuple[list[Spans], list[Spans]]:
    """Numbers and names of the files that a replay does not take up, as each request began."""
    wanted, first = FURTHER.get(name, ()), {}
    for path in paths:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                of = row[IDS.get(name, "case_id")]
                first.setdefault(of, [row[column] for column in wanted])
    ids = [str(one) for one in log.ids[subjects.places]]
    numbers: list[Spans] = []
    names: list[Spans] = []
    for i in range(len(wanted)):
        texts = [first[one][i] for one in ids]
        try:
            numbers.append(np.array([float(text) if text else np.nan for text in texts]))
        except ValueError:
            names.append(frequent(np.unique(texts, return_inverse=True)[1]))
    return numbers, names


def frequent(codes: Places) -> Spans:
    """Codes with the frequent values told apart, and the rest as one."""
    values, of, counts = np.unique(codes, return_inverse=True, return_counts=True)
    rank = np.empty(len(values))
    rank[np.argsort(-counts, kind="stable")] = np.arange(len(values))
    return np.minimum(rank, VALUES)[of]


def in_hindsight(
    log: Log, lives: Lives, *, known: Known, further: tuple[list[Spans], list[Spans]]
) -> Spans:
    """The chance of each request at each step, told by what became of the others."""
    groups = groups_of(known)
    codes = (known.kind, known.team, known.place, known.channel, known.detail)
    numbers = [_at_opening(log, lives), *_backlogs(lives, groups[:5]), *further[0]]
    names = [*map(frequent, codes), *further[1]]
    part = np.random.default_rng(0).integers(0, PARTS, len(lives.start))
    chances = np.full((len(part), STEPS), 1e-7)
    for own in range(PARTS):
        around = _neighbours(lives, groups, told=part != own)
        columns = np.column_stack([*numbers, around, *names]).astype(np.float32)
        model = _learned(lives, columns, some=np.flatnonzero(part != own), names=len(names))
        mine = np.flatnonzero(part == own)
        for few in np.array_split(mine, 1 + len(mine) // _ASKED_AT_ONCE):
            of, steps = _spread(few, np.full(len(few), int(lives.watched.max())))
            rows = _rows(lives, columns, of=of, steps=steps)
            chances[of, steps] = np.clip(model.predict_proba(rows)[:, 1], 1e-7, 0.999)
    return chances


def groups_of(known: Known) -> list[Places]:
    """All requests, and those alike in one column or two."""
    every, kind, team, place = np.zeros_like(known.kind), known.kind, known.team, known.place
    both = (numbered(kind, team), numbered(kind, place), numbered(kind, known.detail))
    return [every, kind, team, place, *both, numbered(team, place)]


def _at_opening(log: Log, lives: Lives) -> Spans:
    """When a request was opened, and what was promised then, by each of the log's promises."""
    opened = lives.subjects.opened
    days = opened / DAY
    columns = [days, days % _YEAR, (opened - MONDAY) % WEEK / HOUR, opened % DAY / HOUR]
    for promised in log.promised:
        due = promised.due[lives.subjects.places]
        given = due != NONE
        span, hour = np.full((2, len(due)), _NO_DATE)
        walls = walls_of(due[given], zone=log.clock.zone)
        span[given], hour[given] = (walls - opened[given]) / DAY, walls % DAY / HOUR
        columns += [span, hour]
    return np.column_stack(columns)


def _backlogs(lives: Lives, groups: Sequence[Places]) -> Iterator[Spans]:
    """For each group what was open at an opening, and what was closed in the weeks before."""
    opened, closed = lives.subjects.opened, lives.subjects.closed
    for group in groups:
        still, gone = np.zeros((2, len(opened)))
        for one in np.unique(group):
            some = np.flatnonzero(group == one)
            at, ends = opened[some], np.sort(closed[some])
            done = np.searchsorted(ends, at)
            still[some] = np.searchsorted(at, at) - done
            gone[some] = done - np.searchsorted(ends, at - _LONG_PAST)
        still, gone = np.log1p(still), np.log1p(gone)
        yield np.column_stack([still, gone, still - gone])


def _neighbours(lives: Lives, groups: Sequence[Places], *, told: Marks) -> Spans:
    """How long the others of each group lasted that were opened at about the time, and how many."""
    opened = lives.subjects.opened
    columns = []
    for group in groups:
        for share in NEARNESS:
            half_life = max(float(opened[-1] - opened[0]) * share, 1.0)
            sums, counts = _kernel(group, opened / half_life, lives.lasted, told=told)
            mean = np.where(counts > 0, sums / np.maximum(counts, 1e-9), np.nan)
            columns += [mean, np.log(counts + 1e-3)]
    return np.column_stack(columns)


def _kernel(group: Places, at: Spans, value: Spans, *, told: Marks) -> tuple[Spans, Spans]:
    """Sums over each request's group, itself left out, less by half for each unit of time apart."""
    sums, counts = np.zeros((2, len(at)))
    groups, times = group.tolist(), at.tolist()
    added, one = (value * told).tolist(), told.astype(np.float64).tolist()
    for order in (range(len(at)), reversed(range(len(at)))):
        seen: dict[int, tuple[float, float, float]] = {}
        for i in order:
            total, count, last = seen.get(groups[i], (0.0, 0.0, times[i]))
            fade = 0.5 ** abs(times[i] - last)
            sums[i] += total * fade
            counts[i] += count * fade
            seen[groups[i]] = total * fade + added[i], count * fade + one[i], times[i]
    return sums, counts


def _learned(
    lives: Lives, columns: Spans, *, some: Places, names: int
) -> HistGradientBoostingClassifier:
    """Boosted chances of being done, learned from steps of some requests."""
    of, steps = _spread(some, lives.watched[some])
    if len(of) > MOST_ROWS:
        drawn = np.sort(np.random.default_rng(0).choice(len(of), MOST_ROWS, replace=False))
        of, steps = of[drawn], steps[drawn]
    rows = _rows(lives, columns, of=of, steps=steps)
    model = HistGradientBoostingClassifier(
        max_iter=80, learning_rate=0.06, max_leaf_nodes=8, min_samples_leaf=200,
        l2_regularization=5.0, early_stopping=False, random_state=0,
        categorical_features=list(range(rows.shape[1] - names, rows.shape[1])),
    )  # fmt: skip
    return model.fit(rows, lives.closed[of] & (steps == lives.last[of]))


def _spread(some: Places, counts: Places) -> tuple[Places, Places]:
    """Each of some requests once for each of its steps."""
    before = np.cumsum(counts) - counts
    return np.repeat(some, counts), np.arange(counts.sum()) - np.repeat(before, counts)


def _rows(lives: Lives, columns: Spans, *, of: Places, steps: Places) -> Spans:
    """What tells of a step: which it is, when it comes, how far off the promise is; and the rest.

    Its date is told too: in hindsight it is known in which weeks much was done.
    """
    begins = lives.clock.moments(lives.start[of] + EDGES[steps])
    ends = lives.clock.moments(lives.start[of] + EDGES[steps + 1])
    left = lives.subjects.opened[of] + lives.due[of] - begins
    has_date = lives.due[of] > 0
    ages = (
        steps, (begins - MONDAY) % WEEK / HOUR, begins % DAY / HOUR, (ends - MONDAY) % WEEK / HOUR,
        begins / DAY, (ends - begins) / DAY, np.where(has_date, left / DAY, _NO_DATE),
        np.where(has_date, left / np.maximum(ends - begins, 1.0), _NO_DATE),
    )  # fmt: skip
    return np.column_stack([*ages, columns[of]]).astype(np.float32)


def compared(
    log: Log,
    questions: Questions,
    openings: Places,
    told: Forecast,
    *,
    span: tuple[Moments, Moments],
    level: float,
) -> tuple[str, ...]:
    """The asks, the ratios at the level, what the yardstick holds, and the ratios there."""
    places = questions.places[openings]
    closed, opened = log.closed[places], log.opened[places]
    given, ages = span[1] != NONE, np.where(closed == NONE, micros(log.as_of), closed) - opened
    its = Ranges(earliest=span[0] - opened + 0.0, latest=span[1] - opened + 0.0, given=given)
    ours = _holding(told, level, ages=ages, done=closed != NONE, among=given)
    it_holds = _held(its, ages, done=closed != NONE, among=given & ours.given)
    there = _holding(told, it_holds, ages=ages, done=closed != NONE, among=given)
    asks = int((given & ours.given).sum())
    return (f"{asks:,}", *_ratios(ours, its), percent(it_holds, 1), *_ratios(there, its))


def _ratios(ours: Ranges, its: Ranges) -> tuple[str, str]:
    """The ratio of the median widths, and that of their geometric means."""
    both = ours.given & its.given
    widths, plain = ((one.latest - one.earliest)[both] for one in (ours, its))
    logs = np.log((widths + SECOND) / (plain + SECOND))
    return number(float(np.median(widths) / np.median(plain))), number(np.exp(logs.mean()))


def _holding(told: Forecast, wanted: float, *, ages: Spans, done: Marks, among: Marks) -> Ranges:
    """The ranges with the share of their curves by which just so many hold, found in hindsight."""
    low, high = 0.3, 0.9999
    for _ in range(ROUNDS):
        middle = (low + high) / 2
        (ranges,) = forecasts.ranges_of(told, shares=(middle,))
        enough = _held(ranges, ages, done=done, among=among) >= wanted
        low, high = (low, middle) if enough else (middle, high)
    return forecasts.ranges_of(told, shares=(high,))[0]


def _held(ranges: Ranges, ages: Spans, *, done: Marks, among: Marks) -> float:
    """The share that held, as replays score it: what is open and not late is undecided."""
    late, given = ages > ranges.latest, among & ranges.given
    decided = given & (done | late)
    return float((decided & ~late & (ages >= ranges.earliest)).sum() / max(decided.sum(), 1))


if __name__ == "__main__":
    main()
