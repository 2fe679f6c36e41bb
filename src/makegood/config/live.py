"""The stream of live pages behind granian: one process is enough for two thousand pages."""

import os
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server as Granian

from makegood.config import lifeline
from makegood.config.database import require_supported_server
from makegood.config.environment import read_environment
from makegood.config.web import LOOPBACK_ADDRESSES, STOP_SECONDS
from makegood.gateways.embedded_postgres import embedded_url

CONNECTIONS = 4
"""For looking things up; one more listens."""


def serve(*, host: str, port: int) -> None:
    """Serve until told to stop.

    :raises ImproperlyConfigured: if the settings are not safe for where we listen.
    """
    os.environ.setdefault("MAKEGOOD_LOCAL", "0")
    os.environ["MAKEGOOD_POOL_SIZE"] = str(CONNECTIONS)
    environment = read_environment()
    if environment.local and host not in LOOPBACK_ADDRESSES:
        raise ImproperlyConfigured(
            f"The local mode does not listen at {host}: unset MAKEGOOD_LOCAL to serve others."
        )
    if environment.database_url is not None:
        require_supported_server(environment.database_url)
    lifeline.hold()
    Granian(
        "makegood.config.live:build_application",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers=1,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS,
    ).serve()


def build_application() -> Callable[..., Any]:
    """Return the application, in a worker of granian; the worker ends with its parent."""
    lifeline.hold_on_to(os.getppid())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "makegood.config.settings")
    import django  # noqa: PLC0415 - it reads the settings

    django.setup()
    from makegood.doors.live.stream import LivePages  # noqa: PLC0415 - it needs Django to be ready

    environment = read_environment()
    return LivePages(environment.database_url or embedded_url(environment.data_dir))
