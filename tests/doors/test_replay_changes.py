"""A replay's page marks the months in which the share of kept promises really changed."""

from dataclasses import replace

from makegood.doors.cli import replay_changes
from makegood.queries.replay.report import MonthRow, Tally


def a_month(number: int, kept: int, *, is_whole: bool = True) -> MonthRow:
    tally = replace(Tally(), kept=kept, closed_late=100 - kept)
    return MonthRow(month=f"2015-{number:02d}", tally=tally, silence_median=None, is_whole=is_whole)


STEADY = [a_month(number, 90 + number % 3) for number in range(1, 12)]


def test_months_that_only_waver_have_not_changed():
    says, chart = replay_changes.draw(STEADY)

    assert "not really changed" in says
    assert "ring" not in chart
    assert 'class="band"' in chart


def test_a_month_outside_the_limits_is_ringed_and_named():
    says, chart = replay_changes.draw([*STEADY, a_month(12, 60)])

    assert "Dec 2015" in says
    assert 'class="ring"' in chart


def test_a_month_that_is_not_over_marks_nothing():
    says, _chart = replay_changes.draw([*STEADY, a_month(12, 60, is_whole=False)])

    assert "not really changed" in says


def test_too_few_months_have_no_chart():
    assert replay_changes.draw(STEADY[:5]) == ("", "")
