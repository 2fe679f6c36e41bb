"""A child process that is watched: its lines are passed on, its end is noticed and mended."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import IO

BACK_OFF_SECONDS = [0.5, 1, 2, 5, 10, 30]
STEADY_SECONDS = 60
"""Who ran this long is healthy again: the next failure starts the back-off from the beginning."""


class BackOff:
    """How long to wait before the next try."""

    def __init__(self) -> None:
        self._failures = 0

    def next_delay(self, *, ran_for: float) -> float:
        """Return the seconds to wait after a failure."""
        if ran_for > STEADY_SECONDS:
            self._failures = 0
        delay = BACK_OFF_SECONDS[min(self._failures, len(BACK_OFF_SECONDS) - 1)]
        self._failures += 1
        return delay


class Child:
    """One program that has to run; all that it starts belongs to a process group of its own."""

    def __init__(
        self,
        *,
        name: str,
        command: Sequence[str],
        environment: Mapping[str, str],
        say: Callable[[str], None],
    ) -> None:
        self.name = name
        self._command = command
        self._environment = environment
        self._say = say
        self._process: subprocess.Popen[str] | None = None
        self._back_off = BackOff()
        self._started = 0.0
        self._start_again_at = 0.0

    def start(self) -> None:
        """Start it, and pass on what it writes, a prefix before each line."""
        self._started = time.monotonic()
        process = subprocess.Popen(  # noqa: S603 - our own program
            self._command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=dict(self._environment),
            start_new_session=True,  # Ctrl-C in the terminal is for us to pass on
            text=True,
            errors="replace",
        )
        self._process = process
        if process.stdout is not None:
            threading.Thread(target=self._pass_on, args=(process.stdout,), daemon=True).start()

    def tend(self) -> None:
        """Notice that it ended; start it again when its time has come."""
        if self._process is None:
            if time.monotonic() >= self._start_again_at:
                self.start()
        elif self._process.poll() is not None:
            self._mend(self._process)

    def ask_to_stop(self) -> None:
        """Ask it, not its workers: it has to end them in good order."""
        if self._process is not None:
            self._process.terminate()

    def wait_or_kill(self, *, until: float) -> None:
        """Wait for its end until this monotonic time; then kill whatever is left of its group."""
        if self._process is None:
            return
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=max(0, until - time.monotonic()))
        _kill_group(self._process)
        self._process.wait()
        self._process = None

    def _mend(self, process: "subprocess.Popen[str]") -> None:
        _kill_group(process)  # orphaned workers would hold on to the port
        delay = self._back_off.next_delay(ran_for=time.monotonic() - self._started)
        self._say(
            f"{self.name} ended ({_explain(process.returncode)}); it starts again in {delay:g} s."
        )
        self._process = None
        self._start_again_at = time.monotonic() + delay

    def _pass_on(self, lines: IO[str]) -> None:
        with lines:
            for line in lines:
                self._say(f"{self.name:<5} | {line.rstrip()}")


def _kill_group(process: "subprocess.Popen[str]") -> None:
    with suppress(ProcessLookupError, PermissionError):  # macOS says so of a group of zombies
        os.killpg(process.pid, signal.SIGKILL)


def _explain(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
