"""Quantities in texts, and whether two of them can both be true."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.rules import figures
from makegood.rules.figures import Bound, Figure, FigureError, agrees, find


def units(text: str) -> list[tuple[str, str, str]]:
    return [(f"{one.number:f}", min(one.units), one.bound.value) for one in find(text)]


@pytest.mark.parametrize(
    ("text", "is_read"),
    [
        ("the 12-month plan", ("12", "months", "exactly")),
        ("a whole twelve months", ("12", "months", "exactly")),
        ("free for a year", ("12", "months", "exactly")),
        ("ein Jahr zinsfrei", ("12", "months", "exactly")),
        ("2 weeks", ("14", "days", "exactly")),
        ("within 3 working days", ("3", "working days", "exactly")),
        ("3 Werktage", ("3", "working days", "exactly")),
        ("one hour", ("60", "minutes", "exactly")),
        ("50 % of the fare", ("50", "percent", "exactly")),
        ("100 percent", ("100", "percent", "exactly")),
        ("£25.50", ("25.50", "GBP", "exactly")),
        ("up to £100 for letters", ("100.00", "GBP", "at_most")),
        ("more than three hours", ("180", "minutes", "more_than")),
        ("3+ hours", ("180", "minutes", "at_least")),
        ("less than 2 days", ("2", "days", "less_than")),
        ("6 stamps", ("6", "stamp", "exactly")),
        ("20 per cent of it", ("20", "percent", "exactly")),
        ("between 9 and 12 weeks", ("84", "days", "exactly")),
        ("12 oder 24 Monate", ("24", "months", "exactly")),
        ("on November 28 two bins", ("2", "bin", "exactly")),
    ],
)
def test_what_people_write_is_read(text, is_read):
    assert units(text) == [is_read]


@pytest.mark.parametrize(
    "text",
    [
        "between 9 and 12",
        "from 8 bis 12 Uhr",
        "zwischen 9 und 12 Uhr",
        "Friday 5th June 2026 the bin",
        "on November 28 and then",
        "on Nov. 28 bins are collected",
        "November 28 and December 3 for the other",
        "2 der Tonnen",
    ],
)
def test_small_words_are_no_units_and_a_day_after_its_month_counts_nothing(text):
    assert units(text) == []


def test_a_rate_is_its_sum_and_no_month():
    assert units("£30 a month") == [("30.00", "GBP", "exactly")]


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        ("12 months", "a year", True),
        ("12 months", "6 months", False),
        ("12 months", "£12", True),
        ("up to £100", "£20", True),
        ("up to £100", "up to £20", False),
        ("up to £20", "£100", False),
        ("more than three hours", "3+ hours", False),
        ("more than three hours", "2 hours", False),
        ("at least 2 days", "up to 5 days", True),
        ("at least 6 days", "up to 5 days", False),
        ("$25", "25 USD", True),
    ],
)
def test_two_figures_agree_if_both_can_be_true(one, other, both):
    first, second = next(find(one)), next(find(other))

    assert agrees(first, second) is both
    assert agrees(second, first) is both


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader_and_what_it_finds_agrees_with_itself(text):
    for one in find(text):
        assert 0 <= one.start < one.end <= len(text.lower())
        assert agrees(one, one)


def test_a_typed_figure_is_compared_as_it_is_meant():
    held = Figure(name="ceiling", number="1,000", unit="GBP", bound="at_most").quantity()

    assert (held.number, held.bound) == (1000, Bound.AT_MOST)


@pytest.mark.parametrize(("number", "unit"), [("", "months"), ("many", "months"), ("6", "")])
def test_what_is_no_figure_is_refused_with_an_example(number, unit):
    with pytest.raises(FigureError, match="write it like"):
        Figure(name="plan", number=number, unit=unit).quantity()


def test_endings_and_small_words_make_no_difference():
    assert figures.stems("The financing of floors") == figures.stems("financed flooring")


@pytest.mark.parametrize(
    ("line", "number", "unit", "bound"),
    [
        ("missed appointment: £40", "40.00", "GBP", "exactly"),
        ("letters: up to 20 GBP", "20.00", "GBP", "at_most"),
        ("flooring: 6 months", "6", "months", "exactly"),
        ("delay: 3+ hours", "3", "hours", "at_least"),
        ("share after 60 minutes: 50 %", "50", "%", "exactly"),
        ("share: 50%", "50%", "", "exactly"),
        ("partial loss of water: 3 working days", "3", "working days", "exactly"),
    ],
)
def test_a_line_is_read_as_a_figure_and_written_back(line, number, unit, bound):
    figure = figures.read_line(line)

    assert (figure.number, figure.unit, figure.bound) == (number, unit, bound)
    assert agrees(figures.read_line(figures.line_of(figure)).quantity(), figure.quantity())


@pytest.mark.parametrize("line", ["", "6 months", "flooring: soon", ": 6 months"])
def test_a_line_without_a_name_or_a_number_is_refused(line):
    with pytest.raises(FigureError, match="write it like"):
        figures.read_line(line)
