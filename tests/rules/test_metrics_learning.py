"""What is counted of honoured words, doubts, causes, and remedies that nobody had to ask for."""

from dataclasses import replace

import pytest

import metric_stories as stories
from makegood.rules.metrics.counting import count
from makegood.rules.metrics.facts import Doubted, Given, Late, Learned
from metric_stories import START, a_case, after


def samples(case, metric: str) -> dict[str, list[int | None]]:
    found: dict[str, list[int | None]] = {}
    for sample in count(case):
        if sample.metric == metric:
            found.setdefault(sample.key, []).append(sample.value)
    return found


def test_the_flyers_plan_is_one_of_one_honoured():
    late = Late(at=after(days=8), source="paper", outcome="honoured", cost_minor=9, currency="USD")

    case = replace(stories.the_flyer(), late=(late,))

    assert samples(case, "M17") == {"": [1], "source:paper": [1], "cost:USD": [9]}


@pytest.mark.parametrize(
    ("outcome", "counts"),
    [
        ("", {"": [None], "source:note": [1]}),
        ("value", {"": [0], "source:note": [1], "ended:value": [1]}),
        ("substituted", {"": [0], "source:note": [1], "ended:substituted": [1]}),
        ("let_go", {"source:note": [1], "ended:let_go": [1]}),
    ],
)
def test_a_word_counts_as_honoured_only_if_it_was_done(outcome, counts):
    case = a_case(late=(Late(at=START, source="note", outcome=outcome),))

    assert samples(case, "M17") == counts


def test_a_doubt_that_was_an_error_lasts_until_it_is_put_right():
    doubts = (
        Doubted(at=START),
        Doubted(at=START, is_error=True, fixed_at=after(hours=2), is_again=True),
        Doubted(at=START, is_error=True),
    )

    case = a_case(doubts=doubts)

    assert samples(case, "M29") == {"raised": [1, 1, 1], "again": [1], "": [120, None]}


@pytest.mark.parametrize(
    ("learned", "counts"),
    [
        (None, {}),
        (Learned(at=after(days=1)), {"": [0]}),
        (Learned(at=after(days=1), changed_at=after(days=2)), {"": [1]}),
        (Learned(at=after(days=1), changed_at=after(days=-2)), {"": [1], "after": [1]}),
    ],
)
def test_a_known_cause_counts_and_what_comes_after_its_change_counts_beside(learned, counts):
    assert samples(a_case(learned=learned), "M30") == counts


def test_a_remedy_counts_as_unasked_where_nobody_had_asked():
    gift = Given(at=START, amount_minor=500, currency="GBP")

    case = a_case(remedies=(gift, replace(gift, was_asked=True), replace(gift, is_released=True)))

    assert samples(case, "M22") == {"": [1, 0]}


def test_what_honouring_cost_beyond_remedies_is_a_cost_of_making_good():
    gift = Given(at=after(hours=1), amount_minor=2500, currency="GBP")
    kept = Late(
        at=after(hours=1), source="note", outcome="honoured", cost_minor=3000, own_minor=500,
        currency="GBP",
    )  # fmt: skip
    case = a_case(remedies=(gift,), late=(kept,))

    assert samples(case, "M16") == {"GBP": [2500, 500]}, "its remedy counts once"
    assert samples(case, "M17")["cost:GBP"] == [3000]
