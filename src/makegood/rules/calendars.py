"""Working calendars: when an office is open, in its own zone, with holidays known up to a day.

Wall times become instants here, and only here. A time that the clocks skip is the first instant
after the gap; a time that comes twice is its first coming. So a later wall time is never an
earlier instant, and the windows of a calendar never overlap.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any, Final
from zoneinfo import ZoneInfo

MINUTES_A_DAY: Final = 1440
DAYS_A_WEEK: Final = 7
DAY: Final = timedelta(days=1)
# Moments outside these years are typing errors, and near the ends of time arithmetic overflows.
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 9800
WEEKDAYS: Final = (
    *("Monday", "Tuesday", "Wednesday", "Thursday"),
    *("Friday", "Saturday", "Sunday"),
)
# A search that long has lost its way, whatever the calendar claims to know.
_LONGEST_WALK: Final = timedelta(days=40_000)


class CalendarError(ValueError):
    """A calendar or a moment that cannot be computed with; the message says what is wrong."""


class CalendarRunsOutError(CalendarError):
    """A computation came to a day whose holidays the calendar does not know."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Interval:
    """Open from `opens` up to but not including `closes`, in minutes after midnight (0 to 1440).

    :raises CalendarError: if it is empty, backwards or outside the day.
    """

    opens: int
    closes: int

    def __post_init__(self) -> None:
        if not 0 <= self.opens < self.closes <= MINUTES_A_DAY:
            raise CalendarError(
                f"An interval must open before it closes, between 00:00 and 24:00; "
                f"{self} does not. Split one that passes midnight into two."
            )

    def __str__(self) -> str:
        return f"{clock_words(self.opens)}-{clock_words(self.closes)}"


