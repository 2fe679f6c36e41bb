"""A server for pages that knows who is connected, so that a test ends when all have gone.

A page that is closed may have asked for something a moment before. Answered after the test, it
would read and write in the database of the next one.
"""

import socket
import threading

from django.core.servers.basehttp import ThreadedWSGIServer

PATIENCE = 120.0
"""How many seconds the slowest answer may take on the busiest machine."""


class ServerWithGuests(ThreadedWSGIServer):
    """Counts its open connections."""

    def __init__(self, *args, **more) -> None:
        super().__init__(*args, **more)
        self._guests = 0
        self._changed = threading.Condition()

    def process_request(self, request, client_address) -> None:
        """As a server does, and count it before anything of it is done."""
        self._count(1)
        super().process_request(request, client_address)

    def process_request_thread(self, request, client_address) -> None:
        """As a server does, until the guest has gone."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._count(-1)

    def wait_until_all_have_gone(self) -> None:
        """Whoever knocked before this call is let in, answered and gone when it returns."""
        with socket.create_connection(self.server_address[:2], timeout=PATIENCE) as last:
            last.shutdown(socket.SHUT_WR)
            last.recv(1)  # it is let in after all others, and sent away as it says nothing
        with self._changed:
            assert self._changed.wait_for(lambda: not self._guests, PATIENCE), (
                "a page is still open"
            )

    def _count(self, by: int) -> None:
        with self._changed:
            self._guests += by
            self._changed.notify_all()
