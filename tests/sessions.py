"""Several sessions at the same moment, each in a thread with a connection of its own."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from random import Random
from threading import Barrier
from typing import Any

from django.db import connection

LONGEST_PAUSE = 0.004
"""Seconds; long enough for another session to come between two statements."""

LONGEST_START = 150.0
"""Seconds that a session may take to come up on the busiest machine."""


def at_once(*acts: Callable[[], object], shaken: int | None = None) -> list[object]:
    """Start every act at the same moment; what each returned or raised, in their order.

    :param shaken: a seed: each session pauses at random before its statements, so that each seed
        is another way in which they come between each other.
    """
    barrier = Barrier(len(acts))

    def run(number: int, act: Callable[[], object]) -> object:
        pauses = nullcontext() if shaken is None else _pausing(Random(f"{shaken} {number}"))
        try:
            connection.ensure_connection()
            barrier.wait(timeout=LONGEST_START)
            with pauses:
                return act()
        except Exception as refusal:  # noqa: BLE001 - the test looks at what it was
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, range(len(acts)), acts))


def _pausing(drawn: Random) -> Any:
    def pause(execute: Callable[..., object], *statement: object) -> object:
        if drawn.random() < 0.3:
            time.sleep(drawn.random() * LONGEST_PAUSE)
        return execute(*statement)

    return connection.execute_wrapper(pause)
