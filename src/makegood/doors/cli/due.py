"""`makegood due`: compute a due time on a working calendar and show how it came about."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final, NoReturn
from zoneinfo import ZoneInfo

import django
import typer
from django.apps import apps
from django.core.exceptions import AppRegistryNotReady, ImproperlyConfigured, ObjectDoesNotExist
from django.db import Error as DatabaseError

from makegood.queries.calendar_sources import office_of, read_calendar, zone_named
from makegood.queries.holidays import LAST_DAY, HolidaysError, UnknownHolidayCodeError
from makegood.rules.amounts import Amount, AmountError, parse_amount
from makegood.rules.calendars import (
    Calendar,
    CalendarError,
    always_open,
    at_wall_time,
    local,
)
from makegood.rules.workinghours import Computed, add

# Holidays by code are computed for the years around the start: the longest amount is ten years.
_YEARS_AHEAD: Final = 15
_EXIT_BAD_INPUT: Final = 2
_NO_DESK: Final = (
    AppRegistryNotReady,
    DatabaseError,
    ImportError,
    ImproperlyConfigured,
    LookupError,
    ObjectDoesNotExist,
)


class DueError(ValueError):
    """What was asked cannot be computed; the message says what to give instead."""


def due(
    amount: Annotated[
        str, typer.Option("--add", help='How long, such as "3 working days", "90 minutes", "PT4H".')
    ],
    start: Annotated[
        str | None,
        typer.Option("--from", help="ISO moment with an offset, or without one and with --tz."),
    ] = None,
    calendar: Annotated[
        str | None,
        typer.Option(
            help="A TOML file, a calendar of the desk, or a code such as GB-ENG or US-MA."
        ),
    ] = None,
    tz: Annotated[
        str | None, typer.Option("--tz", help="Time zone of --from and of a calendar by code.")
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
) -> None:
    """Compute when something is due, and print each step so that a person can check it."""
    try:
        zone = zone_named(tz) if tz is not None else None
        begin = _moment(start, zone=zone)
        length = parse_amount(amount)
        hours = _calendar(calendar, amount=length, begin=begin, zone=zone)
        computed = add(begin, length, calendar=hours)
    except (DueError, AmountError, CalendarError, HolidaysError) as wrong:
        _refuse(wrong)
    shown = _as_json if as_json else _as_text
    typer.echo(shown(computed, begin=begin, amount=length, calendar=hours))


def _refuse(wrong: Exception) -> NoReturn:
    typer.echo(" ".join(str(wrong).split()), err=True)
    raise typer.Exit(_EXIT_BAD_INPUT) from None


def _moment(text: str | None, *, zone: ZoneInfo | None) -> datetime:
    if text is None:
        return datetime.now(UTC).replace(microsecond=0)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise DueError(
            f'--from "{text}" is not an ISO moment; write one such as 2026-11-06T15:00+01:00.'
        ) from None
    if moment.utcoffset() is not None:
        return moment
    if zone is None:
        raise DueError(f'--from "{text}" has no offset from UTC; add one such as Z, or give --tz.')
    local(moment.replace(tzinfo=UTC), zone=zone)  # refuses impossible years before they overflow
    return at_wall_time(moment, zone=zone)


def _calendar(
    name: str | None, *, amount: Amount, begin: datetime, zone: ZoneInfo | None
) -> Calendar:
    if name is None:
        if amount.unit.is_working:
            raise DueError(f'"{amount}" needs a --calendar, such as GB-ENG or a TOML file.')
        return always_open(zone or ZoneInfo("UTC"))
    years = _years_around(local(begin, zone=zone or ZoneInfo("UTC")).year)
    path = Path(name)
    if path.suffix == ".toml" or path.is_file():
        return read_calendar(path, years=years)
    return _of_the_desk(name) or _by_code(name, zone=zone, years=years)


def _years_around(year: int) -> range:
    return range(year - 1, max(year + 1, min(year + _YEARS_AHEAD, LAST_DAY.year + 1)))


def _of_the_desk(name: str) -> Calendar | None:
    """The calendar of that name in the desk's database; None if there is none, or no database."""
    try:
        if not apps.ready:
            django.setup()
        from makegood.queries.calendars import get_calendar  # noqa: PLC0415 - it needs the setup

        return get_calendar(name)
    except _NO_DESK:
        return None


def _by_code(code: str, *, zone: ZoneInfo | None, years: range) -> Calendar:
    try:
        return office_of(code, zone=zone, years=years)
    except UnknownHolidayCodeError as unknown:
        raise DueError(
            f'There is no calendar "{code}", as a file or on the desk. {unknown}'
        ) from None


def _as_text(computed: Computed, *, begin: datetime, amount: Amount, calendar: Calendar) -> str:
    there = local(computed.due_at, zone=calendar.zone)
    return "\n".join(
        [
            f"{amount} from {_utc(begin)} on calendar {calendar.name}:",
            f"due {there.isoformat()} ({calendar.zone})",
            f"    {_utc(computed.due_at)} (UTC)",
            "",
            *computed.trace,
        ]
    )


def _as_json(computed: Computed, *, begin: datetime, amount: Amount, calendar: Calendar) -> str:
    return json.dumps(
        {
            "from": _utc(begin),
            "add": str(amount),
            "calendar": calendar.name,
            "zone": str(calendar.zone),
            "due_at": _utc(computed.due_at),
            "due_local": local(computed.due_at, zone=calendar.zone).isoformat(),
            "trace": list(computed.trace),
        },
        ensure_ascii=False,
        indent=2,
    )


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
