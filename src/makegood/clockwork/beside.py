"""Work beside the sweeps, in a thread of its own: what is slow elsewhere keeps no promise waiting.

A thread outlives whatever it meets: it says so in one line, takes a new connection and goes on.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Event

import structlog
from django.db import connection

log = structlog.get_logger(__name__)

Work = Callable[[datetime, Event], bool]
"""Does what is due at a moment, and tells whether there may be more; it may be asked to end."""


@contextmanager
def beside(
    work: Work, *, name: str, every_seconds: float, patience_seconds: float, at_once: bool = False
) -> Iterator[None]:
    """Work over and over for as long as the block runs.

    :param patience_seconds: how long the end waits for what is being done; then the thread ends
        with the process.
    :param at_once: the first round does not wait.
    """
    ending = Event()
    thread = threading.Thread(
        target=_run, args=(work, ending, name, every_seconds, at_once), name=name, daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        ending.set()
        thread.join(timeout=patience_seconds)


def _run(work: Work, ending: Event, name: str, every_seconds: float, at_once: bool) -> None:  # noqa: FBT001 - a thread takes places
    wait = 0.0 if at_once else every_seconds
    while not ending.wait(wait):
        wait = every_seconds
        try:
            while work(datetime.now(UTC), ending) and not ending.is_set():
                pass
        except Exception as error:  # noqa: BLE001 - it must outlive whatever it meets
            log.error("beside_failed", work=name, error=repr(error))  # noqa: TRY400 - a line, and again soon
            connection.close()
    connection.close()
