"""The sweep that looks ahead. It only marks: when it fails, no promise has to wait for it."""

from datetime import datetime

import structlog

from makegood.actions import foreseeing
from makegood.records.trouble import is_passing

log = structlog.get_logger(__name__)


def sweep_foresights(*, now: datetime) -> int:
    """Look at the promises that were not looked at lately. Returns how many."""
    try:
        return foreseeing.look(now=now)
    except Exception as error:
        if is_passing(error):
            raise
        log.exception("foresight_failed")
        return 0
