"""When somebody outside can have decided, and after which decisions a case is not over."""

from datetime import date

import pytest

from makegood.rules.reviews import OPENS_AGAIN, ReviewDayError, ReviewVerdict, check_day

ENDED, TODAY = date(2026, 3, 2), date(2026, 6, 1)


@pytest.mark.parametrize("day", [ENDED, date(2026, 4, 1), TODAY])
def test_they_decide_between_the_end_of_the_case_and_today(day):
    check_day(day, parted_on=ENDED, today=TODAY)


@pytest.mark.parametrize("day", [date(2026, 3, 1), date(2026, 6, 2)])
def test_not_before_it_ended_and_not_tomorrow(day):
    with pytest.raises(ReviewDayError, match="not later than today"):
        check_day(day, parted_on=ENDED, today=TODAY)


def test_upheld_in_part_is_upheld():
    assert set(ReviewVerdict) - OPENS_AGAIN == {ReviewVerdict.NOT_UPHELD}
