"""Patterns of payments: what chance gives, and how seldom chance alone is shown."""

import random
from math import exp, factorial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.rules import fair_use
from makegood.rules.fair_use import ENOUGH, FALSE, FEWEST, Chance

COUNTS = st.integers(min_value=0, max_value=40)
CHANCES = st.builds(
    Chance,
    mean=st.floats(min_value=0.01, max_value=5),
    spread=st.floats(min_value=0, max_value=5),
)


def poisson(rng: random.Random, mean: float) -> int:
    count, product, limit = 0, rng.random(), exp(-mean)
    while product > limit:
        count, product = count + 1, product * rng.random()
    return count


def draw(rng: random.Random, *, customers: int, spread: float) -> dict[int, int]:
    """Honest customers only: each with a rate of their own."""
    found = {}
    for who in range(customers):
        rate = rng.gammavariate(1 / spread, spread) * 0.4 if spread else 0.4
        if count := poisson(rng, rate):
            found[who] = count
    return found


@given(count=COUNTS, chance=CHANCES)
def test_more_is_never_more_probable_than_less(count, chance):
    assert 0 <= fair_use.tail(count + 1, chance) <= fair_use.tail(count, chance) + 1e-9 <= 1 + 1e-9


def test_without_spread_it_is_the_poisson_tail():
    below = sum(exp(-2) * 2**k / factorial(k) for k in range(4))

    assert fair_use.tail(4, Chance(mean=2, spread=0)) == pytest.approx(1 - below)


@pytest.mark.parametrize("spread", [0.0, 1.0])
def test_among_honest_customers_hardly_anybody_is_shown(spread):
    rng = random.Random(22)
    rounds = [
        fair_use.find(draw(rng, customers=400, spread=spread), customers=400) for _ in range(60)
    ]

    # All who are shown here are chance, so that a share of rounds, not of the shown, bounds them.
    assert sum(bool(shown) for shown in rounds) / len(rounds) <= 3 * FALSE


def test_whoever_stands_out_is_shown_and_nobody_else():
    paid = draw(random.Random(1), customers=1_000, spread=0.0) | {17: 14, 18: 12}

    shown = fair_use.find(paid, customers=1_000)

    assert [each.customer for each in shown] == [17, 18]
    assert all(each.false <= FALSE and each.chance < each.false for each in shown)


@given(paid=st.dictionaries(st.integers(1, 99), st.integers(1, 60), max_size=40))
def test_nobody_is_shown_for_little_nor_where_too_few_are_known(paid):
    shown = fair_use.find(paid, customers=max(len(paid), ENOUGH))

    assert all(each.paid >= FEWEST for each in shown)
    assert fair_use.find(paid, customers=ENOUGH - 1) == ()
