"""The desk for AI agents (MCP): by stdio with one token, or over HTTP with that of each call.

It speaks to the desk by its API alone, so that it can run wherever the agent does.
"""

import importlib.metadata
import os
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from makegood.config.web import STOP_SECONDS

TOKEN = "MAKEGOOD_TOKEN"  # noqa: S105 - the name of a variable
ADDRESS = "MAKEGOOD_URL"
HOSTS = "MAKEGOOD_MCP_HOSTS"


def serve_stdio(*, address: str) -> None:
    """Serve one agent by standard input and output, until it leaves.

    :raises ImproperlyConfigured: if there is no token.
    """
    from makegood_client.agents import server  # noqa: PLC0415 - only this command needs MCP
    from makegood_client.calls import Desk  # noqa: PLC0415 - as above

    token = os.environ.get(TOKEN, "")
    if not token:
        raise ImproperlyConfigured(
            f"Set {TOKEN} to a token of the desk (Settings, Tokens); it does not go on the command "
            "line, where others see it."
        )
    desk = Desk(address, token)
    server(lambda _headers: desk, version=_version()).run("stdio")


def serve_http(*, address: str, host: str, port: int, names: tuple[str, ...]) -> None:
    """Serve agents over streamable HTTP at /mcp, each with its own token."""
    from granian.constants import Interfaces  # noqa: PLC0415 - as above
    from granian.log import LogLevels  # noqa: PLC0415 - as above
    from granian.server import Server as Granian  # noqa: PLC0415 - as above

    known = (*names, f"{host}:{port}", f"localhost:{port}", urlsplit(address).netloc)
    os.environ[ADDRESS], os.environ[HOSTS] = address, ",".join(known)
    Granian(
        "makegood.config.agents:build_application",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers=1,
        websockets=False,
        log_level=LogLevels.warning,
        log_access=False,
        workers_kill_timeout=STOP_SECONDS,
    ).serve()


def build_application() -> Callable[..., Any]:
    """Return the application, in a worker of granian."""
    from makegood_client.agents import application  # noqa: PLC0415 - as above

    hosts = tuple(os.environ[HOSTS].split(","))
    return application(os.environ[ADDRESS], hosts=hosts, version=_version())


def _version() -> str:
    return importlib.metadata.version("makegood")
