"""The sweep that looks after incidents: who was left to people, late news, and what is owed."""

from collections.abc import Callable
from datetime import datetime
from itertools import count

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


def sweep_ended(
    *,
    now: datetime,
    batch: int = CASES,
    rounds: int | None = None,
    stop: Callable[[], bool] = _never,
) -> int:
    """Watch what schemes owe for incidents that ended, a batch of cases in each transaction.

    :param rounds: no more than so many batches of each, so that other clocks get their turn.
    """
    total = 0

    def watch(incident: int) -> None:
        nonlocal total
        for _ in count() if rounds is None else range(rounds):
            done = 0 if stop() else entitlements.watch_next(incident, now=now, limit=batch)
            total += done
            if not done:
                break

    each(
        "ended incidents",
        entitlements.ended(now=now),
        watch,
        lambda incident: entitlements.postpone_ended(incident, now=now),
    )
    return total
