"""The ports of one desk: taken before anything listens, so that no two desks share one.

Whether a port is free can only be seen once somebody listens on it, and servers that share a port
on purpose (as granian does) are let in side by side. So each desk locks a small file for each port
that it means to use, and holds it until it ends.
"""

import fcntl
import os
import socket
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

HOST = "127.0.0.1"
PORT_MAX = 65_535
PORT_FREE_SECONDS = 4  # pages that were left by a killed supervisor end within that
LOOK_EVERY_SECONDS = 0.2
TRIES = 20


class BusyPortError(Exception):
    """Another program uses this port."""


@dataclass(kw_only=True, slots=True)
class Ports:
    """The ports of one desk; they are its own until it closes them, or ends."""

    folder: Path = field(default_factory=lambda: Path(tempfile.gettempdir()))
    _locks: list[int] = field(default_factory=list)

    def take(self, port: int) -> None:
        """Take one port, once it is free.

        :raises BusyPortError: if it is not within a few seconds.
        """
        deadline = time.monotonic() + PORT_FREE_SECONDS
        while not self._took(port):
            if time.monotonic() > deadline:
                raise BusyPortError(port)
            time.sleep(LOOK_EVERY_SECONDS)

    def take_next(self, *, after: int) -> int:
        """Take the next port, or whichever the system has: nobody has to know it.

        :raises BusyPortError: if everything that the system has is taken.
        """
        if after < PORT_MAX and self._took(after + 1):
            return after + 1
        for _ in range(TRIES):
            port = _any_free()
            if self._took(port):
                return port
        raise BusyPortError(port)

    def close(self) -> None:
        """Leave them to others."""
        while self._locks:
            os.close(self._locks.pop())

    def _took(self, port: int) -> bool:
        return _is_free(port) and self._lock(port)

    def _lock(self, port: int) -> bool:
        """Lock the file of a port: one for each user, since systems let no two users share one.

        Where no file can be made or locked the port is taken without.
        """
        name = self.folder / f"makegood-{os.getuid()}-{port}.lock"
        try:
            lock = os.open(name, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        except OSError:
            return True
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            return False
        except OSError:  # some folders are on disks that know no locks
            os.close(lock)
            return True
        self._locks.append(lock)
        return True


def _any_free() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with suppress(OSError):
            probe.bind((HOST, port))
            return True
    return False
