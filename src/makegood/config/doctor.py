"""What is configured, what can be reached, and what is wrong: one line for each."""

import platform
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from importlib.resources import files

import django
from django.core.exceptions import ImproperlyConfigured

from makegood.config.database import (
    OLDEST_SERVER,
    DatabaseUnreachableError,
    server_version,
)
from makegood.config.doctor_outside import look_outside
from makegood.config.environment import SECRET_FILE, Environment, read_environment
from makegood.config.upkeep import has_missing_migrations
from makegood.gateways.embedded_postgres import Server, embedded_url

OLDEST_PYTHON = (3, 11)
PULSE_EXPECTED_WITHIN = timedelta(minutes=2)


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One thing that was looked at."""

    what: str
    says: str
    is_wrong: bool = False

    def __str__(self) -> str:
        return f"{'WRONG' if self.is_wrong else 'ok   '}  {self.what}: {self.says}"


def examine() -> list[Finding]:
    """Look at everything, without starting or changing anything."""
    found = [_python(), _zones()]
    try:
        environment = read_environment()
    except ImproperlyConfigured as error:
        return [*found, Finding(what="settings", says=str(error), is_wrong=True)]
    found += [_mode(environment), _data_dir(environment), _secret(environment)]
    found += [*_database(environment)]
    return [*found, *_outside(environment)]


def _outside(environment: Environment) -> Iterator[Finding]:
    for one in look_outside(environment):
        yield Finding(what=one.what, says=one.says, is_wrong=one.is_wrong)


def _python() -> Finding:
    return Finding(
        what="Python",
        says=platform.python_version(),
        is_wrong=sys.version_info[:2] < OLDEST_PYTHON,
    )


def _zones() -> Finding:
    edition = (files("tzdata") / "zones").is_file() and version("tzdata")
    return Finding(
        what="time zones",
        says=f"tzdata {edition}" if edition else "the package tzdata is missing",
        is_wrong=not edition,
    )


def _mode(environment: Environment) -> Finding:
    mode = "local, loopback only" if environment.local else "served"
    debug = ", debug pages on" if environment.debug else ""
    return Finding(what="mode", says=f"{mode}{debug}, at {environment.base_url}")


def _data_dir(environment: Environment) -> Finding:
    there = environment.data_dir.is_dir()
    return Finding(
        what="data directory",
        says=f"{environment.data_dir}{'' if there else ' (made at the first start)'}",
    )


def _secret(environment: Environment) -> Finding:
    kept = environment.data_dir / SECRET_FILE
    if not kept.exists():
        return Finding(what="secret", says="from the environment, or made at the first start")
    mode = kept.stat().st_mode & 0o777
    return Finding(what="secret", says=f"{kept}, mode {mode:o}", is_wrong=bool(mode & 0o077))


def _database(environment: Environment) -> Iterator[Finding]:
    url = environment.database_url
    if url is None:
        server = Server(environment.data_dir)
        if not server.is_running():
            says = "the embedded PostgreSQL is not running: start it with `makegood up`"
            yield Finding(what="database", says=says, is_wrong=True)
            return
        url = embedded_url(environment.data_dir)
    try:
        major = server_version(url)
    except DatabaseUnreachableError as error:
        yield Finding(what="database", says=str(error), is_wrong=True)
        return
    wanted = "" if major >= OLDEST_SERVER else f", but {OLDEST_SERVER} or newer is needed"
    yield Finding(what="database", says=f"PostgreSQL {major}{wanted}", is_wrong=bool(wanted))
    yield from _tables()


def _tables() -> Iterator[Finding]:
    django.setup()
    if has_missing_migrations():
        yield Finding(what="tables", says="run `makegood migrate`", is_wrong=True)
        return
    yield Finding(what="tables", says="up to date")
    yield _clock(now=datetime.now(UTC))


def _clock(*, now: datetime) -> Finding:
    from makegood.records.models import ClockPulse  # noqa: PLC0415 - after the setup

    last = ClockPulse.objects.order_by("-at").first()
    if last is None:
        return Finding(what="clock", says="it has never run: `makegood clock`", is_wrong=True)
    age = now - last.at
    return Finding(
        what="clock",
        says=f"last pulse {age.total_seconds():.0f} s ago",
        is_wrong=age > PULSE_EXPECTED_WITHIN,
    )
