"""Moments in words, as one renderer for page, mail and promise: in full, in the reader's zone."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_NEAR = {-1: "yesterday", 0: "today", 1: "tomorrow"}
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


def in_words(moment: datetime, *, zone: ZoneInfo) -> str:
    """A moment as "17:00 on Friday 6 June 2026", in the zone's wall time.

    Spelled out here rather than by the locale of the machine, which may differ between two
    processes that must say the same.
    """
    return f"{clock_in_words(moment, zone=zone)} on {day_in_words(moment, zone=zone)}"


def day_in_words(moment: datetime, *, zone: ZoneInfo) -> str:
    """The local day of a moment as "Friday 6 June 2026"."""
    return f"{_day(moment.astimezone(zone))} {moment.astimezone(zone).year}"


def clock_in_words(moment: datetime, *, zone: ZoneInfo) -> str:
    """The wall time as "17:00", or "01:30 BST" in the hour that comes twice."""
    wall = moment.astimezone(zone)
    twice = wall.utcoffset() != wall.replace(fold=1 - wall.fold).utcoffset()
    return f"{wall:%H:%M %Z}" if twice else f"{wall:%H:%M}"


def day_near(moment: datetime, *, now: datetime, zone: ZoneInfo) -> str:
    """The local day as seen from `now`: "today", "tomorrow", "on Friday 6 June"; else the year."""
    wall, today = moment.astimezone(zone), now.astimezone(zone)
    near = _NEAR.get((wall.date() - today.date()).days)
    if near is not None:
        return near
    year = "" if wall.year == today.year else f" {wall.year}"
    return f"on {_day(wall)}{year}"


def at_in_words(moment: datetime, *, now: datetime, zone: ZoneInfo) -> str:
    """A moment as "17:00 today" or "17:00 on Friday 6 June"."""
    return f"{clock_in_words(moment, zone=zone)} {day_near(moment, now=now, zone=zone)}"


def by_in_words(due_at: datetime, *, now: datetime, zone: ZoneInfo, whole_day: bool = False) -> str:
    """A due time as "by 17:00 today"; one for a whole day as "by the end of Friday 6 June"."""
    if not whole_day:
        return f"by {at_in_words(due_at, now=now, zone=zone)}"
    return f"by the end of {day_near(due_at, now=now, zone=zone).removeprefix('on ')}"


def window_in_words(
    earliest_at: datetime, due_at: datetime, *, now: datetime, zone: ZoneInfo, whole_day: bool
) -> str:
    """A window as "between 08:00 and 12:00 today", or between two days."""
    opens, closes = (day_near(moment, now=now, zone=zone) for moment in (earliest_at, due_at))
    if whole_day:
        return f"between {opens.removeprefix('on ')} and {closes.removeprefix('on ')}"
    start, end = (clock_in_words(moment, zone=zone) for moment in (earliest_at, due_at))
    if opens == closes:
        return f"between {start} and {end} {closes}"
    return f"between {start} {opens} and {end} {closes}"


def relative(moment: datetime, *, now: datetime) -> str:
    """How far off a moment is: "in 22 min", "3 h 10 min ago".

    Rounded towards now, so that it never says that there is more time than there is.
    """
    gap = moment - now
    if abs(gap) < _MINUTE:
        return "in less than a minute" if gap > timedelta(0) else "just now"
    words = length(abs(gap))
    return f"in {words}" if gap > timedelta(0) else f"{words} ago"


def length(span: timedelta) -> str:
    """A span as "22 min", "3 h 10 min", "2 days 4 h" or "9 days", rounded down."""
    if span < _HOUR:
        return f"{span // _MINUTE} min"
    if span < _DAY:
        return _two(span // _HOUR, "h", (span % _HOUR) // _MINUTE, "min")
    days = span // _DAY
    unit = "day" if days == 1 else "days"
    hours = (span % _DAY) // _HOUR if days < _DAYS_SAID_WITH_HOURS else 0
    return _two(days, unit, hours, "h")


def from_wall(wall: datetime, *, zone: ZoneInfo) -> datetime:
    """The instant of a wall time that somebody typed; a time that comes twice is its first.

    :raises SkippedTimeError: if the clocks jumped over it.
    """
    moment = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != wall:
        raise SkippedTimeError(wall)
    return moment


def zone_in_words(zone: ZoneInfo) -> str:
    """The zone as people say it: "London time" for Europe/London, "UTC" as it is."""
    place = zone.key.rpartition("/")[2].replace("_", " ")
    return place if zone.key in {"UTC", "GMT", "Etc/UTC"} else f"{place} time"


def _day(wall: datetime) -> str:
    return f"{_DAYS[wall.weekday()]} {wall.day} {_MONTHS[wall.month - 1]}"


def _two(large: int, large_unit: str, small: int, small_unit: str) -> str:
    return f"{large} {large_unit} {small} {small_unit}" if small else f"{large} {large_unit}"
