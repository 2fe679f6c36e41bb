"""The frame that words about time are read in, and what they come to."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from makegood.rules import promises
from makegood.rules.calendars import DAY, Calendar, at_wall_time, local


class Precision(StrEnum):
    """What the words fix: a clock time, a day, a coming round without its date, or nothing."""

    INSTANT = "instant"
    DATE = "date"
    ROUND = "round"
    NONE = "none"


@dataclass(frozen=True, kw_only=True, slots=True)
class Frame:
    """The moment, the zone, and for working days the calendar, in which words were said."""

    now: datetime
    zone: ZoneInfo
    calendar: Calendar | None = None
    day_first: bool = False

    @property
    def today(self) -> date:
        """The local day."""
        return local(self.now, zone=self.zone).date()

    def at(self, day: date, clock: time) -> datetime:
        """The instant of a wall time."""
        return at_wall_time(datetime.combine(day, clock), zone=self.zone)

    def start_of(self, day: date) -> datetime:
        """The first instant of a day."""
        return self.at(day, time())

    def end_of(self, day: date) -> datetime:
        """By when a word given for a day is to be kept."""
        return promises.end_of_day(day, self.zone).astimezone(UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Due:
    """From when and by when, as far as the words say; nothing where they name no date."""

    earliest: datetime | None = None
    due: datetime | None = None
    precision: Precision = Precision.NONE


@dataclass(frozen=True, kw_only=True, slots=True)
class TimeWords:
    """Words that say when: their place in the text, the words, and what they come to."""

    start: int
    end: int
    words: str
    kind: str
    is_past: bool = False
    meaning: Due = field(default_factory=Due)


def last_of_month(day: date) -> date:
    """The last day of the month of a day."""
    following = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return following - DAY


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day."""
    index = day.year * 12 + day.month - 1 + months
    first = date(index // 12, index % 12 + 1, 1)
    return first.replace(day=min(day.day, last_of_month(first).day))
