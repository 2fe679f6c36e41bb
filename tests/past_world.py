"""Promises that were over when a log came in."""

from datetime import datetime, timedelta

from makegood.actions.past_promises import LoggedOutcome
from world import MONDAY


def an_outcome(
    number: str = "1", *, said_at: datetime = MONDAY - timedelta(days=9), hours: float = 1
) -> LoggedOutcome:
    """What a log says of a request that was promised for two hours later, and took some."""
    return LoggedOutcome(
        log="city.csv",
        external_id=number,
        name="target",
        said_at=said_at,
        due_at=said_at + timedelta(hours=2),
        done_at=said_at + timedelta(hours=hours),
    )
