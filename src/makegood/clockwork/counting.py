"""Keeps the wall up to date, in a thread of its own that leaves most of the time to the clock.

Every few seconds it counts the cases in which something has happened since. It reads again from
the entry at which the last round began, and further back while a transaction is older than that.
What came again shows by the same cases, and becomes a card.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress
from datetime import datetime
from threading import Event

import structlog

from makegood.actions import counting
from makegood.clockwork import learning
from makegood.clockwork.beside import beside
from makegood.queries.metrics import article_doubts, past_promises, touched
from makegood.queries.metrics.facts import read_facts
from makegood.rules.metrics import past
from makegood.rules.metrics.counting import count

EVERY_SECONDS = 15.0
CHUNK = 500
"""Each chunk opens all days that its cases have samples on, so that small ones open them often."""
ENTRIES = 50_000
REST = 3.0
PATIENCE_SECONDS = 5.0

log = structlog.get_logger(__name__)
Pause = Callable[[float], object]


def _no_pause(_seconds: float) -> None:
    """Work on at once."""


def count_new(*, now: datetime, pause: Pause = _no_pause) -> int:
    """Count the cases in which something has happened since the last time. Returns how many.

    :param pause: called after each chunk with the seconds that it took.
    """
    place = touched.read_place()
    if place is None:
        return count_all(now=now, pause=pause)
    done, after = 0, place.reread_from
    while after < place.last:
        upto = min(after + ENTRIES, place.last)
        cases = touched.read_touched(after=after, upto=upto)
        done += _count(cases, now=now, pause=pause)
        for start in range(0, len(cases), CHUNK):
            learning.look_for_repeats(cases[start : start + CHUNK], now=now)
        after = upto
    done += _count(touched.read_overdue(since=place.counted_at, now=now), now=now, pause=pause)
    _count_beside(now=now)
    # An open transaction may still commit an entry with a number that was passed already.
    reread_from = place.reread_from if place.is_open_since else place.upto
    counting.move_on(touched.PLACE, upto=place.last, reread_from=reread_from, now=now)
    return done


def count_all(*, now: datetime, chunk: int = CHUNK, pause: Pause = _no_pause) -> int:
    """Count every case, as at the very first time; broken off, it begins anew and changes nothing.

    Returns how many.
    """
    done, upto = 0, touched.last_entry()
    for cases in touched.by_age(chunk=chunk):
        done += _count(cases, now=now, pause=pause, chunk=chunk)
    _count_beside(now=now)
    _count_past(chunk=chunk, pause=pause)
    counting.move_on(touched.PLACE, upto=upto, reread_from=upto, now=now)
    return done


def _count(cases: Sequence[int], *, now: datetime, pause: Pause, chunk: int = CHUNK) -> int:
    for start in range(0, len(cases), chunk):
        began = time.monotonic()
        some = cases[start : start + chunk]
        counting.write(some, [(case, count(case)) for case in read_facts(some, as_of=now)])
        pause(time.monotonic() - began)
    return len(cases)


def _count_beside(*, now: datetime) -> None:
    """Count the doubts about two articles, of which no timeline of a case tells."""
    since = touched.read_counted_at(article_doubts.PLACE)
    doubts = article_doubts.read_doubts(as_of=now, since=since)
    if doubts or since is None:
        counted = [(doubt, doubt.samples) for doubt in doubts]
        counting.write_beside([article_doubts.METRIC], counted)
        counting.move_on(article_doubts.PLACE, upto=0, reread_from=0, now=now)


def _count_past(*, chunk: int, pause: Pause) -> None:
    """Count what logs brought in anew; whoever brings in a log counts it at once."""
    for some in past_promises.by_due(chunk=chunk):
        began = time.monotonic()
        counting.write_beside(past.COUNTS_IN, [(one, tuple(past.count(one))) for one in some])
        pause(time.monotonic() - began)


class _EndingError(Exception):
    """The clock ends; what was not counted yet is counted next time."""


def counting_along(*, every_seconds: float = EVERY_SECONDS) -> AbstractContextManager[None]:
    """Count for as long as the block runs."""
    return beside(
        _count_on,
        name="counting",
        every_seconds=every_seconds,
        patience_seconds=PATIENCE_SECONDS,
        at_once=True,
    )


def _count_on(now: datetime, ending: Event) -> bool:
    def rest(seconds: float) -> None:
        if ending.wait(seconds * REST):
            raise _EndingError

    with suppress(_EndingError):
        count_new(now=now, pause=rest)
    return False
