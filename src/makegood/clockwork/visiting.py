"""The sweep of visits: sure on the day before, or moved in time; and missed ones found by us."""

from datetime import datetime

from makegood.actions import visit_day
from makegood.clockwork.row_by_row import each

BATCH = 100


def sweep_visits(*, now: datetime) -> int:
    """Look at every visit whose moment has come. Returns how many."""
    return each(
        "visits",
        visit_day.due(now=now, limit=BATCH),
        lambda visit: visit_day.look(visit, now=now),
        lambda visit: visit_day.postpone(visit, now=now),
    )
