"""The windows in which a customer can ask to be called, by day, on the customer's own clock."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from makegood.queries import when
from makegood.rules.calendars import Calendar, Window
from makegood.rules.callbacks import call_windows


@dataclass(frozen=True, kw_only=True, slots=True)
class CallTime:
    """One window: `value` is what a form sends, the second in which it opens."""

    value: int
    words: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CallDay:
    """The windows of one day of the customer's."""

    words: str
    times: tuple[CallTime, ...]


def read_days(hours: Calendar, *, now: datetime, zone: ZoneInfo) -> tuple[CallDay, ...]:
    """The windows that are offered now, in an office's hours."""
    windows = call_windows(hours, now=now)
    by_day = groupby(windows, key=lambda window: window.opens.astimezone(zone).date())
    return tuple(_day(tuple(group), now=now, zone=zone) for _day_, group in by_day)


def _day(windows: tuple[Window, ...], *, now: datetime, zone: ZoneInfo) -> CallDay:
    times = tuple(
        CallTime(
            value=int(window.opens.timestamp()),
            words=_("%(opens)s to %(closes)s, %(day)s")
            % {
                "opens": when.clock(window.opens, zone=zone),
                "closes": when.clock(window.closes, zone=zone),
                "day": when.day(window.opens, now=now, zone=zone),
            },
        )
        for window in windows
    )
    return CallDay(words=when.day(windows[0].opens, now=now, zone=zone), times=times)
