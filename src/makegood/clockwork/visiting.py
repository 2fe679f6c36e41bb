"""The sweeps of visits and crews: sure on the day before, or moved in time; nobody is forgotten."""

from datetime import datetime

from makegood.actions import crews, visit_day
from makegood.clockwork.row_by_row import each

BATCH = 100
CREWS = 5
"""A crew may have many visits to give away, each by itself; so of crews there are few at a time."""


def sweep_crews(*, now: datetime) -> int:
    """Move what crews hold and cannot keep. Returns how many crews were looked at."""
    return each(
        "crews",
        crews.due(now=now, limit=CREWS),
        lambda crew: crews.look(crew, now=now),
        lambda crew: crews.postpone(crew, now=now),
    )


def sweep_visits(*, now: datetime) -> int:
    """Look at every visit whose moment has come. Returns how many."""
    return each(
        "visits",
        visit_day.due(now=now, limit=BATCH),
        lambda visit: visit_day.look(visit, now=now),
        lambda visit: visit_day.postpone(visit, now=now),
    )
