"""The sweep of rounds: a day that nobody reported in time was missed, and is found by us."""

from datetime import datetime

from makegood.actions import rounds
from makegood.clockwork.row_by_row import each

BATCH = 100


def sweep_rounds(*, now: datetime) -> int:
    """Look at every day of a round that should have been reported by now. Returns how many."""
    return each(
        "rounds",
        rounds.due(now=now, limit=BATCH),
        lambda run: rounds.look(run, now=now),
        lambda run: rounds.postpone(run, now=now),
    )
