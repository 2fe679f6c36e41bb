"""Which date to promise, from history, days of work and the next round."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from makegood.rules import suggesting
from makegood.rules.calendars import Calendar, Interval
from makegood.rules.outlook import Outlook
from makegood.rules.suggesting import DateDoubt, doubt

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


class TestDoubt:
    """What is to be said against a date that somebody types."""

    EIGHTY, NINETY = MONDAY + 3 * DAY, MONDAY + 5 * DAY

    @pytest.mark.parametrize(
        ("days", "round_in", "why"),
        [
            (8, 7, DateDoubt.AFTER_ROUND),
            (7, 7, None),
            (2, None, DateDoubt.SOON),
            (2, 7, DateDoubt.SOON),
            (2, 2, None),
            (4, None, None),
            (12, None, None),
            (13, None, DateDoubt.LATE),
            (13, 14, DateDoubt.LATE),
        ],
    )
    def test_it_is_doubted_after_the_round_or_where_history_knows_better(self, days, round_in, why):
        bound = None if round_in is None else MONDAY + round_in * DAY
        kept_by = (self.EIGHTY, self.NINETY)

        assert doubt(MONDAY + days * DAY, kept_by, next_round=bound) is why

    @pytest.mark.parametrize("kept_by", [(), (None, None)])
    def test_without_a_history_only_the_round_speaks(self, kept_by):
        assert doubt(MONDAY + 90 * DAY, kept_by, next_round=None) is None
        found = doubt(MONDAY + 90 * DAY, kept_by, next_round=MONDAY)
        assert found is DateDoubt.AFTER_ROUND
