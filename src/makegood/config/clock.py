"""Start the clock's own process: check the settings, then hand over to the clockwork."""

import os

import django

from makegood.config import lifeline
from makegood.config.database import require_supported_server
from makegood.config.environment import read_environment
from makegood.gateways.embedded_postgres import embedded_url


def run_clock() -> None:
    """Run the clock until told to stop."""
    os.environ.setdefault("MAKEGOOD_LOCAL", "0")
    environment = read_environment()
    url = environment.database_url or embedded_url(environment.data_dir)
    require_supported_server(url)
    lifeline.hold()
    django.setup()
    from makegood.clockwork import worker  # noqa: PLC0415 - it needs Django to be ready

    worker.run(database_url=url)
