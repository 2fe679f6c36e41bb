"""Moments and spans on people's clocks: what was typed, what comes twice, how a span is cut."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_DAYS_SAID_WITH_HOURS = 3


class SkippedTimeError(ValueError):
    """A wall time that the clocks jumped over, so that it never came."""

    def __init__(self, wall: datetime) -> None:
        self.wall = wall
        super().__init__(
            f"The clocks go forward that night, and {wall:%H:%M} does not come; give another time."
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Length:
    """A span as it is said: in minutes, in hours and minutes, in days and hours, or in days."""

    days: int = 0
    hours: int = 0
    minutes: int = 0


def rounded_down(span: timedelta) -> Length:
    """A span cut to its two largest units, so that nobody is told of more time than there is."""
    if span < _DAY:
        return Length(hours=span // _HOUR, minutes=(span % _HOUR) // _MINUTE)
    days = span // _DAY
    return Length(days=days, hours=(span % _DAY) // _HOUR if days < _DAYS_SAID_WITH_HOURS else 0)


def comes_twice(moment: datetime, *, zone: ZoneInfo) -> bool:
    """Whether the wall time of a moment comes twice, since the clocks go back around it."""
    wall = moment.astimezone(zone)
    return wall.utcoffset() != wall.replace(fold=1 - wall.fold).utcoffset()


def from_wall(wall: datetime, *, zone: ZoneInfo) -> datetime:
    """The instant of a wall time that somebody typed; a time that comes twice is its first.

    :raises SkippedTimeError: if the clocks jumped over it.
    """
    moment = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != wall:
        raise SkippedTimeError(wall)
    return moment
