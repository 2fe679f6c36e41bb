"""Keeps the wall up to date, in a thread of its own that leaves most of the time to the clock.

Every few seconds it counts the cases in which something has happened since. It reads again from
the entry at which the last round began, and further back while a transaction is older than that.
"""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

import structlog
from django.db import connection

from makegood.actions import counting
from makegood.queries.metrics import touched
from makegood.queries.metrics.facts import read_facts
from makegood.rules.metrics.counting import count

EVERY_SECONDS = 15.0
CHUNK = 200
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
        done += _count(touched.read_touched(after=after, upto=upto), now=now, pause=pause)
        after = upto
    done += _count(touched.read_overdue(since=place.counted_at, now=now), now=now, pause=pause)
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
    counting.move_on(touched.PLACE, upto=upto, reread_from=upto, now=now)
    return done


def _count(cases: Sequence[int], *, now: datetime, pause: Pause, chunk: int = CHUNK) -> int:
    for start in range(0, len(cases), chunk):
        began = time.monotonic()
        some = cases[start : start + chunk]
        counting.write(some, [(case, count(case)) for case in read_facts(some, as_of=now)])
        pause(time.monotonic() - began)
    return len(cases)


@contextmanager
def counting_along(*, every_seconds: float = EVERY_SECONDS) -> Iterator[None]:
    """Count for as long as the block runs."""
    ending = threading.Event()
    thread = threading.Thread(
        target=_run, args=(ending, every_seconds), name="counting", daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        ending.set()
        thread.join(timeout=PATIENCE_SECONDS)


class _EndingError(Exception):
    """The clock ends; what was not counted yet is counted next time."""


def _run(ending: threading.Event, every_seconds: float) -> None:
    def rest(seconds: float) -> None:
        if ending.wait(seconds * REST):
            raise _EndingError

    while not ending.is_set():
        try:
            count_new(now=datetime.now(UTC), pause=rest)
        except _EndingError:
            break
        except Exception as error:  # noqa: BLE001 - it must outlive whatever it meets
            log.error("counting_stopped", error=repr(error))  # noqa: TRY400 - one line, not many
            connection.close()
        ending.wait(every_seconds)
    connection.close()
