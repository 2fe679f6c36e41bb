"""A working calendar from a TOML file, or from the code of a country with usual office hours."""

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from makegood.queries.holidays import HolidaysError, holidays_from_ical, holidays_of
from makegood.queries.usual_zones import usual_zone
from makegood.rules.calendars import WEEKDAYS, Calendar, CalendarError, Interval, Week

_KEYS: Final = ("name", "zone", "known_until", "hours", "holidays")
_DAYS: Final = tuple(weekday.lower() for weekday in WEEKDAYS)
_WORKING_DAYS: Final = _DAYS[:5]
_HOURS: Final = re.compile(r"([0-9]{1,2}):([0-9]{2}) ?[-\u2013] ?([0-9]{1,2}):([0-9]{2})")
_NINE_TO_FIVE: Final = (Interval(opens=9 * 60, closes=17 * 60),)


class CalendarFileError(CalendarError):
    """A file that does not describe a calendar; the message says where and what would be right."""


def read_calendar(path: Path, *, years: range) -> Calendar:
    """The calendar that a TOML file describes (see docs/calendars.md).

    `years` bounds the holidays taken from a country's code.

    :raises CalendarFileError: if the file cannot be read or makes no sense.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        return _calendar(document, path=path, years=years)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as broken:
        why = broken.strerror if isinstance(broken, OSError) else str(broken).rstrip(".")
        raise CalendarFileError(f"The calendar file {path} cannot be read: {why}.") from broken
    except (CalendarError, HolidaysError) as wrong:
        raise CalendarFileError(f"The calendar file {path}: {wrong}") from wrong


def office_of(code: str, *, zone: ZoneInfo | None, years: range) -> Calendar:
    """Monday to Friday from 09:00 to 17:00, with the public holidays of a code such as "GB-ENG".

    Without a zone it is the usual one there.

    :raises HolidaysError: if the code or the years are not known.
    :raises CalendarError: if the place has more than one time zone.
    """
    holidays = holidays_of(code, years=years)
    there = zone or usual_zone(code)
    if there is None:
        raise CalendarError(
            f'"{code}" has more than one time zone; give --tz, such as America/Chicago.'
        )
    return Calendar(
        name=code.upper(),
        zone=there,
        week=(_NINE_TO_FIVE,) * 5 + ((), ()),
        holidays=holidays,
        known_from=date(years[0], 1, 1),
        known_until=date(years[-1], 12, 31),
    )


def zone_named(name: str) -> ZoneInfo:
    """The time zone of that name.

    :raises CalendarError: if there is none.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError, TypeError) as unknown:
        raise CalendarError(
            f'There is no time zone "{name}"; give one such as "Europe/London".'
        ) from unknown


def _calendar(document: Mapping[str, Any], *, path: Path, years: range) -> Calendar:
    _check_keys(document, known=_KEYS, where="the file")
    if "zone" not in document:
        raise CalendarFileError('zone is missing; add a line such as zone = "Europe/London".')
    zone = zone_named(document["zone"])
    holidays, until = _holidays(_table(document, "holidays"), folder=path.parent, years=years)
    given = _date(document, "known_until")
    known_until = min((day for day in (given, *until) if day is not None), default=None)
    if known_until is None:
        raise CalendarFileError(
            "known_until is missing; add the last day whose holidays you know, "
            "such as known_until = 2027-12-31."
        )
    from_code = "code" in _table(document, "holidays")
    return Calendar(
        name=str(document.get("name", path.stem)),
        zone=zone,
        week=_week(_table(document, "hours")),
        holidays=holidays,
        known_until=known_until,
        known_from=date(years[0], 1, 1) if from_code else date.min,
    )


def _holidays(
    table: Mapping[str, Any], *, folder: Path, years: range
) -> tuple[dict[date, str], list[date]]:
    """All holidays of the table, and the days until which its sources know them."""
    _check_keys(table, known=("code", "ical", "days"), where="[holidays]")
    holidays: dict[date, str] = {}
    until: list[date] = []
    if "code" in table:
        holidays |= holidays_of(str(table["code"]), years=years)
        until.append(date(years[-1], 12, 31))
    if "ical" in table:
        found, last = holidays_from_ical((folder / str(table["ical"])).read_bytes())
        holidays |= found
        until.append(last)
    return holidays | _days_off(_table(table, "days")), until


def _days_off(table: Mapping[str, Any]) -> dict[date, str]:
    try:
        return {date.fromisoformat(day): str(name) for day, name in table.items()}
    except ValueError as wrong:
        raise CalendarFileError(
            f'[holidays.days] {wrong}; write lines such as 2026-12-24 = "Christmas Eve".'
        ) from wrong


def _week(table: Mapping[str, Any]) -> Week:
    _check_keys(table, known=("weekdays", *_DAYS), where="[hours]")
    return tuple(
        _intervals(day, table.get(day, table.get("weekdays", []) if day in _WORKING_DAYS else []))
        for day in _DAYS
    )


def read_hours(day: str, text: str) -> tuple[Interval, ...]:
    """The hours of a day as one types them, such as "08:00-12:00, 12:30-18:00"; empty is shut.

    :raises CalendarError: if they are no hours; the message shows some that are.
    """
    return tuple(_interval(day, span) for span in text.split(",") if span.strip())


def _intervals(day: str, spans: object) -> tuple[Interval, ...]:
    if isinstance(spans, list):
        return tuple(_interval(day, str(span)) for span in spans)
    raise CalendarFileError(f'[hours] {day} must be a list such as ["09:00-12:30", "13:00-17:00"].')


def _interval(day: str, span: str) -> Interval:
    if not (found := _HOURS.fullmatch(span.strip())):
        raise CalendarFileError(f'[hours] {day}: "{span}" must look like "09:00-17:00".')
    hour, minute, last_hour, last_minute = map(int, found.groups())
    if max(minute, last_minute) > 59:  # noqa: PLR2004 - minutes of an hour
        raise CalendarFileError(f'[hours] {day}: "{span}" has more than 59 minutes past an hour.')
    return Interval(opens=hour * 60 + minute, closes=last_hour * 60 + last_minute)


def _table(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    table = document.get(name, {})
    if not isinstance(table, Mapping):
        raise CalendarFileError(f"{name} must be a table, [{name}], not a single value.")
    return table


def _date(document: Mapping[str, Any], name: str) -> date | None:
    day = document.get(name)
    if day is None or type(day) is date:  # a datetime is a date too, and is not meant
        return day
    raise CalendarFileError(f"{name} must be a date without quotes, such as 2027-12-31.")


def _check_keys(table: Mapping[str, Any], *, known: tuple[str, ...], where: str) -> None:
    unknown = sorted(set(table) - set(known))
    if unknown:
        raise CalendarFileError(
            f"{where} has an unknown key {unknown[0]}; known are {', '.join(known)}."
        )
