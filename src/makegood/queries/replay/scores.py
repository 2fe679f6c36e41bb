"""How well the ranges would have held: coverage and width, out of sample."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from makegood.queries.replay.log import Log
from makegood.queries.replay.ranges import Answers, Asks
from makegood.queries.replay.times import DAY, NONE, SECOND, Places, micros, walls_of

# Too few asks say nothing about how well a kind's ranges hold.
FEWEST_OF_A_KIND: Final = 50


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
class RangesReport:
    """The scores over all asks, by month of asking, and by kind."""

    asked: int
    after_the_fact: int
    from_own_kind: int
    without_range: int
    overall: tuple[Score, ...]
    by_month: tuple[NamedScores, ...]
    by_kind: tuple[NamedScores, ...]


def score_ranges(log: Log, asks: Asks) -> RangesReport:
    """Score every range against what became of its request."""
    every = np.arange(len(asks.places))
    given = asks.answers[0].given
    return RangesReport(
        asked=len(asks.places),
        after_the_fact=asks.after_the_fact,
        from_own_kind=int((asks.from_own_kind & given).sum()),
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
    )


def months_of(moments: npt.NDArray[np.int64], log: Log) -> npt.NDArray[np.str_]:
    """The local month of each moment, such as 2015-02; none of them may be NONE."""
    walls = walls_of(moments, zone=log.clock.zone)
    return np.datetime_as_string(walls.astype("M8[us]").astype("M8[M]"))


def _months(log: Log, asks: Asks) -> Iterator[tuple[str, Places]]:
    names, months = np.unique(months_of(asks.asked, log), return_inverse=True)
    for month, name in enumerate(names.tolist()):
        yield name, np.flatnonzero(months == month)


def _kinds(log: Log, asks: Asks) -> Iterator[tuple[str, Places]]:
    kinds = log.kind_when_asked[asks.places]
    counts = np.bincount(kinds, minlength=len(log.kinds.values))
    for kind in np.argsort(-counts, kind="stable").tolist():
        if counts[kind] >= FEWEST_OF_A_KIND:
            yield log.kinds.values[kind], np.flatnonzero(kinds == kind)


def _scores(log: Log, asks: Asks, some: Places) -> tuple[Score, ...]:
    return tuple(_score(log, asks, answers, some=some) for answers in asks.answers)


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