Week = tuple[tuple[Interval, ...], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """A stretch of open time as two instants in UTC: open at `opens`, closed at `closes`."""

    opens: datetime
    closes: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Calendar:
    """Opening hours from Monday to Sunday, and holidays with names, known from one day to another.

    :raises CalendarError: if the week has not seven days, or intervals overlap, or it never opens.
    """

    name: str
    zone: ZoneInfo
    week: Week
    holidays: Mapping[date, str] = field(default_factory=dict)
    known_until: date
    known_from: date = date.min

    def __post_init__(self) -> None:
        if len(self.week) != DAYS_A_WEEK:
            raise CalendarError(
                f"Calendar {self.name} lists {len(self.week)} days; a week has 7, Monday first."
            )
        for weekday, intervals in enumerate(self.week):
            self._check_order(weekday, intervals)
        if not any(self.week):
            raise CalendarError(f"Calendar {self.name} never opens; give one day opening hours.")
        # A copy, so that whoever made the calendar cannot change it later.
        object.__setattr__(self, "holidays", dict(self.holidays))

    def _check_order(self, weekday: int, intervals: tuple[Interval, ...]) -> None:
        for earlier, later in pairwise(intervals):
            if later.opens < earlier.closes:
                raise CalendarError(
                    f"Calendar {self.name}, {WEEKDAYS[weekday]}: {later} must not begin before "
                    f"{earlier} ends; list a day's hours in order and without overlap."
                )


def always_open(zone: ZoneInfo) -> Calendar:
    """A calendar that is open at every moment: no closing hours and no holidays."""
    all_day = (Interval(opens=0, closes=MINUTES_A_DAY),)
    return Calendar(
        name="always open", zone=zone, week=(all_day,) * DAYS_A_WEEK, known_until=date.max
    )


def runs_out_within(calendar: Calendar, *, now: datetime, days: int) -> bool:
    """True if the calendar's holidays are not known for all of the coming `days`."""
    if calendar.known_until.year > LAST_YEAR:
        return False
    return calendar.known_until < local(now, zone=calendar.zone).date() + timedelta(days=days)


def windows_of(day: date, *, calendar: Calendar) -> tuple[Window, ...]:
    """The open windows of a day, in order; none on a holiday or on a day that the zone skipped.

    :raises CalendarRunsOutError: if the calendar does not know the holidays around that day.
    """
    _check_known(day, calendar=calendar)
    if day in calendar.holidays:
        return ()
    windows = (
        Window(
            opens=instant(day, interval.opens, zone=calendar.zone),
            closes=instant(day, interval.closes, zone=calendar.zone),
        )
        for interval in calendar.week[day.weekday()]
    )
    return tuple(window for window in windows if window.opens < window.closes)


def _check_known(day: date, *, calendar: Calendar) -> None:
    if day > calendar.known_until:
        raise CalendarRunsOutError(
            f"Calendar {calendar.name} knows its holidays only until {calendar.known_until}; "
            f"{day} cannot be counted until it is renewed."
        )
    if day < calendar.known_from:
        raise CalendarRunsOutError(
            f"Calendar {calendar.name} knows its holidays only from {calendar.known_from}; "
            f"{day} cannot be counted until they are added."
        )


def open_windows(
    calendar: Calendar, *, since: datetime, until: datetime | None = None
) -> Iterator[tuple[date, Window]]:
    """Each window that ends after `since` and begins before `until`, with its day, in order.

    :raises CalendarRunsOutError: if the walk leaves the days whose holidays are known.
    """
    for day in _days_from(since, calendar=calendar):
        if until is not None and instant(day, 0, zone=calendar.zone) >= until:
            return
        if instant(day, MINUTES_A_DAY, zone=calendar.zone) <= since:
            continue
        for window in windows_of(day, calendar=calendar):
            if window.closes > since and (until is None or window.opens < until):
                yield day, window


def _days_from(since: datetime, *, calendar: Calendar) -> Iterator[date]:
    # From the day before: where clocks go back over midnight, a day ends after the next began.
    day = first = local(since, zone=calendar.zone).date() - DAY
    while day - first <= _LONGEST_WALK:
        yield day
        day += DAY
    raise CalendarRunsOutError(
        f"Calendar {calendar.name} has too little open time to count that far from {first}."
    )


def to_utc(moment: datetime) -> datetime:
    """The moment in UTC, where sums are true: within one zone Python subtracts wall clocks.

    :raises CalendarError: if the moment has no offset from UTC or a year that cannot be meant.
    """
    if moment.utcoffset() is None:
        raise CalendarError(f"The moment {moment} has no offset from UTC; add one such as Z.")
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise CalendarError(
            f"The year {moment.year} is out of range; use years {FIRST_YEAR} to {LAST_YEAR}."
        )
    return moment.astimezone(UTC)


def local(moment: datetime, *, zone: ZoneInfo) -> datetime:
    """The moment on the wall clock of a zone.

    :raises CalendarError: as `to_utc`.
    """
    return to_utc(moment).astimezone(zone)


def instant(day: date, minute: int, *, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, of a minute of a day on the wall clock of a zone; 1440 is midnight."""
    return at_wall_time(datetime.combine(day, time()) + timedelta(minutes=minute), zone=zone)


def at_wall_time(wall: datetime, *, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, when clocks first show a naive wall time or, if skipped, one beyond."""
    guess = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if guess.astimezone(zone).replace(tzinfo=None) == wall:
        return guess
    return _end_of_gap(wall, zone=zone)


def _end_of_gap(wall: datetime, *, zone: ZoneInfo) -> datetime:
    before = wall.replace(tzinfo=zone, fold=1, microsecond=0).astimezone(UTC)
    after = wall.replace(tzinfo=zone, fold=0, microsecond=0).astimezone(UTC) + timedelta(seconds=1)
    while after - before > timedelta(seconds=1):
        middle = (before + (after - before) / 2).replace(microsecond=0)
        if middle.astimezone(zone).replace(tzinfo=None) < wall:
            before = middle
        else:
            after = middle
    return after


def clock_words(minute: int) -> str:
    """A minute of the day as a clock shows it; the end of the day is 24:00."""
    return f"{minute // 60:02}:{minute % 60:02}"


def from_plain(plain: Mapping[str, Any]) -> Calendar:
    """The calendar written down as plain JSON values, as records and policy snapshots keep it.

    `week` is seven lists of [opens, closes] in minutes; days are ISO dates.

    :raises CalendarError: if it cannot be a calendar.
    """
    try:
        return Calendar(
            name=plain["name"],
            zone=ZoneInfo(plain["zone"]),
            week=tuple(
                tuple(Interval(opens=opens, closes=closes) for opens, closes in day)
                for day in plain["week"]
            ),
            holidays={date.fromisoformat(day): name for day, name in plain["holidays"].items()},
            known_until=date.fromisoformat(plain["known_until"]),
        )
    except CalendarError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError, OSError) as wrong:
        # ZoneInfo raises a KeyError for an unknown zone, and others for what is no name at all.
        raise CalendarError(f"A calendar cannot be read: {wrong}.") from wrong
