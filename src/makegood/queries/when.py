"""Moments as pages show them: for the machine, in words, and how far off."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from makegood.language import moments, spans
from makegood.rules.promises import Precision


class Dated(Protocol):
    """A promise, or a plain row of one, as far as its due time goes."""

    @property
    def due_at(self) -> datetime:
        """When it falls due."""

    @property
    def earliest_at(self) -> datetime | None:
        """When its window opens."""

    @property
    def precision(self) -> str:
        """Whether a moment or a whole day was promised."""

    @property
    def zone(self) -> str:
        """The customer's zone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class When:
    """One moment for a template: `iso` for `<time>`, `words` to read, `relative` to feel."""

    iso: str
    words: str
    relative: str
    in_full: str


def at(moment: datetime, *, now: datetime, zone: ZoneInfo) -> When:
    """A moment, as "17:00 today"."""
    return _when(moment, moments.at_in_words(moment, now=now, zone=zone), now=now, zone=zone)


def day(moment: datetime, *, now: datetime, zone: ZoneInfo) -> str:
    """The day of a moment alone, as "today" or "Friday 6 June"."""
    return moments.day_near(moment, now=now, zone=zone)


def clock(moment: datetime, *, zone: ZoneInfo) -> str:
    """The wall time of a moment alone, as "17:00"."""
    return moments.clock_in_words(moment, zone=zone)


def broken(promise: Dated, *, now: datetime, zone: ZoneInfo) -> When:
    """When a promise broke: at a clock time, or with the end of a day."""
    if promise.precision != Precision.DATE:
        return at(promise.due_at, now=now, zone=zone)
    day = moments.day_near(promise.due_at, now=now, zone=zone)
    return _when(promise.due_at, day, now=now, zone=zone)


def due(promise: Dated, *, now: datetime, zone: ZoneInfo) -> When:
    """When a promise falls due, as "by 17:00 today" or "between 08:00 and 12:00 tomorrow"."""
    return due_at(
        promise.due_at,
        earliest_at=promise.earliest_at,
        whole_day=promise.precision == Precision.DATE,
        now=now,
        zone=zone,
    )


def _is_open_for_days(
    earliest_at: datetime, due_at: datetime, *, now: datetime, zone: ZoneInfo
) -> bool:
    """Whether a window opened on an earlier day: then nobody plans by its beginning any more."""
    return earliest_at.astimezone(zone).date() < now.astimezone(zone).date() and now <= due_at


def due_at(
    moment: datetime,
    *,
    earliest_at: datetime | None = None,
    whole_day: bool = False,
    now: datetime,
    zone: ZoneInfo,
) -> When:
    """A due time or window, as `due` says it."""
    if earliest_at is None or _is_open_for_days(earliest_at, moment, now=now, zone=zone):
        words = moments.by_in_words(moment, now=now, zone=zone, whole_day=whole_day)
    else:
        words = moments.window_in_words(
            earliest_at, moment, now=now, zone=zone, whole_day=whole_day
        )
    return _when(moment, words, now=now, zone=zone)


def elsewhere(promise: Dated, *, now: datetime, zone: ZoneInfo) -> str:
    """The due time on the customer's clock, where that differs from the reader's; else empty."""
    theirs = ZoneInfo(promise.zone)
    if promise.due_at.astimezone(zone).utcoffset() == promise.due_at.astimezone(theirs).utcoffset():
        return ""
    words = due(promise, now=now, zone=theirs).words
    return f"{words}, {moments.zone_in_words(theirs)}"


def _when(moment: datetime, words: str, *, now: datetime, zone: ZoneInfo) -> When:
    in_full = f"{moments.in_words(moment, zone=zone)}, {moments.zone_in_words(zone)}"
    return When(
        iso=moment.isoformat(),
        words=words,
        relative=spans.relative(moment, now=now),
        in_full=in_full,
    )
