"""The sweeps of letters that go by themselves: questions, and messages ahead of calls."""

from datetime import datetime

from makegood.actions import call_messages, questions, silence
from makegood.clockwork.row_by_row import each

BATCH = 100


def sweep_askings(*, now: datetime) -> int:
    """Ask once more, or close, where nobody has answered in time. Returns how many were due."""
    return each(
        "askings",
        silence.due(now=now, limit=BATCH),
        lambda asking: silence.act_on(asking, now=now),
        lambda asking: silence.postpone(asking, now=now),
    )


def sweep_questions(*, now: datetime) -> int:
    """Ask by letter whoever has an address. Returns how many letters were written."""
    written: list[object] = []
    each(
        "questions",
        questions.due(now=now, limit=BATCH),
        lambda asking: written.append(questions.write(asking, now=now)),
        lambda _asking: None,
    )
    return sum(letter is not None for letter in written)


def sweep_calls(*, now: datetime) -> int:
    """Send a message ahead of each call. Returns how many were due."""
    return each(
        "calls",
        call_messages.due(now=now, limit=BATCH),
        lambda promise: call_messages.write(promise, now=now),
        lambda promise: call_messages.leave(promise, now=now),
    )
