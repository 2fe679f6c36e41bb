"""Public holidays as dates with names: from the `holidays` library, or from an iCalendar file."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from difflib import get_close_matches
from itertools import islice, takewhile
from typing import Final

import holidays as library
from dateutil.rrule import rrulestr
from icalendar import Calendar as ICalendar
from icalendar import Event

DAY: Final = timedelta(days=1)
# The last day to which a holiday that comes back every year is written out.
LAST_DAY: Final = date(2100, 12, 31)
_LARGEST_FILE: Final = 1_000_000
_MOST_EVENTS: Final = 2_000
_LONGEST_EVENT: Final = timedelta(days=366)
_MOST_TIMES: Final = 2_000
_LONGEST_NAME: Final = 100


class HolidaysError(ValueError):
    """Holidays that cannot be known; the message says why, and what would be right."""


class UnknownHolidayCodeError(HolidaysError):
    """No such country or part of one."""


class UnknownHolidayYearsError(HolidaysError):
    """Years whose holidays nobody has worked out."""


class HolidayFileError(HolidaysError):
    """An iCalendar file that cannot be read as holidays."""


# ---- by code ---------------------------------------------------------------------------------


def holidays_of(code: str, *, years: range) -> dict[date, str]:
    """The public holidays of a country ("GB") or a part of one ("GB-ENG", "US-MA", "DE-BE").

    :raises UnknownHolidayCodeError: if the code is not known; the message names near ones.
    :raises UnknownHolidayYearsError: if the library has not worked out all those years.
    """
    country, _, part = code.strip().upper().partition("-")
    try:
        found = library.country_holidays(country, subdiv=part or None, expand=False)
    except NotImplementedError as unknown:
        raise UnknownHolidayCodeError(
            f'There are no holidays for "{code[:40]}"; {_instead(country, part)}.'
        ) from unknown
    first, last = found.start_year, found.end_year
    if years and not (first <= years[0] and years[-1] <= last):
        raise UnknownHolidayYearsError(
            f"The holidays of {code} are known for {first} to {last} only, "
            f"not for all of {years[0]} to {years[-1]}."
        )
    return dict(library.country_holidays(country, subdiv=part or None, years=years, expand=False))


def _instead(country: str, part: str) -> str:
    countries = {
        code: parts
        for code, parts in library.list_supported_countries().items()
        if len(code) == len("GB")
    }
    if country in countries:
        parts = [f"{country}-{known}" for known in countries[country]]
        near = get_close_matches(f"{country}-{part}", parts, n=3) or parts[:8]
        return f"try {', '.join([country, *near])}"
    names = {"EN": "GB-ENG", "ENG": "GB-ENG", "SCT": "GB-SCT", "NIR": "GB-NIR", "WLS": "GB-WLS"}
    near = [names[country]] if country in names else get_close_matches(country, countries, n=3)
    return f"try {', '.join([*near, 'a code such as GB-ENG, US-MA or DE-BE'])}"


# ---- from a file -----------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class _Feast:
    """An all-day event as the file tells it."""

    name: str
    uid: str
    first: date
    length: timedelta
    rule: str
    added: tuple[date, ...]
    left_out: frozenset[date]
    stands_for: date | None
    """The day of a series that this event replaces."""
    cancelled: bool

    @property
    def endless(self) -> bool:
        return bool(self.rule) and "UNTIL=" not in self.rule and "COUNT=" not in self.rule

    def first_days(self) -> list[date]:
        """The first day of each time it comes, up to 2100."""
        days = {self.first, *self.added, *self._repeated()} - self.left_out
        return sorted(day for day in days if day <= LAST_DAY)

    def _repeated(self) -> list[date]:
        if not self.rule:
            return []
        if "FREQ=YEARLY" not in self.rule.split(";"):
            raise HolidayFileError(
                f'The holiday "{self.name}" repeats by {self.rule[:40]}; only yearly ones are read.'
            )
        if "UNTIL=" in self.rule and "COUNT=" in self.rule:
            raise HolidayFileError(
                f'The holiday "{self.name}" repeats both UNTIL a day and COUNT times; keep one.'
            )
        start, end = (datetime.combine(day, time()) for day in (self.first, LAST_DAY))
        times = rrulestr(self.rule, dtstart=start).xafter(start, inc=True)
        days = [moment.date() for moment in takewhile(end.__ge__, islice(times, _MOST_TIMES))]
        if len(days) == _MOST_TIMES:
            raise HolidayFileError(f'The holiday "{self.name}" comes too often to be one.')
        return days


def holidays_from_ical(data: bytes) -> tuple[dict[date, str], date]:
    """The all-day events of an iCalendar file, and the last day that the file speaks for.

    Events that come back without end are written out to 2100. If the file has others too, it
    speaks only until the last of those: the feasts that move are listed no further.

    :raises HolidayFileError: if the file cannot be read, or has no all-day events.
    """
    try:
        feasts = [_feast(event) for event in _all_day_events(data)]
        replaced = {(feast.uid, feast.stands_for) for feast in feasts}
        coming = [
            (feast, day)
            for feast in feasts
            for day in feast.first_days()
            if feast.stands_for is not None or (feast.uid, day) not in replaced
            if not feast.cancelled
        ]
    except HolidayFileError:
        raise
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError) as broken:
        why = _printable(str(broken))[:120].rstrip(".")
        raise HolidayFileError(
            f"The file is not an iCalendar file that can be read: {why}."
        ) from broken
    if not coming:
        raise HolidayFileError("The calendar file has no all-day events, so it names no holidays.")
    return _named_days(coming), _spoken_for(coming)


def _all_day_events(data: bytes) -> list[Event]:
    if len(data) > _LARGEST_FILE:
        raise HolidayFileError("The calendar file is larger than 1 MB; export holidays alone.")
    events = (item for item in ICalendar.from_ical(data).walk("VEVENT") if isinstance(item, Event))
    found = [event for event in events if not isinstance(event.start, datetime)]
    if len(found) > _MOST_EVENTS:
        raise HolidayFileError(
            f"The calendar file has {len(found)} all-day events; at most {_MOST_EVENTS} are read."
        )
    return found


def _feast(event: Event) -> _Feast:
    rule = event.get("RRULE")
    return _Feast(
        name=_name(event),
        uid=str(event.get("UID", "")),
        first=event.start,
        length=_length(event),
        rule="" if rule is None else _without_offset(rule.to_ical().decode().upper()),
        added=tuple(_day(day[0] if isinstance(day, tuple) else day) for day in event.rdates),
        left_out=frozenset(_day(day) for day in event.exdates),
        stands_for=_day(event.decoded("RECURRENCE-ID")) if "RECURRENCE-ID" in event else None,
        cancelled=str(event.get("STATUS", "")).upper() == "CANCELLED",
    )


def _name(event: Event) -> str:
    return _printable(str(event.get("SUMMARY", "")))[:_LONGEST_NAME] or "holiday"


def _printable(text: str) -> str:
    return "".join(letter for letter in " ".join(text.split()) if letter.isprintable())


def _length(event: Event) -> timedelta:
    # DTEND is the day after the last one; some files repeat the first instead.
    end: date | None = event.DTEND
    length = _day(end) - event.start if end is not None else event.DURATION or DAY
    if length > _LONGEST_EVENT:
        raise HolidayFileError(f'The holiday "{_name(event)}" is longer than a year.')
    return max(length, DAY)


def _without_offset(rule: str) -> str:
    # An all-day UNTIL is a date; many files write a moment in UTC, which dateutil then refuses.
    parts = rule.split(";")
    return ";".join(part.rstrip("Z") if part.startswith("UNTIL=") else part for part in parts)


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _named_days(coming: list[tuple[_Feast, date]]) -> dict[date, str]:
    named: dict[date, list[str]] = {}
    for feast, first in coming:
        for day in (first + DAY * i for i in range(feast.length.days)):
            named.setdefault(day, []).append(feast.name)
    return {day: "; ".join(dict.fromkeys(names)) for day, names in sorted(named.items())}


def _spoken_for(coming: list[tuple[_Feast, date]]) -> date:
    listed = [first + feast.length - DAY for feast, first in coming if not feast.endless]
    return max(listed, default=LAST_DAY)
