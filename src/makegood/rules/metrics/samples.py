"""One thing counted: of which metric, when, and what it comes to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

MINUTE = timedelta(minutes=1)

CAUSES = "causes"
"""Beside the metrics: each case by what was wrong, with the customer's minutes."""
CAUSE_COST = "causecost"
"""What making good cost, by what was wrong and the currency."""
SPEAKERS = "speakers"
"""M01 by who or what gave the word."""
RANGES = "ranges"
"""Windows that were promised, by their width: before (-1), inside (0) or after (1)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sample:
    """One yes (1) or no (0), one number of minutes, one count, or one sum of money.

    `value` is None where there is something to count, but not what: an apology that never came
    has no latency, and still counts as one that is missing. `key` parts a metric: a currency, a
    speaker; the whole has none.
    """

    metric: str
    at: datetime
    value: int | None
    key: str = ""


def minutes(span: timedelta) -> int:
    """Whole minutes; what happened before it was due took none."""
    return max(round(span / MINUTE), 0)


def first_after(moments: Iterable[datetime], start: datetime) -> datetime | None:
    """The first of these at or after a moment."""
    return min((moment for moment in moments if moment >= start), default=None)
