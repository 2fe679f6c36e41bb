"""How a due time came about, step by step in plain sentences that a person can check.

It walks the calendar anew, apart from the arithmetic in `workinghours`, and names each holiday
that was skipped and each day on which the clocks changed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from itertools import groupby
from typing import Final

from makegood.rules.amounts import DAYS_EACH, Amount, Unit
from makegood.rules.calendars import (
    DAY,
    DAYS_A_WEEK,
    MINUTES_A_DAY,
    WEEKDAYS,
    Calendar,
    Window,
    at_wall_time,
    clock_words,
    instant,
    local,
    open_windows,
    windows_of,
)

_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_SECOND: Final = timedelta(seconds=1)
# Longer runs of ordinary days are told in one sentence.
_LONGEST_LIST: Final = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class _Step:
    """What a day brings: a note about it, or the windows of it that count."""

    day: date
    note: str = ""
    windows: tuple[Window, ...] = ()

    @property
    def open_time(self) -> timedelta:
        return sum((window.closes - window.opens for window in self.windows), start=timedelta())


Run = list[_Step]


def explain(
    start: datetime, amount: Amount, *, due_at: datetime, calendar: Calendar
) -> tuple[str, ...]:
    """The sentences from the moment asked to the moment due."""
    return tuple(_Story(start=start, amount=amount, due_at=due_at, calendar=calendar).sentences())


@dataclass(frozen=True, kw_only=True, slots=True)
class _Story:
    start: datetime
    amount: Amount
    due_at: datetime
    calendar: Calendar

    def sentences(self) -> Iterator[str]:
        yield f"Asked on {self._moment(self.start)}, {self.calendar.zone}."
        yield from self._working() if self.amount.unit.is_working else self._elapsed()
        yield f"Due on {self._moment(self.due_at)}, {self.calendar.zone}."

    # ---- units that pass around the clock ------------------------------------------------

    def _elapsed(self) -> Iterator[str]:
        day, last = self._wall(self.start).date(), self._wall(self.due_at).date()
        while day <= last:
            yield from self._clock_notes(day)
            day += DAY
        if self.amount.unit not in DAYS_EACH:
            yield f"{self.amount} later, counted around the clock."
            return
        yield f"{self.amount} later, at the same time of day."
        yield from self._skipped_wall_time(self.amount.quantity * DAYS_EACH[self.amount.unit])

    def _skipped_wall_time(self, days: int) -> Iterator[str]:
        wanted = self._wall(self.start) + timedelta(days=days)
        if wanted != self._wall(self.due_at):
            yield (
                f"The clocks there skip {_clock(wanted)} on {_day(wanted.date())}; "
                f"the first moment after it counts."
            )

    # ---- units that pass during opening hours --------------------------------------------

    def _working(self) -> Iterator[str]:
        first, window = next(open_windows(self.calendar, since=self.start))
        opening = max(window.opens, self.start)
        day = self._wall(self.start).date()
        while day < first:
            yield from self._notes(day)
            day += DAY
        if opening > self.start:
            yield f"Closed then; counting from the opening on {self._moment(opening)}."
        if self.amount.unit is Unit.WORKING_DAYS:
            yield from self._working_days(first, opening=opening)
        else:
            yield from self._working_time(first, opening=opening)

    def _working_days(self, first: date, *, opening: datetime) -> Iterator[str]:
        steps = list(self._day_steps(first))
        yield from self._closed_weekdays(first, steps[-1].day)
        number = 0
        for run in _runs(steps):
            if run[0].note:
                yield from (step.note for step in run)
            else:
                yield from _numbered(run, after=number)
                number += len(run)
        yield from self._moved_into_hours(opening, by=steps[-1].day - first)

    def _day_steps(self, first: date) -> Iterator[_Step]:
        left, day = self.amount.quantity, first
        while left:
            yield from (_Step(day=day, note=note) for note in self._notes(day))
            windows = windows_of(day, calendar=self.calendar)
            if day > first and windows:
                yield _Step(day=day, windows=windows)
                left -= 1
            day += DAY

    def _moved_into_hours(self, opening: datetime, *, by: timedelta) -> Iterator[str]:
        wall = self._wall(opening) + by
        same_time = at_wall_time(wall, zone=self.calendar.zone)
        if self.due_at > same_time:
            yield f"Closed at {_clock(wall)} on that day; due when it opens after that."
        if self.due_at < same_time:
            yield f"Closed at {_clock(wall)} on that day; due when it closes before that."

    def _working_time(self, first: date, *, opening: datetime) -> Iterator[str]:
        steps = list(self._time_steps(first, opening=opening))
        yield from self._closed_weekdays(first, steps[-1].day)
        for run in _runs(steps):
            if run[0].note:
                yield from (step.note for step in run)
            elif len(run) <= _LONGEST_LIST:
                yield from (self._one_day(step) for step in run)
            else:
                total = sum((step.open_time for step in run), start=timedelta())
                yield f"{_first_to_last(run)}: {_span(total)} counted."

    def _time_steps(self, first: date, *, opening: datetime) -> Iterator[_Step]:
        day = first
        while instant(day, 0, zone=self.calendar.zone) < self.due_at:
            yield from (_Step(day=day, note=note) for note in self._notes(day))
            counted = tuple(
                Window(opens=max(window.opens, opening), closes=min(window.closes, self.due_at))
                for window in windows_of(day, calendar=self.calendar)
                if window.opens < self.due_at and window.closes > opening
            )
            if counted:
                yield _Step(day=day, windows=counted)
            day += DAY

    def _one_day(self, step: _Step) -> str:
        hours = [self._hours(window, day=step.day) for window in step.windows]
        return f"{_day(step.day)}: {_span(step.open_time)} counted, {_listed(hours)}."

    def _hours(self, window: Window, *, day: date) -> str:
        closes = self._wall(window.closes)
        until = _clock(closes) if closes.date() == day else clock_words(MINUTES_A_DAY)
        return f"{_clock(self._wall(window.opens))} to {until}"

    def _closed_weekdays(self, first: date, last: date) -> Iterator[str]:
        days = (first + DAY * i for i in range(min((last - first).days + 1, DAYS_A_WEEK)))
        weekdays = sorted(day.weekday() for day in days)
        if closed := [WEEKDAYS[i] for i in weekdays if not self.calendar.week[i]]:
            yield f"Closed on {_listed(closed)}."

    # ---- what is worth a note ------------------------------------------------------------

    def _notes(self, day: date) -> Iterator[str]:
        yield from self._clock_notes(day)
        if day in self.calendar.holidays and self.calendar.week[day.weekday()]:
            yield f"{_day(day)}: closed, {self.calendar.holidays[day]}."

    def _clock_notes(self, day: date) -> Iterator[str]:
        begins = instant(day, 0, zone=self.calendar.zone)
        ends = instant(day + DAY, 0, zone=self.calendar.zone)
        if begins == ends:
            yield f"{_day(day)}: there was no such day, {self.calendar.zone} skipped it."
        # A second early: a change at midnight belongs to the day that it begins.
        before, after = max(begins - _SECOND, self.start), min(ends - _SECOND, self.due_at)
        if before < after and (change := self._offset(after) - self._offset(before)):
            turn = "forward" if change > timedelta() else "back"
            yield f"{_day(day)}: the clocks go {turn} by {_span(abs(change))}."

    def _offset(self, moment: datetime) -> timedelta:
        return local(moment, zone=self.calendar.zone).utcoffset() or timedelta()

    def _wall(self, moment: datetime) -> datetime:
        return local(moment, zone=self.calendar.zone).replace(tzinfo=None)

    def _moment(self, moment: datetime) -> str:
        wall = self._wall(moment)
        # The offset tells the first 02:30 from the second on the night when clocks go back.
        return f"{_day(wall.date())} at {_clock(wall)} ({timezone(self._offset(moment))})"


def _runs(steps: list[_Step]) -> Iterator[Run]:
    return (list(group) for _, group in groupby(steps, key=lambda step: bool(step.note)))


def _numbered(run: Run, *, after: int) -> Iterator[str]:
    if len(run) > _LONGEST_LIST:
        yield f"{_first_to_last(run)}: working days {after + 1} to {after + len(run)}."
        return
    for number, step in enumerate(run, start=after + 1):
        yield f"{_day(step.day)}: working day {number}."


def _first_to_last(run: Run) -> str:
    return f"{_day(run[0].day)} to {_day(run[-1].day)}"


def _listed(names: list[str]) -> str:
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def _day(day: date) -> str:
    return f"{WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"


def _clock(wall: datetime) -> str:
    return f"{wall:%H:%M:%S}" if wall.second else f"{wall:%H:%M}"


def _span(span: timedelta) -> str:
    seconds = round(span.total_seconds())
    parts = ((seconds // 3600, "hour"), (seconds // 60 % 60, "minute"), (seconds % 60, "second"))
    said = (f"{count} {noun}{'' if count == 1 else 's'}" for count, noun in parts if count)
    return " ".join(said) or "less than a second"
