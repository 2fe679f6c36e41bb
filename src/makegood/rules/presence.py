"""When somebody still counts as looking at a page that they were last seen on."""

from datetime import datetime, timedelta

SEEN_EVERY = timedelta(seconds=10)
"""How often a page says that it is looked at."""

GONE_AFTER = 2 * SEEN_EVERY
"""Two misses, and the person is gone: whoever closed a laptop is not shown for half a minute."""


def is_here(seen_at: datetime, *, now: datetime) -> bool:
    """Whether somebody seen then is still there."""
    return now - seen_at <= GONE_AFTER
