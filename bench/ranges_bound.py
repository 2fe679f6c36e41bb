"""How narrow could date ranges be? What hindsight gives, beside the yardstick.

Each request is given the shortest range of its group, taken from what became of the whole log: of
its kind, and of the kind cut by whichever single trait makes its ranges narrowest, where a group
has enough requests. Nobody could know that beforehand: it shows what a log's traits hold at most,
taken one at a time.

    python -m bench.ranges_bound
"""

from typing import Final

import numpy as np

from bench.ranges import DATA, LOGS, ZONES, number, read
from makegood.queries.replay.asking import ASKED_AFTER, Subjects, questions_of
from makegood.queries.replay.knowing import known_of
from makegood.queries.replay.log import Log
from makegood.queries.replay.times import DAY, NONE, SECOND, micros, walls_of
from makegood.queries.replay.yardstick import yardstick_of
from makegood.rules import ranges
from makegood.rules.pace import NEVER, Places, numbered
from makegood.rules.weekclock import Spans

# Below this a group's range in hindsight tells of chance.
FEWEST: Final = 50
_MONTH: Final = 30 * DAY


def main() -> None:
    """One line for each log and level."""
    print("| log | level | kind: ratio | ratio of mean logs | best trait: ratio | of mean logs |")
    print("| --- |" + " ---: |" * 5)
    for name in LOGS:
        if paths := sorted((DATA / name).glob("*.csv.gz")):
            log = read(paths, zone=ZONES.get(name.split("-", maxsplit=1)[0], "UTC"))
            for level, ratios in bounds(log):
                print(f"| {name} | {level:.0%} | {' | '.join(map(number, ratios))} |", flush=True)


def bounds(log: Log) -> list[tuple[float, tuple[float, ...]]]:
    """For each level the ratios to the yardstick's widths: of the median, of the mean of logs."""
    questions, subjects = questions_of(log)
    openings = np.flatnonzero(questions.after == ASKED_AFTER)
    of = np.searchsorted(subjects.places, questions.places[openings])
    now = int(walls_of(np.array([micros(log.as_of)]), zone=log.clock.zone)[0])
    by_kind, by_trait = in_hindsight(subjects, groups=groups_of(log, subjects), now=now)
    found = []
    for place, (level, earliest, latest) in enumerate(
        yardstick_of(log, questions, subjects=subjects)
    ):
        given = latest[openings] != NONE
        plain = (latest - earliest)[openings].astype(np.float64)
        ratios: tuple[float, ...] = ()
        for widths in (by_kind[place][of], by_trait[place][of]):
            both = given & np.isfinite(widths)
            logs = np.log((widths[both] + SECOND) / (plain[both] + SECOND))
            median = float(np.median(widths[both]) / np.median(plain[both]))
            ratios += (median, float(np.exp(logs.mean())))
        found.append((level, ratios))
    return found


def groups_of(log: Log, subjects: Subjects) -> list[Places]:
    """The kinds, and the kinds cut by each trait, the month of opening among them."""
    known = known_of(log, subjects)
    span = np.where(known.due > 0, np.log2(np.maximum(known.due, 1)).astype(np.int64), 0)
    traits = (known.team, known.place, known.channel, known.detail, known.hour, span)
    month = subjects.opened // _MONTH
    return [known.kind, *(numbered(known.kind, one) for one in (*traits, month))]


def in_hindsight(
    subjects: Subjects, *, groups: list[Places], now: int
) -> tuple[list[Spans], list[Spans]]:
    """The widths by level, by kind and by each kind's best trait; infinite where there is none."""
    kinds, *others = [widths_of(subjects, some, now=now) for some in groups]
    best = [one.copy() for one in kinds]
    for kind in np.unique(groups[0]):
        some = groups[0] == kind
        for place, widest in enumerate(kinds):
            cuts = [cut[place][some] for cut in others]
            cuts = [np.where(np.isfinite(cut), cut, widest[some]) for cut in cuts]
            best[place][some] = min([widest[some], *cuts], key=lambda w: np.log(w + SECOND).mean())
    return kinds, best


def widths_of(subjects: Subjects, groups: Places, *, now: int) -> list[Spans]:
    """The width of the range of each request's group, by level."""
    widths = [np.full(len(groups), np.inf) for _ in ranges.LEVELS]
    closed = (subjects.closed != NEVER) & (subjects.closed <= now)
    left = np.where(closed, subjects.closed, now) - subjects.opened
    order = np.argsort(groups, kind="stable")
    for some in np.split(order, np.flatnonzero(np.diff(groups[order])) + 1):
        if len(some) < FEWEST:
            continue
        curve = ranges.curve_of(
            entered=np.zeros(len(some), dtype=np.int64), left=left[some], closed=closed[some]
        )
        for into, span in zip(widths, ranges.nested_ranges(curve), strict=False):
            into[some] = span.latest - span.earliest
    return widths


if __name__ == "__main__":
    main()
