"""How fast requests get done, age by age, learned from groups that overlap.

At each age there is a chance of being done before the next. It starts from a plain prior and is
corrected trait by trait: all requests, the team, the kind, the kind in a place and so on. Each
correction is closings seen over closings expected from the traits before it, drawn towards one
where little was seen. Open requests count for as long as they were watched, and recent weeks more.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from makegood.rules.weekclock import DAY, Moments, Spans, WeekClock

Places = npt.NDArray[np.int64]
Marks = npt.NDArray[np.bool_]
Table = npt.NDArray[np.float32]

# Ages are cut where each is a sixth longer than the last, from five minutes to 25 years.
GROWTH: Final = 1.17
FIRST: Final = timedelta(minutes=5) // timedelta(microseconds=1)
LONGEST: Final = 9131 * DAY
STEPS: Final = 1 + int(np.ceil(np.log(LONGEST / FIRST) / np.log(GROWTH)))
EDGES: Final[Spans] = np.concatenate([[0.0], FIRST * GROWTH ** np.arange(STEPS)])
_MIDDLES: Final[Spans] = np.sqrt(np.maximum(EDGES[:-1], FIRST / GROWTH**4) * EDGES[1:])

WINDOW: Final = 365 * DAY
LONG: Final = 60 * DAY
SHORT: Final = 14 * DAY
NEVER: Final = np.iinfo(np.int64).max
# While an age grows by a factor of e, two requests in five get done, if nothing else is known: so
# it is with what lies for months and years in the queues of cities.
_PRIOR: Final = np.float32(1 - GROWTH**-0.4)
_LEAST, _MOST = 1e-6, 0.95
# Neighbouring ages are pooled first widely, then narrowly; these are ages by a factor of
# six, of one and a half, and of a sixth.
WIDE, NARROW, CLOSE = 12, 3, 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Trait:
    """One way of grouping requests, and how freely it may correct what is known without it.

    :param groups: the group of each cell, numbered by first appearance.
    :param fine: whether it tells cells of one block apart.
    :param weight: how many closings a group must show to move half-way.
    :param bends: the largest factor of correction; none if 0.
    :param to_due: whether ages are compared with the promised date instead of the opening.
    """

    name: str
    groups: Places
    pooled: tuple[int, ...] = (WIDE, NARROW)
    weight: float = 6.0
    bends: float = 8.0
    half_life: int = LONG
    to_due: bool = False
    fine: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Past:
    """Requests in the order of their opening, and which cell of like requests each belongs to.

    :param closed: NEVER for those that are open.
    :param blocks: the block of cells that only fine traits tell apart, for each cell.
    :param due_steps: for each cell the step of the promised span; 0 if none was promised.
    """

    opened: Moments
    closed: Moments
    cells: Places
    blocks: Places
    due_steps: Places


@dataclass(frozen=True, kw_only=True, slots=True)
class _Correction:
    trait: Trait
    row_of: Places
    table: Table


@dataclass(frozen=True, kw_only=True, slots=True)
class Pace:
    """What was learned by one moment."""

    closings: int
    due_steps: Places
    corrections: tuple[_Correction, ...]

    def chances(self, cells: Places) -> Table:
        """The chance at each step of age, for each of some cells, known before or not."""
        found = np.full((len(cells), STEPS), _PRIOR)
        for one in self.corrections:
            rows = one.row_of[one.trait.groups[cells]]
            found *= _turned(one.table[rows], due_steps=self.due_steps[cells], trait=one.trait)
        return np.clip(found, _LEAST, _MOST)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Seen:
    """What was watched in the window: for each request its cell, steps of age and outcome."""

    opened: Moments
    rows: Places
    first: Places
    last: Places
    closed: Marks
    width: int


def step_of(ages: Spans) -> Places:
    """The step of each age."""
    steps = np.searchsorted(EDGES, ages, side="right") - 1
    return np.clip(steps, 0, STEPS - 1)


def learn(past: Past, *, traits: Sequence[Trait], clock: WeekClock, now: int) -> Pace:
    """Learn from what was known at a moment: closings before it, and what was open then.

    Traits that are not fine come first; they are learned from whole blocks of cells at once.
    """
    seen, cells = _seen(past, clock=clock, now=now)
    counts = {
        half_life: _counts(seen, half_life=half_life, now=now)
        for half_life in {trait.half_life for trait in traits}
    }
    blocks, first, block_of = np.unique(past.blocks[cells], return_index=True, return_inverse=True)
    coarse = {
        half_life: (_added(counts[half_life][0], block_of), _added(counts[half_life][1], block_of))
        for half_life in {trait.half_life for trait in traits if not trait.fine}
    }
    corrections = []
    chances = np.full((len(blocks), STEPS), _PRIOR)
    for trait in traits:
        if trait.fine and counts is not coarse:
            chances, coarse, first = chances[block_of], counts, np.arange(len(cells))
        at = cells[first]
        groups, rows = np.unique(trait.groups[at], return_inverse=True)
        watched, done = coarse[trait.half_life]
        table = _corrected(
            _summed(watched * chances, rows=rows, due_steps=past.due_steps[at], trait=trait),
            _summed(done, rows=rows, due_steps=past.due_steps[at], trait=trait),
            trait=trait,
        )
        chances *= _turned(table[rows], due_steps=past.due_steps[at], trait=trait)
        np.clip(chances, _LEAST, _MOST, out=chances)
        corrections.append(_correction(trait, groups=groups, table=table))
    return Pace(
        closings=int(seen.closed.sum()),
        due_steps=past.due_steps,
        corrections=tuple(corrections),
    )


def _seen(past: Past, *, clock: WeekClock, now: int) -> tuple[_Seen, Places]:
    since = now - WINDOW
    until = int(np.searchsorted(past.opened, now))
    at_work = np.flatnonzero(past.closed[:until] > since)
    opened, closed = past.opened[at_work], past.closed[at_work]
    cells, rows = np.unique(past.cells[at_work], return_inverse=True)
    is_closed = closed < now
    start = clock.shown(opened)
    left = step_of(clock.shown(np.where(is_closed, closed, now)) - start)
    later = opened < since
    entered = step_of(clock.shown(np.maximum(opened, since)) - start) + 1
    first = np.where(later, entered, 0)
    last = np.where(is_closed, left, left - 1)  # a step that has not ended tells nothing yet
    used = last >= first
    return _Seen(
        opened=opened[used],
        rows=rows[used],
        first=first[used],
        last=last[used],
        closed=is_closed[used],
        width=len(cells),
    ), cells


def _counts(seen: _Seen, *, half_life: int, now: int) -> tuple[Table, Table]:
    """How many requests each cell had watched, and done, at each step; older weeks count less."""
    weights = np.exp2(-(now - seen.opened) / half_life)
    # A step was passed so much later than the opening as its age says.
    later = np.exp2(np.minimum(_MIDDLES, now - seen.opened.min(initial=now)) / half_life)
    size = seen.width * STEPS
    ended = seen.rows * STEPS + seen.last
    # Summed from the highest age down, so that the small weights of old requests are not lost.
    gone = np.bincount(ended, weights=weights, minlength=size)
    late = seen.first > 0
    before = (seen.rows * STEPS + seen.first - 1)[late]
    gone -= np.bincount(before, weights=weights[late], minlength=size)
    watched = np.cumsum(gone.reshape(-1, STEPS)[:, ::-1], axis=1)[:, ::-1]
    done = np.bincount(ended[seen.closed], weights=weights[seen.closed], minlength=size)
    return (
        (np.maximum(watched, 0.0) * later).astype(np.float32),
        (done.reshape(-1, STEPS) * later).astype(np.float32),
    )


def _corrected(expected: Table, done: Table, *, trait: Trait) -> Table:
    """Done over expected, by group and step, pooled over neighbouring steps."""
    table: Table = np.ones_like(expected)
    for width in trait.pooled:
        near = _nearness(width)
        table *= (done @ near + trait.weight) / ((expected * table) @ near + trait.weight)
    if trait.bends:
        np.clip(table, 1 / trait.bends, trait.bends, out=table)
    return table


@cache
def _nearness(width: int) -> Table:
    """How much each step tells about each other: less with distance, nothing beyond a width."""
    steps = np.arange(STEPS)
    apart = np.abs(steps[:, None] - steps[None, :])
    near: Table = np.maximum(0.0, 1 - apart / (width + 1)).astype(np.float32)
    return near


def _summed(cells: Table, *, rows: Places, due_steps: Places, trait: Trait) -> Table:
    """The sum over the cells of each group, which are all there."""
    if trait.to_due:
        cells = _from_due(cells, due_steps)
    return _added(cells, rows)


def _added(cells: Table, rows: Places) -> Table:
    """The sum over the cells of each row, every one of which has some."""
    order = np.argsort(rows, kind="stable")
    begins = np.flatnonzero(np.diff(rows[order], prepend=-1))
    if not len(begins):
        return np.zeros((0, STEPS), dtype=np.float32)
    return np.asarray(np.add.reduceat(cells[order], begins, axis=0))


def _turned(table: Table, *, due_steps: Places, trait: Trait) -> Table:
    """Corrections as each cell needs them, by age since the opening."""
    if not trait.to_due:
        return table
    steps = np.arange(STEPS)[None, :] - due_steps[:, None] + STEPS // 2
    turned = np.take_along_axis(table, np.clip(steps, 0, STEPS - 1), axis=1)
    return np.where(due_steps[:, None] > 0, turned, np.float32(1.0))


def _from_due(cells: Table, due_steps: Places) -> Table:
    """Counts by how far before or after the promised date; none where none was promised."""
    steps = np.arange(STEPS)[None, :] + due_steps[:, None] - STEPS // 2
    inside = (steps >= 0) & (steps < STEPS) & (due_steps[:, None] > 0)
    moved = np.take_along_axis(cells, np.clip(steps, 0, STEPS - 1), axis=1)
    return np.where(inside, moved, np.float32(0.0)).astype(np.float32, copy=False)


def _correction(trait: Trait, *, groups: Places, table: Table) -> _Correction:
    """A table to look groups up in; those never seen change nothing."""
    row_of = np.full(int(trait.groups.max(initial=-1)) + 1, len(groups), dtype=np.int64)
    row_of[groups] = np.arange(len(groups))
    nothing = np.ones((1, STEPS), dtype=np.float32)
    return _Correction(trait=trait, row_of=row_of, table=np.concatenate([table, nothing]))


def numbered(*columns: Places) -> Places:
    """One number for each combination of values, counted by first appearance.

    So numbered, rows that come later never change the numbers of those before them.
    """
    found = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        _, codes = np.unique(column, return_inverse=True)
        found = found * (int(codes.max(initial=0)) + 1) + codes
        _, firsts, found = np.unique(found, return_index=True, return_inverse=True)
        ranks = np.empty(len(firsts), dtype=np.int64)
        ranks[np.argsort(firsts, kind="stable")] = np.arange(len(firsts))
        found = ranks[found]
    return found


def in_batches(count: int, *, size: int) -> Iterator[slice]:
    """Slices of so many rows at most, to bound memory."""
    for begin in range(0, count, size):
        yield slice(begin, min(begin + size, count))
