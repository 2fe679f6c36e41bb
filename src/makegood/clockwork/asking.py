"""The sweep of questions: who was asked and said nothing is asked again, or left in peace."""

from datetime import datetime

from makegood.actions import questions, silence
from makegood.clockwork.making_good import each

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
