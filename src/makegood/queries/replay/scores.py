"""How well the ranges would have held: coverage and width, out of sample."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from makegood.queries.replay.log import Log
from makegood.queries.replay.ranges import Answers, Asks
from makegood.queries.replay.times import DAY, HOUR, NONE, SECOND, Marks, Places, micros, walls_of

# Too few asks say nothing about how well a kind's ranges hold.
FEWEST_OF_A_KIND: Final = 50
AT_OPENING: Final = "at opening"


@dataclass(frozen=True, kw_only=True, slots=True)
class Score:
    """What became of the ranges of one level.

    A request still open past the upper end counts as late; one still open before it is undecided.
    Widths are in days; the second is the geometric mean, which a few huge ranges do not rule.
    """

    level: float
    asked: int
    given: int
    held: int
    early: int
    late: int
    undecided: int
    median_width: float | None
    typical_width: float | None

    @property
    def decided(self) -> int:
        """Ranges of which the log shows whether they held."""
        return self.held + self.early + self.late

    @property
    def coverage(self) -> float | None:
        """The share that held, of the decided."""
        return self.held / self.decided if self.decided else None


@dataclass(frozen=True, kw_only=True, slots=True)
class NamedScores:
    """The scores of one kind or month, one for each level."""

    name: str
    scores: tuple[Score, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """Our ranges of one level beside the yardstick's, on the asks to which both gave one."""

    ours: Score
    yardstick: Score

    @property
    def median_ratio(self) -> float | None:
        """Our median width as a share of the yardstick's."""
        return _ratio(self.ours.median_width, self.yardstick.median_width)

    @property
    def typical_ratio(self) -> float | None:
        """Our typical width as a share of the yardstick's."""
        return _ratio(self.ours.typical_width, self.yardstick.typical_width)


@dataclass(frozen=True, kw_only=True, slots=True)
class RangesReport:
    """The scores of all asks at opening, by month and kind; of later asks, by age.

    :param again: every how many requests was asked about again after its opening.
    """

    asked: int
    after_the_fact: int
    from_own_kind: int
    without_range: int
    overall: tuple[Score, ...]
    by_month: tuple[NamedScores, ...]
    by_kind: tuple[NamedScores, ...]
    by_age: tuple[NamedScores, ...]
    beside_yardstick: tuple[Comparison, ...]
    again: int


def score_ranges(log: Log, asks: Asks) -> RangesReport:
    """Score every range against what became of its request."""
    every = np.flatnonzero(asks.at_opening)
    given = asks.answers[0].given[every]
    return RangesReport(
        asked=len(every),
        after_the_fact=asks.after_the_fact,
        from_own_kind=int((asks.from_own_kind[every] & given).sum()),
        without_range=int((~given).sum()),
        overall=_scores(log, asks, every),
        by_month=tuple(
            NamedScores(name=month, scores=_scores(log, asks, some))
            for month, some in _months(log, asks)
        ),
        by_kind=tuple(
            NamedScores(name=kind, scores=_scores(log, asks, some))
            for kind, some in _kinds(log, asks)
        ),
        by_age=tuple(
            NamedScores(name=age, scores=_scores(log, asks, some)) for age, some in _ages(asks)
        ),
        beside_yardstick=tuple(
            _beside(log, asks, ours, yardstick, of=asks.at_opening)
            for ours, yardstick in zip(asks.answers, asks.yardstick, strict=True)
        ),
        again=asks.again,
    )


def months_of(moments: npt.NDArray[np.int64], log: Log) -> npt.NDArray[np.str_]:
    """The local month of each moment, such as 2015-02; none of them may be NONE."""
    walls = walls_of(moments, zone=log.clock.zone)
    return np.datetime_as_string(walls.astype("M8[us]").astype("M8[M]"))


def _months(log: Log, asks: Asks) -> Iterator[tuple[str, Places]]:
    every = np.flatnonzero(asks.at_opening)
    names, months = np.unique(months_of(asks.asked[every], log), return_inverse=True)
    for month, name in enumerate(names.tolist()):
        yield name, every[months == month]


def _ages(asks: Asks) -> Iterator[tuple[str, Places]]:
    """The asks by the age of their requests, named in hours or days."""
    for after in np.unique(asks.after).tolist():
        name = f"{after // DAY} d" if after >= DAY else f"{after // HOUR} h"
        yield name if after >= HOUR else AT_OPENING, np.flatnonzero(asks.after == after)


def _kinds(log: Log, asks: Asks) -> Iterator[tuple[str, Places]]:
    every = np.flatnonzero(asks.at_opening)
    kinds = log.kind_when_asked[asks.places[every]]
    counts = np.bincount(kinds, minlength=len(log.kinds.values))
    for kind in np.argsort(-counts, kind="stable").tolist():
        if counts[kind] >= FEWEST_OF_A_KIND:
            yield log.kinds.values[kind], every[kinds == kind]


def _scores(log: Log, asks: Asks, some: Places) -> tuple[Score, ...]:
    return tuple(_score(log, asks, answers, some=some) for answers in asks.answers)


def _beside(log: Log, asks: Asks, ours: Answers, yardstick: Answers, *, of: Marks) -> Comparison:
    both = np.flatnonzero(of & ours.given & yardstick.given)
    return Comparison(
        ours=_score(log, asks, ours, some=both),
        yardstick=_score(log, asks, yardstick, some=both),
    )


def _ratio(ours: float | None, theirs: float | None) -> float | None:
    return ours / theirs if ours is not None and theirs else None


def _score(log: Log, asks: Asks, answers: Answers, *, some: Places) -> Score:
    asked = some[answers.given[some]]
    closed = log.closed[asks.places[asked]]
    earliest, latest = answers.earliest[asked], answers.latest[asked]
    is_open = closed == NONE
    early = ~is_open & (closed < earliest)
    late = np.where(is_open, micros(log.as_of) > latest, closed > latest)
    undecided = is_open & ~late
    days = (latest - earliest) / DAY
    # A second is added, since a range may be a single moment, which has no logarithm.
    typical = np.exp(np.log(days + SECOND / DAY).mean()) if len(days) else None
    return Score(
        level=answers.level,
        asked=len(some),
        given=len(asked),
        held=int((~early & ~late & ~undecided).sum()),
        early=int(early.sum()),
        late=int(late.sum()),
        undecided=int(undecided.sum()),
        median_width=float(np.median(days)) if len(days) else None,
        typical_width=None if typical is None else float(typical),
    )
