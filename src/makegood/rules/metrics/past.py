"""What the promises of another system's log add to the metrics: whether they were kept (M01).

A log says what was promised and when it was done; of letters, apologies and customers it is
silent, so that nothing else can be counted of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from makegood.rules.metrics.samples import SPEAKERS, Sample
from makegood.rules.promises import Speaker

WHOLE = "M01"
COUNTS_IN = (WHOLE, SPEAKERS)


@dataclass(frozen=True, kw_only=True, slots=True)
class Past:
    """One of them in the place of a case, by its number below zero."""

    id: int
    team: int
    zone: ZoneInfo
    log: str
    due_at: datetime
    done_at: datetime


def count(past: Past) -> Iterator[Sample]:
    """Its samples, as of the moment that it was due."""
    kept = int(past.done_at <= past.due_at)
    yield Sample(metric=WHOLE, at=past.due_at, value=kept)
    key = f"{Speaker.LOG.value}:{past.log}"
    yield Sample(metric=SPEAKERS, at=past.due_at, value=kept, key=key)
