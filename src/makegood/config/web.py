"""The pages behind granian: a few processes, each with a few threads and a pool of connections."""

import os
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server as Granian

from makegood.config import lifeline, static_files
from makegood.config.database import require_supported_server
from makegood.config.environment import read_environment

THREADS = min(8, 2 * (os.cpu_count() or 1) + 1)
"""Of each process; as many as its pool has connections, so that no request waits for one."""

STOP_SECONDS = 2
LOOPBACK_ADDRESSES = {"127.0.0.1", "::1", "localhost"}


def serve(*, host: str, port: int, workers: int) -> None:
    """Serve until told to stop.

    :raises ImproperlyConfigured: if the settings are not safe for where we listen.
    """
    os.environ.setdefault("MAKEGOOD_LOCAL", "0")
    os.environ.setdefault("MAKEGOOD_POOL_SIZE", str(THREADS))
    environment = read_environment()
    if environment.local and host not in LOOPBACK_ADDRESSES:
        raise ImproperlyConfigured(
            f"The local mode does not listen at {host}: unset MAKEGOOD_LOCAL to serve others."
        )
    if environment.database_url is not None:
        require_supported_server(environment.database_url)
    static_files.provide()
    lifeline.hold()
    Granian(
        "makegood.config.web:build_application",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        websockets=False,
        log_level=LogLevels.warning,
        log_access=False,  # an address may be a customer's key
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS,
    ).serve()


def build_application() -> Callable[..., Any]:
    """Return the application, in a worker of granian; the worker ends with its parent."""
    lifeline.hold_on_to(os.getppid())
    from makegood.config.wsgi import application  # noqa: PLC0415 - it reads the settings

    return application
