"""Which date to promise, from history, days of work and the next round."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from makegood.rules import suggesting
from makegood.rules.calendars import Calendar, Interval
from makegood.rules.outlook import Outlook

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MONDAY = datetime(2026, 6, 1, 9, tzinfo=UTC)
OFFICE = Calendar(
    name="office",
    zone=ZoneInfo("Europe/London"),
    week=((Interval(opens=540, closes=1020),),) * 5 + ((), ()),
    holidays={date(2026, 6, 3): "Founders' day"},
    known_until=date(2026, 12, 31),
)
CLOSES = MONDAY.replace(hour=16)  # 17:00 in London


def outlook(eighty: datetime | None) -> Outlook:
    return Outlook(within=(), kept_by=(eighty, None), rests_on=50, no_date=None)


@pytest.mark.parametrize(
    ("kept", "next_round", "suggested"),
    [
        (MONDAY + HOUR, None, CLOSES),
        (CLOSES, None, CLOSES),
        (CLOSES + HOUR, None, CLOSES + DAY),
        (CLOSES + 1.5 * DAY, None, CLOSES + 3 * DAY),  # over the holiday
        (CLOSES + 5 * DAY, None, CLOSES + 7 * DAY),  # over the weekend
        (CLOSES + 5 * DAY, MONDAY + DAY, MONDAY + DAY),
        (None, MONDAY + DAY, MONDAY + DAY),
        (MONDAY - DAY, None, CLOSES),
        (MONDAY + HOUR, MONDAY - HOUR, CLOSES),
        (None, None, None),
        (MONDAY + 365 * DAY, None, None),  # the calendar is not known so far
    ],
)
def test_the_date_is_a_day_of_work_by_which_history_was_done(kept, next_round, suggested):
    found = suggesting.suggest(outlook(kept), calendar=OFFICE, next_round=next_round, now=MONDAY)

    assert found == suggested


def test_likely_to_break_is_what_is_kept_less_than_half_the_time():
    assert suggesting.is_likely_to_break(0.49)
    assert not suggesting.is_likely_to_break(0.5)
    assert not suggesting.is_likely_to_break(None)
