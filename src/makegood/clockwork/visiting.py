"""The sweep of visits: sure on the day before, or moved in time; and missed ones found by us."""

from datetime import datetime

import structlog

from makegood.actions import visit_day
from makegood.records.trouble import is_passing

BATCH = 100

log = structlog.get_logger(__name__)


def sweep_visits(*, now: datetime) -> int:
    """Look at every visit whose moment has come, each in a transaction of its own. How many."""
    done = 0
    for visit in visit_day.due(now=now, limit=BATCH):
        try:
            visit_day.look(visit, now=now)
            done += 1
        except Exception as error:
            if is_passing(error):
                raise
            log.exception("row_postponed", sweep="visits", row=visit)
            visit_day.postpone(visit, now=now)
    return done
