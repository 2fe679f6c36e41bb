"""The sweep that looks after incidents: who was left to people, late news, and what is owed."""

from collections.abc import Callable
from datetime import datetime

from makegood.actions import entitlements, incident_tellings
from makegood.clockwork.row_by_row import each

BATCH = 100
CASES = 2_000


def sweep_tellings(*, now: datetime) -> int:
    """Look at every incident whose moment has come. Returns how many."""
    return each(
        "incidents",
        incident_tellings.due(now=now, limit=BATCH),
        lambda incident: incident_tellings.look(incident, now=now),
        lambda incident: incident_tellings.postpone(incident, now=now),
    )


def _never() -> bool:
    return False


def sweep_ended(*, now: datetime, stop: Callable[[], bool] = _never, batch: int = CASES) -> int:
    """Watch what schemes owe for incidents that ended, a batch of cases in each transaction."""
    total = 0
    for incident in entitlements.ended(now=now):
        while not stop() and (done := entitlements.watch_next(incident, now=now, limit=batch)):
            total += done
    return total
