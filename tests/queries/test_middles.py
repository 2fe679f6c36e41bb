"""The middles of the wall are those of its values; what is not known is left out."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from makegood.queries.metrics.series import Period, read_series
from makegood.records.models import DailyCount
from makegood.rules.metrics.figures import P50, P90, percentile
from world import MONDAY, a_team

pytestmark = pytest.mark.django_db
PERIOD = Period(weeks=4, today=MONDAY.date())
VALUES = st.lists(st.none() | st.integers(0, 10**9), min_size=1, max_size=30)


def a_day(values: list[int | None], *, ago: int = 0) -> None:
    known = [value for value in values if value is not None]
    DailyCount.objects.create(
        metric="M13", day=MONDAY.date() - timedelta(days=ago), team=a_team(), n=len(values),
        cases=list(range(len(values))), values=values, known=len(known), total=sum(known),
    )  # fmt: skip


@given(st.lists(VALUES, min_size=1, max_size=5, unique_by=len))
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_half_has_the_middles_of_all_its_days_together(days):
    DailyCount.objects.all().delete()
    for ago, values in enumerate(days):
        a_day(values, ago=ago)
    known = sorted(value for values in days for value in values if value is not None)

    now = read_series(PERIOD, ["M13"])["M13", ""].now

    assert (now.p50, now.p90) == (percentile(known, P50), percentile(known, P90))


def test_the_time_before_and_each_step_have_middles_of_their_own():
    a_day([1, 2, 3])
    a_day([10, None, 30], ago=1)
    a_day([100, 200], ago=30)

    series = read_series(PERIOD, ["M13"])["M13", ""]

    assert (series.steps[-1].p50, series.steps[-2].p90) == (2.0, 30.0)
    assert (series.earlier.p50, series.earlier.p90) == (100.0, 200.0)
