"""What samples come to, and which of their changes over time are real."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.rules.metrics import control, figures
from makegood.rules.metrics.control import Count, Rule
from makegood.rules.metrics.definitions import Figure


def test_a_tally_knows_how_many_have_no_figure():
    found = figures.tally([3, None, 1, 2])

    assert (found.n, found.known, found.missing, found.total) == (4, 3, 1, 6)
    assert figures.value(found, Figure.MEDIAN) == 2
    assert figures.value(figures.tally([None]), Figure.MEDIAN) is None


@given(st.lists(st.integers(0, 10_000), min_size=1), st.sampled_from([0.5, 0.9]))
def test_a_percentile_is_one_of_the_values_with_enough_at_or_below_it(found, share):
    at = figures.percentile(sorted(found), share)

    assert at in found
    assert sum(value <= at for value in found) >= share * len(found) - 1e-9
    assert sum(value < at for value in found) < share * len(found)


@given(st.integers(1, 500), st.data())
def test_an_interval_holds_its_share_and_narrows_with_more(n, data):
    hits = data.draw(st.integers(0, n))

    low, high = figures.interval(hits, n)
    narrow = figures.interval(hits * 10, n * 10)

    assert 0 <= low <= hits / n + 1e-9
    assert hits / n - 1e-9 <= high <= 1
    assert narrow[1] - narrow[0] < high - low


STEADY = [Count(hits=hits, n=100) for hits in (90, 92, 88, 91, 89, 90, 92, 88, 91, 89)]


def test_a_share_that_only_wavers_marks_no_change():
    assert control.chart(STEADY).changes == ()


@pytest.mark.parametrize(
    ("later", "rule"),
    [
        ([70], Rule.BEYOND),
        ([83, 90, 83], Rule.TWO_OF_THREE),
        ([86, 86, 90, 86, 86], Rule.FOUR_OF_FIVE),
        ([89] * 8, Rule.RUN),
    ],
)
def test_a_change_is_real_by_each_rule(later, rule):
    shown = [Count(hits=hits, n=100) for hits in later]

    chart = control.chart(shown, before=STEADY)

    assert rule in chart.points[-1].rules
    assert chart.changes[-1] == len(later) - 1


def test_too_few_points_have_no_limits():
    chart = control.chart(STEADY[:7])

    assert (chart.has_limits, chart.changes) == (False, ())


def test_changes_that_go_on_are_one_until_they_turn():
    usual, worse, better = (Count(hits=hits, n=100) for hits in (90, 60, 100))

    chart = control.chart([usual, worse, worse, better, usual, better], before=STEADY)

    assert chart.changes == (1, 2, 3, 5)
    assert chart.runs == ((1, 2), (3, 3), (5, 5))


def test_what_always_ended_alike_has_no_limits_and_its_first_break_is_a_change():
    kept = [Count(hits=100, n=100)] * 10
    broken = [Count(hits=60, n=100)]

    assert not control.chart(kept, before=kept).has_limits
    assert 10 in control.chart(kept + broken, before=kept).changes


def test_an_empty_time_has_no_share_and_does_not_interrupt_a_run():
    shown = [Count(hits=89, n=100)] * 4 + [Count(hits=0, n=0)] + [Count(hits=89, n=100)] * 4

    chart = control.chart(shown, before=STEADY)

    assert chart.points[4].share is None
    assert Rule.RUN in chart.points[-1].rules


def test_large_counts_that_differ_from_day_to_day_are_not_all_called_changes():
    weekly = [Count(hits=n, n=100_000) for n in (90_000, 91_500, 88_800, 90_700, 89_200) * 3]

    chart = control.chart(weekly)

    assert chart.spread > 1
    assert chart.changes == ()
