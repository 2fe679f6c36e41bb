"""Due times as pages say them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from makegood.queries import when

LONDON = ZoneInfo("Europe/London")
OPENS = datetime(2026, 6, 3, 23, 0, tzinfo=UTC)  # midnight in London
CLOSES = datetime(2026, 6, 5, 22, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (2, "between Thursday 4 June and Friday 5 June"),
        (4, "between today and tomorrow"),
        (5, "by the end of today"),
        (8, "between Thursday 4 June and Friday 5 June"),
    ],
)
def test_a_window_that_opened_on_an_earlier_day_is_told_by_its_end(day, words):
    now = datetime(2026, 6, day, 9, 0, tzinfo=UTC)

    told = when.due_at(CLOSES, earliest_at=OPENS, whole_day=True, now=now, zone=LONDON)

    assert told.words == words
