"""Local times without a zone become moments in UTC, whole columns at once.

The same answer as `rules.calendars.at_wall_time`, which takes them one by one: a time that the
clocks skip is the first moment after the gap; a time that comes twice is its first coming.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from makegood.rules import promises

Moments = npt.NDArray[np.int64]
Marks = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]

# Moments are microseconds since 1970 in UTC; this one stands for "none".
NONE: Final = np.iinfo(np.int64).min
SECOND: Final = 1_000_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
LAST_YEAR: Final = 2200
_LAST: Final = (datetime(LAST_YEAR, 1, 1, tzinfo=UTC) - EPOCH) // timedelta(microseconds=1)
_MICROSECOND: Final = timedelta(microseconds=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Placed:
    """Wall times placed in UTC, and which of them the clocks skipped or showed twice."""

    moments: Moments
    skipped: Marks
    twice: Marks


def place(walls: Moments, *, zone: ZoneInfo) -> Placed:
    """Put wall times (microseconds as if they were UTC) on the time line of a zone."""
    known = believable(walls)
    moments = walls.copy()
    skipped = np.zeros(len(walls), dtype=np.bool_)
    twice = np.zeros(len(walls), dtype=np.bool_)
    if known.any():
        some = walls[known]
        steps = _steps(zone, since=int(some.min()), until=int(some.max()))
        moments[known], skipped[known], twice[known] = _place_known(some, steps=steps, zone=zone)
    return Placed(moments=moments, skipped=skipped, twice=twice)


def second_coming(moments: Moments, *, zone: ZoneInfo) -> Moments:
    """The later moment with the same wall time, where the clocks showed it twice."""
    shifted = [
        micros(at_second.astimezone(UTC))
        for at_second in (moment(m).astimezone(zone).replace(fold=1) for m in moments.tolist())
    ]
    return np.array(shifted, dtype=np.int64)


def walls_of(moments: Moments, *, zone: ZoneInfo) -> Moments:
    """The wall time in a zone of moments, none of which may be NONE."""
    if len(moments) == 0:
        return moments.copy()
    since, until = int(moments.min()), int(moments.max())
    steps = _steps(zone, since=since, until=until)
    offsets = np.array([_offset(since - 2 * DAY, zone=zone), *(after for _, _, after in steps)])
    at = np.array([moment for moment, _, _ in steps], dtype=np.int64)
    return np.asarray(moments + offsets[np.searchsorted(at, moments, side="right")])


def ends_of_days(walls: Moments, *, zone: ZoneInfo) -> Moments:
    """The last moment of the local day of each wall time: when a promise "by Friday" is due."""
    days, which = np.unique(walls // DAY, return_inverse=True)
    ends = [
        micros(promises.end_of_day(date.fromordinal(_ORDINAL_1970 + day), zone))
        for day in days.tolist()
    ]
    return np.array(ends, dtype=np.int64)[which]


def moment(micros_since_1970: int) -> datetime:
    """A moment as an aware datetime in UTC."""
    return EPOCH + timedelta(microseconds=micros_since_1970)


def micros(at: datetime) -> int:
    """An aware datetime as microseconds since 1970."""
    return (at - EPOCH) // _MICROSECOND


def believable(moments: Moments) -> Marks:
    """Which moments lie between 1970 and 2200: others are placeholders or slips."""
    return np.asarray((moments >= 0) & (moments < _LAST), dtype=np.bool_)


_ORDINAL_1970: Final = date(1970, 1, 1).toordinal()


def _place_known(
    walls: Moments, *, steps: list[tuple[int, int, int]], zone: ZoneInfo
) -> tuple[Moments, Marks, Marks]:
    first = _offset(int(walls.min()) - 2 * DAY, zone=zone)
    offsets = np.array([first, *(after for _, _, after in steps)], dtype=np.int64)
    # Until its end in old wall time, the old offset holds: so the first of two comings is taken.
    ends = np.array([at + before for at, before, _ in steps], dtype=np.int64)
    moments = walls - offsets[np.searchsorted(ends, walls, side="right")]
    skipped = np.zeros(len(walls), dtype=np.bool_)
    twice = np.zeros(len(walls), dtype=np.bool_)
    for at, before, after in steps:
        if after > before:
            gap = (walls >= at + before) & (walls < at + after)
            moments[gap] = at
            skipped |= gap
        else:
            twice |= (walls >= at + after) & (walls < at + before)
    return moments, skipped, twice


def _steps(zone: ZoneInfo, *, since: int, until: int) -> list[tuple[int, int, int]]:
    """Each change of a zone's offset as (moment, offset before, offset after), in order."""
    days = range(since // DAY - 2, until // DAY + 3)
    offsets = [_offset(day * DAY, zone=zone) for day in days]
    return [
        _step_between(day * DAY, (day + 1) * DAY, zone=zone)
        for day, before, after in zip(days, offsets, offsets[1:], strict=False)
        if before != after
    ]


def _step_between(low: int, high: int, *, zone: ZoneInfo) -> tuple[int, int, int]:
    before, after = _offset(low, zone=zone), _offset(high, zone=zone)
    while high - low > SECOND:
        middle = (low + high) // 2 // SECOND * SECOND
        if _offset(middle, zone=zone) == before:
            low = middle
        else:
            high = middle
    return high, before, after


def _offset(at: int, *, zone: ZoneInfo) -> int:
    offset = moment(at).astimezone(zone).utcoffset()
    return 0 if offset is None else offset // _MICROSECOND
