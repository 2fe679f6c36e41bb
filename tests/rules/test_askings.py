"""When a customer is asked, when once more, and when silence is an answer."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.rules import askings
from makegood.rules.askings import AskingError, Deed, Next
from makegood.rules.promises import Outcome

MONDAY = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
KEPT = Deed(outcome=Outcome.KEPT, recorded_at=MONDAY)
OPEN = Deed(outcome=None)
BROKEN = Deed(outcome=Outcome.BROKEN, recorded_at=MONDAY)


@pytest.mark.parametrize(
    ("deeds", "right"),
    [
        ([], None),
        ([OPEN], None),
        ([BROKEN], None),
        ([KEPT, OPEN], None),
        ([KEPT], MONDAY),
        ([BROKEN, KEPT], MONDAY),
        ([KEPT, Deed(outcome=Outcome.KEPT, recorded_at=MONDAY + DAY)], MONDAY + DAY),
        ([KEPT, Deed(outcome=Outcome.BROKEN, recorded_at=MONDAY + DAY)], None),
        ([KEPT, Deed(outcome=Outcome.RELEASED, recorded_at=MONDAY + DAY)], MONDAY),
    ],
)
def test_it_is_put_right_when_something_was_done_and_nothing_is_left_to_do(deeds, right):
    assert askings.put_right_at(deeds) == right


@pytest.mark.parametrize(
    ("last_opened", "asks"),
    [(None, True), (MONDAY - DAY, True), (MONDAY, False), (MONDAY + DAY, False)],
)
def test_each_deed_is_asked_about_once(last_opened, asks):
    assert askings.is_to_be_asked([KEPT], last_opened=last_opened) is asks


@pytest.mark.parametrize(
    ("last_opened", "answered_at", "asks"),
    [(None, MONDAY, False), (MONDAY - DAY, MONDAY, True), (MONDAY, MONDAY - DAY, False)],
)
def test_who_was_asked_is_asked_anew_when_what_they_wanted_is_answered(
    last_opened, answered_at, asks
):
    assert askings.is_to_be_asked([], last_opened=last_opened, answered_at=answered_at) is asks


@pytest.mark.parametrize(
    ("deeds", "asks"),
    [
        ([KEPT, Deed(outcome=Outcome.BROKEN, recorded_at=MONDAY + 2 * DAY)], False),
        ([Deed(outcome=Outcome.BROKEN, recorded_at=MONDAY + 2 * DAY)], False),
        ([BROKEN], True),
    ],
)
def test_an_answer_asks_nobody_anew_for_whom_a_deed_broke_since(deeds, asks):
    opened, answered = MONDAY + DAY, MONDAY + 3 * DAY
    assert askings.is_to_be_asked(deeds, last_opened=opened, answered_at=answered) is asks


@pytest.mark.parametrize(
    ("number", "heard", "to_do", "owed", "then"),
    [
        (1, False, False, False, Next.ASK_AGAIN),
        (1, False, False, True, Next.ASK_AGAIN),
        (2, False, False, False, Next.CLOSE),
        (2, False, False, True, Next.WAIT),
        (1, False, True, False, Next.END_AS_NOT_FIXED),
        (2, False, True, True, Next.END_AS_NOT_FIXED),
        (1, True, False, False, Next.END_AS_HEARD),
        (2, True, True, True, Next.END_AS_HEARD),
    ],
)
def test_what_follows_when_the_time_to_answer_has_passed(number, heard, to_do, owed, then):
    assert askings.when_nobody_answered(number, heard=heard, to_do=to_do, owed=owed) is then


@given(st.integers(1, 2), st.booleans(), st.booleans(), st.booleans())
def test_only_silence_after_both_questions_with_nothing_left_closes(number, heard, to_do, owed):
    then = askings.when_nobody_answered(number, heard=heard, to_do=to_do, owed=owed)

    assert (then is Next.CLOSE) == (number == 2 and not (heard or to_do or owed))


def test_a_refusal_says_what_would_be_right():
    assert "ask them when it is done" in str(askings.StillToBeDoneError())
    assert str(AskingError("So and so.")) == "So and so."
