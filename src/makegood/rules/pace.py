"""How fast requests get done, age by age, learned from groups that overlap.

At each age there is a chance of being done before the next. It starts from a plain prior and is
corrected trait by trait: all requests, the team, the kind, the kind in a place and so on. Each
correction is closings seen over closings expected from the traits before it, drawn towards one
where little was seen. Open requests count for as long as they were watched, and recent weeks more.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
# fifty, of six, of one and a half, and of a sixth.
FAR, WIDE, NARROW, CLOSE = 25, 12, 3, 1


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
    weight: float = 24.0
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
    """What a trait tells: a factor for each step and group.

    :param place_of: the column of each group in the table, which is of steps by groups.
    """

    trait: Trait
    place_of: Places
    table: Table


@dataclass(frozen=True, kw_only=True, slots=True)
class Pace:
    """What was learned by one moment."""

    closings: int
    due_steps: Places
    corrections: tuple[_Correction, ...]

    def chances(self, cells: Places) -> Table:
        """The chance of each of some cells at each step of age, whether known before or not.

        :returns: cells by steps.
        """
        found = np.full((STEPS, len(cells)), _PRIOR)
        for one in self.corrections:
            table = np.take(one.table, one.place_of[one.trait.groups[cells]], axis=1)
            if one.trait.to_due:
                table = _turned(table, due_steps=self.due_steps[cells])
            found *= table
        return np.ascontiguousarray(np.clip(found, _LEAST, _MOST, out=found).T)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Seen:
    """What was watched in the window: for each request its cell, steps of age and outcome.

    :param cells: the cells of which requests were seen; `places` tells which is whose.
    """

    opened: Moments
    cells: Places
    places: Places
    first: Places
    last: Places
    closed: Marks
    now: int

    @property
    def steps(self) -> int:
        """How many steps of age were watched at all."""
        return int(self.last.max(initial=0)) + 1

    def weights(self, half_life: int) -> Spans:
        """How much each request counts: those of older weeks less."""
        return np.asarray(np.exp2(-(self.now - self.opened) / half_life))

    def later(self, half_life: int) -> Spans:
        """How much more each step counts: it was passed so much later than the opening."""
        oldest = self.now - self.opened.min(initial=self.now)
        return np.asarray(np.exp2(np.minimum(_MIDDLES, oldest) / half_life))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Units:
    """What is learned from, blocks or cells: a cell of each, and what is known of it so far.

    Tables are of steps by units: so each step is one stretch of memory, added up at a run.
    """

    cells: Places
    watched: Mapping[int, Table]
    chances: Table


def step_of(ages: Spans) -> Places:
    """The step of each age."""
    steps = np.searchsorted(EDGES, ages, side="right") - 1
    return np.clip(steps, 0, STEPS - 1)


def learn(past: Past, *, traits: Sequence[Trait], clock: WeekClock, now: int) -> Pace:
    """Learn from what was known at a moment: closings before it, and what was open then.

    Traits that are not fine come first; they are learned from whole blocks of cells at once.
    """
    seen = _seen(past, clock=clock, now=now)
    coarse, fine = [[one for one in traits if one.fine == kind] for kind in (False, True)]
    watched = {one: _watched(seen, half_life=one) for one in {one.half_life for one in traits}}
    blocks, first, block_of = np.unique(
        past.blocks[seen.cells], return_index=True, return_inverse=True
    )
    of_blocks = _Units(
        cells=seen.cells[first],
        watched={
            one: _added(watched[one], places=block_of, count=len(blocks))[: seen.steps]
            for one in {one.half_life for one in coarse}
        },
        chances=np.full((seen.steps, len(blocks)), _PRIOR),
    )
    found = [_learned(past, trait, units=of_blocks, seen=seen) for trait in coarse]
    of_cells = _Units(
        cells=seen.cells, watched=watched, chances=np.take(of_blocks.chances, block_of, axis=1)
    )
    found += [_learned(past, trait, units=of_cells, seen=seen) for trait in fine]
    return Pace(closings=int(seen.closed.sum()), due_steps=past.due_steps, corrections=tuple(found))


def _learned(past: Past, trait: Trait, *, units: _Units, seen: _Seen) -> _Correction:
    """What a trait tells beyond what is known of the units, which from then on is known too."""
    due_steps = past.due_steps[units.cells]
    # Groups never seen change nothing.
    groups, place_of = _among(trait.groups[units.cells], count=_count_of(trait.groups))
    places = place_of[trait.groups[units.cells]]
    expected: Iterable[Table] = map(np.multiply, units.watched[trait.half_life], units.chances)
    if trait.to_due:
        expected = _from_due(np.stack(list(expected)), due_steps)
    table = _corrected(
        _added(expected, places=places, count=len(groups)),
        _done(past, trait, seen=seen, places=place_of[trait.groups[seen.cells]], count=len(groups)),
        trait=trait,
    )
    factors: Iterable[Table] = (row[places] for row in table)
    if trait.to_due:
        factors = _turned(np.take(table, places, axis=1), due_steps=due_steps)
    for chances, factor in zip(units.chances, factors, strict=False):
        np.clip(np.multiply(chances, factor, out=chances), _LEAST, _MOST, out=chances)
    nothing = np.ones((STEPS, 1), dtype=np.float32)
    table = np.concatenate([table, nothing], axis=1)
    return _Correction(trait=trait, place_of=place_of, table=table)


def _seen(past: Past, *, clock: WeekClock, now: int) -> _Seen:
    since = now - WINDOW
    until = int(np.searchsorted(past.opened, now))
    at_work = np.flatnonzero(past.closed[:until] > since)
    opened, closed = past.opened[at_work], past.closed[at_work]
    cells, place_of = _among(past.cells[at_work], count=_count_of(past.cells))
    places = place_of[past.cells[at_work]]
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
        cells=cells,
        places=places[used],
        first=first[used],
        last=last[used],
        closed=is_closed[used],
        now=now,
    )


def _among(some: Places, *, count: int) -> tuple[Places, Places]:
    """Which of so many numbers occur, in order, and the place of each number among them.

    Those that do not occur are placed behind the last.
    """
    occurs = np.zeros(count, dtype=np.bool_)
    occurs[some] = True
    found = np.flatnonzero(occurs)
    return found, np.where(occurs, np.cumsum(occurs) - 1, len(found))


def _count_of(numbers: Places) -> int:
    return int(numbers.max(initial=-1)) + 1


def _watched(seen: _Seen, *, half_life: int) -> Table:
    """How many requests each cell had watched at each step; older weeks count less."""
    weights = seen.weights(half_life)
    late = np.flatnonzero(seen.first)
    count = len(seen.cells)
    at = [seen.last * count + seen.places, ((seen.first - 1) * count + seen.places)[late]]
    gone = np.bincount(
        np.concatenate(at),
        weights=np.concatenate([weights, -weights[late]]),
        minlength=seen.steps * count,
    ).reshape(seen.steps, count)
    later = seen.later(half_life)
    watched = np.empty_like(gone, dtype=np.float32)
    left = np.zeros(count)
    # Summed from the highest age down, so that the small weights of old requests are not lost.
    for step in reversed(range(seen.steps)):
        np.maximum(np.add(left, gone[step], out=left), 0.0, out=left)
        np.multiply(left, later[step], out=watched[step], casting="same_kind")
    return watched


def _done(past: Past, trait: Trait, *, seen: _Seen, places: Places, count: int) -> Table:
    """How many requests each group had done at each step, counted as they were watched."""
    weights = seen.weights(trait.half_life) * seen.later(trait.half_life)[seen.last]
    used, at = seen.closed, seen.last
    if trait.to_due:
        due = past.due_steps[seen.cells[seen.places]]
        at = at - due + STEPS // 2
        used = used & (due > 0) & (at >= 0) & (at < STEPS)
    flat = (at * count + places[seen.places])[used]
    done = np.bincount(flat, weights=weights[used], minlength=STEPS * count)
    return done.reshape(STEPS, count).astype(np.float32)


def _corrected(expected: Table, done: Table, *, trait: Trait) -> Table:
    """Done over expected, by step and group, pooled over neighbouring steps."""
    table: Table = np.ones_like(expected)
    for width in trait.pooled:
        near = _nearness(width)
        table *= (near @ done + trait.weight) / (near @ (expected * table) + trait.weight)
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


def _added(rows: Iterable[Table], *, places: Places, count: int) -> Table:
    """The sums over the columns of each place, step by step; nothing in steps not watched."""
    sums = np.zeros((STEPS, count), dtype=np.float32)
    for row, into in zip(rows, sums, strict=False):
        into[:] = np.bincount(places, weights=row, minlength=count)
    return sums


def _turned(table: Table, *, due_steps: Places) -> Table:
    """Corrections by how far from the promised date, as each cell needs them by its age."""
    steps = np.arange(STEPS)[:, None] - due_steps[None, :] + STEPS // 2
    turned = np.take_along_axis(table, np.clip(steps, 0, STEPS - 1), axis=0)
    return np.where(due_steps > 0, turned, np.float32(1.0))


def _from_due(table: Table, due_steps: Places) -> Table:
    """Counts by how far before or after the promised date; none where none was promised."""
    steps = np.arange(STEPS)[:, None] + due_steps[None, :] - STEPS // 2
    inside = (steps >= 0) & (steps < len(table)) & (due_steps > 0)
    moved = np.take_along_axis(table, np.clip(steps, 0, len(table) - 1), axis=0)
    return np.where(inside, moved, np.float32(0.0)).astype(np.float32, copy=False)


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
