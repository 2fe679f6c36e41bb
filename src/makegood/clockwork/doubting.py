"""The sweep of doubts: what nobody answered in five minutes goes to the next on the ladder."""

from datetime import datetime

import structlog

from makegood.actions import doubts
from makegood.records.trouble import is_passing

BATCH = 100

log = structlog.get_logger(__name__)


def sweep_doubts(*, now: datetime) -> int:
    """Pass on every doubt whose time has come, each in a transaction of its own. How many."""
    done = 0
    for doubt in doubts.due(now=now, limit=BATCH):
        try:
            doubts.pass_on(doubt, now=now)
            done += 1
        except Exception as error:
            if is_passing(error):
                raise
            log.exception("row_postponed", sweep="doubts", row=doubt)
            doubts.postpone(doubt, now=now)
    return done
