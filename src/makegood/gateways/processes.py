"""Processes of the system: end them with patience, and let none outlive its parent."""

import ctypes
import signal
import sys
import time
from contextlib import suppress

import psutil

POLL_SECONDS = 0.01
LINUX_SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG in <sys/prctl.h>


def end(process: psutil.Process, *, by: signal.Signals, seconds: float) -> bool:
    """Send a signal, and tell whether the process was gone within these seconds."""
    deadline = time.monotonic() + seconds
    with suppress(psutil.NoSuchProcess):
        process.send_signal(by)
    while is_alive(process):
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True


def is_alive(process: psutil.Process) -> bool:
    """Tell whether the process still runs; a dead one that nobody has collected does not."""
    with suppress(psutil.Error):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


def interrupt_when_the_parent_ends() -> None:
    """Ask Linux to interrupt this process when its parent is gone, even by kill -9.

    Runs between fork and exec. Other systems have nothing like it; there the process stays.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(LINUX_SET_PARENT_DEATH_SIGNAL, signal.SIGINT)
