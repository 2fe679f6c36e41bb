"""The sweep that takes out what is over the time for which the company keeps it."""

from datetime import datetime

import structlog

from makegood.actions import retaining
from makegood.records.trouble import is_passing

log = structlog.get_logger(__name__)


def sweep_retention(*, now: datetime) -> int:
    """Forget some of what is over its time; returns how many."""
    try:
        return retaining.forget_due(now=now)
    except Exception as error:
        if is_passing(error):
            raise
        log.exception("retention_failed")
        return 0
