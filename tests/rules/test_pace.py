"""How fast requests get done, learned from groups that overlap."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.rules import pace
from makegood.rules.pace import EDGES, NEVER, Past, Trait
from makegood.rules.weekclock import DAY, HOUR, MONDAY, WEEK, even_clock

NOW = MONDAY + 2900 * WEEK
CLOCK = even_clock()


def past(took: np.ndarray, *, opened: np.ndarray, cells: np.ndarray | None = None) -> Past:
    """Requests with the days that each took; NaN for those that are open."""
    closed = np.full(len(took), NEVER)
    done = ~np.isnan(took)
    closed[done] = opened[done] + (took[done] * DAY).astype(np.int64)
    cells = np.zeros(len(took), dtype=np.int64) if cells is None else cells
    every = np.zeros(int(cells.max(initial=-1)) + 1, dtype=np.int64)
    return Past(
        opened=opened, closed=closed, cells=cells, blocks=np.arange(len(every)), due_steps=every
    )


def done_by(found: pace.Pace, *, cell: int, days: float) -> float:
    chances = found.chances(np.array([cell]))[0].astype(float)
    survived = np.concatenate([[1.0], np.cumprod(1 - chances)])
    return float(1 - np.interp(days * DAY, EDGES, survived))


def evenly(count: int, *, days: int = 170) -> np.ndarray:
    return NOW - np.sort(np.linspace(10, days, count))[::-1].astype(np.int64) * DAY


ALL = Trait(name="all", groups=np.zeros(2, dtype=np.int64), pooled=(12, 3, 1), bends=0.0)
KIND = Trait(name="kind", groups=np.arange(2), pooled=(12, 3, 1), bends=0.0)


def test_the_pace_of_a_steady_queue_is_that_of_its_closings():
    chance = np.random.default_rng(1)
    took = chance.exponential(3.0, 2000)

    found = pace.learn(past(took, opened=evenly(2000)), traits=(ALL,), clock=CLOCK, now=NOW)

    for days in (1.0, 3.0, 6.0):
        assert done_by(found, cell=0, days=days) == pytest.approx(1 - np.exp(-days / 3), abs=0.06)


def test_open_requests_count_for_as_long_as_they_were_watched():
    chance = np.random.default_rng(2)
    opened = evenly(2000, days=60)
    took = chance.exponential(30.0, 2000)
    still = opened + took * DAY >= NOW

    found = pace.learn(
        past(np.where(still, np.nan, took), opened=opened), traits=(ALL,), clock=CLOCK, now=NOW
    )

    naive = np.mean(took[~still] <= 20)
    assert naive > 0.6
    assert done_by(found, cell=0, days=20) == pytest.approx(1 - np.exp(-20 / 30), abs=0.08)


def test_a_group_moves_from_the_others_as_far_as_it_has_shown():
    chance = np.random.default_rng(3)
    few, many = 5, 500
    for count, least, most in ((few, 0.2, 0.85), (many, 0.9, 1.0)):
        cells = np.concatenate([np.zeros(1000, dtype=np.int64), np.ones(count, dtype=np.int64)])
        took = np.concatenate([chance.exponential(10, 1000), chance.exponential(1, count)])
        opened = np.concatenate([evenly(1000), evenly(count)])
        order = np.argsort(opened, kind="stable")
        here = past(took[order], opened=opened[order], cells=cells[order])

        found = pace.learn(here, traits=(ALL, KIND), clock=CLOCK, now=NOW)

        assert least < done_by(found, cell=1, days=3) < most
        assert done_by(found, cell=0, days=3) == pytest.approx(1 - np.exp(-0.3), abs=0.1)


def test_a_cell_never_seen_has_the_pace_of_all():
    chance = np.random.default_rng(4)
    opened = evenly(500)
    here = past(chance.exponential(3, 500), opened=opened)
    here = Past(
        opened=here.opened,
        closed=here.closed,
        cells=here.cells,
        blocks=np.arange(2),
        due_steps=np.zeros(2, dtype=np.int64),
    )

    found = pace.learn(here, traits=(ALL, KIND), clock=CLOCK, now=NOW)

    assert 0.4 < done_by(found, cell=1, days=3) < 0.8


def test_a_history_long_past_is_nearly_forgotten():
    chance = np.random.default_rng(5)
    old = NOW - np.linspace(360, 300, 300).astype(np.int64) * DAY
    new = NOW - np.linspace(60, 10, 300).astype(np.int64) * DAY
    took = np.concatenate([chance.exponential(20, 300), chance.exponential(1, 300)])

    found = pace.learn(
        past(took, opened=np.concatenate([old, new])), traits=(ALL,), clock=CLOCK, now=NOW
    )

    assert done_by(found, cell=0, days=4) > 0.9


@given(st.integers(1, 60), st.randoms())
def test_what_happens_later_changes_nothing(count, chance):
    opened = np.sort(
        np.array([NOW - chance.randrange(1, 100) * DAY for _ in range(count)], dtype=np.int64)
    )
    took = np.array([chance.random() * 50 for _ in range(count)])
    whole = past(
        np.concatenate([took, [1.0, 2.0]]), opened=np.concatenate([opened, [NOW, NOW + HOUR]])
    )
    cut = past(np.where(opened + (took * DAY).astype(np.int64) >= NOW, np.nan, took), opened=opened)

    one = pace.learn(whole, traits=(ALL,), clock=CLOCK, now=NOW)
    other = pace.learn(cut, traits=(ALL,), clock=CLOCK, now=NOW)

    assert (one.chances(np.array([0])) == other.chances(np.array([0]))).all()


def test_closings_that_gather_at_the_promised_date_are_found_there():
    chance = np.random.default_rng(6)
    due = chance.choice([5, 40], 1000)
    opened = evenly(1000, days=300)
    closed = opened + (due * chance.uniform(0.9, 1.0, 1000) * DAY).astype(np.int64)
    steps = pace.step_of(np.array([5.0, 40.0]) * DAY)
    here = Past(
        opened=opened,
        closed=closed,
        cells=(due == 40).astype(np.int64),
        blocks=np.arange(2),
        due_steps=steps,
    )
    to_due = Trait(
        name="date", groups=np.zeros(2, dtype=np.int64), pooled=(3, 1), bends=0.0, to_due=True
    )

    found = pace.learn(here, traits=(ALL, to_due), clock=CLOCK, now=NOW)

    assert done_by(found, cell=1, days=20) < 0.35
    assert done_by(found, cell=1, days=45) > 0.8
    assert done_by(found, cell=0, days=6.5) > 0.6


@given(st.lists(st.tuples(st.integers(-3, 3), st.integers(0, 2)), max_size=30))
def test_numbers_are_given_by_first_appearance(rows):
    columns = [np.array([row[i] for row in rows], dtype=np.int64) for i in (0, 1)]

    found = pace.numbered(*columns).tolist()

    seen: dict[tuple[int, int], int] = {}
    assert found == [seen.setdefault(row, len(seen)) for row in rows]
