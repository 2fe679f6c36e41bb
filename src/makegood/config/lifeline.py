"""A child process ends when its parent is gone, however the parent went, on every system."""

import os
import signal
import threading
import time

PARENT_VARIABLE = "MAKEGOOD_PARENT_PID"
LOOK_EVERY_SECONDS = 0.5
GRACE_SECONDS = 3


def hold() -> None:
    """Hold on to the parent that the environment names, if it names one."""
    named = os.environ.get(PARENT_VARIABLE, "")
    if named.isdecimal():
        hold_on_to(int(named))


def hold_on_to(parent: int) -> None:
    """End this process soon after this parent has: orderly at first, then at once."""
    threading.Thread(target=_watch, args=(parent,), name="lifeline", daemon=True).start()


def _watch(parent: int) -> None:
    # An orphan is handed to another parent: no signal or pipe is needed to see that.
    while os.getppid() == parent:
        time.sleep(LOOK_EVERY_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os.kill(os.getpid(), signal.SIGKILL)
