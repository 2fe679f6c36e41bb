"""What a log brought in, as the wall counts it."""

from datetime import timedelta

import pytest

from clock import SimulatedClock
from makegood.actions.loading import LoggedPromise, LoggedRequest, Owners, load_requests
from makegood.clockwork import counting
from makegood.records.models import DailyCount
from makegood.rules.promises import Precision
from makegood.rules.severity import Severity
from standing_clock import StandingClock
from world import a_person

pytestmark = pytest.mark.django_db

NOW = StandingClock.now()


def test_the_wall_calls_nothing_silent_that_broke_before_its_log_came():
    a_person()
    said = NOW - timedelta(days=3)
    dates = (
        LoggedPromise(name=name, words="Bin emptied", due_at=due, precision=Precision.INSTANT)
        for name, due in (("old", said + timedelta(days=1)), ("new", NOW + timedelta(hours=1)))
    )
    logged = LoggedRequest(
        log="2026.csv", external_id="1", kind="Graffiti", opened_at=said, zone="Europe/London",
        severity=Severity.P3, promises=tuple(dates),
    )  # fmt: skip
    load_requests([logged], owners=Owners(), now=NOW)
    SimulatedClock(NOW).wait(hours=3)
    counting.count_new(now=NOW + timedelta(hours=3))

    assert DailyCount.objects.get(metric="M03").n == 1
