"""The sweep of doubts: what nobody answered in five minutes goes to the next on the ladder."""

from datetime import datetime

from makegood.actions import doubts
from makegood.clockwork.row_by_row import each

BATCH = 100


def sweep_doubts(*, now: datetime) -> int:
    """Pass on every doubt whose time has come. Returns how many."""
    return each(
        "doubts",
        doubts.due(now=now, limit=BATCH),
        lambda doubt: doubts.pass_on(doubt, now=now),
        lambda doubt: doubts.postpone(doubt, now=now),
    )
