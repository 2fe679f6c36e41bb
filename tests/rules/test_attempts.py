"""Two calls apart, with a message left, are enough; ringing twice in a minute is not."""

from datetime import UTC, datetime, timedelta

import pytest

from makegood.rules.attempts import APART, Attempt, are_enough, needs_no_message, next_from

TWO = datetime(2026, 6, 1, 14, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def rang(*minutes_before_two: int, message: bool = True) -> list[Attempt]:
    """Calls so many minutes before two; a message is left at the first of them."""
    return [
        Attempt(at=TWO - minutes * MINUTE, left_message=message and number == 0)
        for number, minutes in enumerate(minutes_before_two)
    ]


@pytest.mark.parametrize(
    ("attempts", "enough"),
    [
        ([], False),
        (rang(30), False),
        (rang(30, 15), True),
        (rang(30, 16), False),
        (rang(30, 20, 15), True),
        (rang(30, 10, message=False), False),
        (rang(15, 0), True),
        (rang(15, -1), False),
        (rang(-1, -20), False),
    ],
)
def test_two_attempts_apart_and_in_time_with_a_message_are_enough(attempts, enough):
    assert are_enough(attempts, due=TWO) is enough


@pytest.mark.parametrize(
    ("attempts", "again"),
    [
        ([], None),
        (rang(40), TWO - 40 * MINUTE + APART),
        (rang(15), TWO),
        (rang(14), None),
        (rang(40, 20), None),
    ],
)
def test_the_next_try_lies_apart_and_before_the_promise_falls_due(attempts, again):
    assert next_from(attempts, due=TWO) == again


def test_a_message_that_was_left_too_late_tells_nobody_in_time():
    assert needs_no_message(rang(5), due=TWO)
    assert not needs_no_message(rang(-5), due=TWO)
