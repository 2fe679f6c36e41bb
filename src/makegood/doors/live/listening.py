"""One connection that listens for the database's rings, and comes back after it was lost."""

import asyncio
from collections.abc import Callable

import psycopg
import structlog

CHANNEL = "makegood_live"
CONNECT_SECONDS = 10
BACK_OFF_SECONDS = (0.5, 1, 2, 5, 10)

log = structlog.get_logger(__name__)


class Listener:
    """Listens for ever; `lost` is called whenever rings may have been missed."""

    def __init__(
        self, database_url: str, *, ring: Callable[[str], None], lost: Callable[[], None]
    ) -> None:
        self._url = database_url
        self._ring = ring
        self._lost = lost
        self.is_listening = False

    async def run(self) -> None:
        """Listen; when the connection is lost, wait a little and listen again."""
        failures = 0
        while True:
            try:
                await self._listen()
            except psycopg.OperationalError as error:
                self.is_listening = False
                delay = BACK_OFF_SECONDS[min(failures, len(BACK_OFF_SECONDS) - 1)]
                failures = failures + 1
                log.warning("live_pages_lost_the_database", why=str(error), next_try_in=delay)
                await asyncio.sleep(delay)

    async def _listen(self) -> None:
        connection = await psycopg.AsyncConnection.connect(
            self._url,
            autocommit=True,
            application_name="makegood live",
            connect_timeout=CONNECT_SECONDS,
            keepalives_idle=10,  # a connection that dies without a word is noticed in half a minute
            keepalives_interval=5,
            keepalives_count=3,
        )
        async with connection:
            await connection.execute(f"LISTEN {CHANNEL}")
            self.is_listening = True
            self._lost()
            async for notice in connection.notifies():
                self._ring(notice.payload)
        raise psycopg.OperationalError("The connection ended.")
