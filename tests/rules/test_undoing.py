"""A slip of the hand can be taken back for some minutes."""

from datetime import UTC, datetime, timedelta

import pytest

from makegood.rules import undoing
from makegood.rules.undoing import TooLateToUndoError

DONE = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)


def test_a_slip_can_be_taken_back_until_ten_minutes_have_passed():
    undoing.check_time(DONE, now=DONE + timedelta(minutes=10))


def test_what_is_older_stays():
    with pytest.raises(TooLateToUndoError, match="ten minutes"):
        undoing.check_time(DONE, now=DONE + timedelta(minutes=10, microseconds=1))
