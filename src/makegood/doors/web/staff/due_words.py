"""A due time beside the words that promise it: taken from them, or held against them.

What was read in the words is never recorded unseen: the page shows it as one types, or the form
comes back once with it filled in.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.actions import gate
from makegood.doors.access import StaffRequest
from makegood.doors.web.staff.fields import DueFields
from makegood.language.moments import by_in_words, window_in_words
from makegood.records.models import Case
from makegood.rules import promises
from makegood.rules.capture.kinds import Kind
from makegood.rules.gate import own_times
from makegood.rules.gate.facts import Window
from makegood.rules.timewords.moment import Due, Frame, Precision

FrameAt = Callable[[datetime | None], Frame]


_DUE = ("due_on", "due_time", "from_on", "from_time")


@dataclass(frozen=True, kw_only=True, slots=True)
class Filled:
    """A due time as the four fields of a form hold it, and in words."""

    due_on: date | None
    due_time: time | None
    from_on: date | None
    from_time: time | None
    when: str = ""

    @property
    def key(self) -> str:
        """By which a form says that this was read."""
        return " ".join(self.typed().values())

    def typed(self) -> dict[str, str]:
        """The four, as browsers send them."""
        return {
            "due_on": self.due_on.isoformat() if self.due_on else "",
            "due_time": f"{self.due_time:%H:%M}" if self.due_time else "",
            "from_on": self.from_on.isoformat() if self.from_on else "",
            "from_time": f"{self.from_time:%H:%M}" if self.from_time else "",
        }

    def completes(self, other: "Filled") -> bool:
        """Whether this says all that the other says, or more."""
        pairs = zip(other.typed().values(), self.typed().values(), strict=True)
        return all(theirs in {"", ours} for theirs, ours in pairs)


def frame_at(request: StaffRequest, case: Case) -> FrameAt:
    """In which frame words to a case's customer are read, by when they were said; None is now."""

    def at(said_at: datetime | None) -> Frame:
        frame = gate.known_of(case.pk, now=request.now).frame
        return replace(frame, now=min(said_at or request.now, request.now))

    return at


class SaidDueFields(DueFields):
    """When something is due, as its `words` say or as it is typed.

    `speaks_of` are the kinds of promise that the due time can be of: other times in the words are
    of something else. `has_opening`: whether it is recorded from when as well.
    """

    speaks_of: frozenset[Kind] = own_times.EVERY
    has_opening = True

    def __init__(self, *args: Any, frame_at: FrameAt, **kwargs: Any) -> None:  # noqa: ANN401 - passed through
        self.frame_at = frame_at
        self.takes_unseen = False
        """Whether nothing is recorded, so that what was read may be weighed before it is seen."""
        self.in_words: Filled | None = None
        """What the words say, where that is more than what is typed, or something else."""
        self.is_taken = False
        self.otherwise: Due | None = None
        """The time that the words say instead of the one that is typed."""
        super().__init__(*args, **kwargs)
        self.fields["due_on"].required = False
        self.fields["due_on"].help_text = gettext_lazy("Empty: the day that your words name.")

    def clean(self) -> dict[str, Any]:
        """Hold what is typed against the words, and take from them what is not typed."""
        cleaned = super().clean() or self.cleaned_data
        words = (cleaned.get("words") or "").strip()
        if not words or self.errors.keys() & {*_DUE, "said_at"}:
            return cleaned
        frame = self.frame_at(cleaned.get("said_at"))
        self._read(words, frame=frame)
        return self.cleaned_data

    def _read(self, words: str, *, frame: Frame) -> None:
        typed = self._typed()
        self.otherwise = self._other_time(words, frame=frame)
        if typed.due_on is None or self.otherwise is not None:
            said = own_times.said_when(words, frame=frame, of=self.speaks_of)
            if said and not self.has_opening:
                said = replace(said, earliest=None)
            self.in_words = _filled(said, frame=frame, zone=self.due_zone) if said else None
        if self.in_words is not None and self.in_words.completes(typed):
            self.otherwise = None
            self._take(self.in_words)
            return
        if typed.due_on is None and typed.due_time is not None:  # a time alone is today's
            self.cleaned_data["due_on"] = frame.today
            self.set_instants()
            self.otherwise = self._other_time(words, frame=frame)
        if self.otherwise is not None:
            self._refuse(self.otherwise, frame=frame)
        elif self.cleaned_data.get("due_at") is None and not self.has_error("due_on"):
            self.add_error("due_on", _("Say by when: here, or in the words."))

    def _typed(self) -> Filled:
        given = self.cleaned_data
        return Filled(
            due_on=given.get("due_on"),
            due_time=given.get("due_time"),
            from_on=given.get("from_on"),
            from_time=given.get("from_time"),
        )

    def as_said(self) -> dict[str, Any] | None:
        """What is typed, with the time that the words say; None while something is missing."""
        if self.errors.keys() - {"due_on"} or self.cleaned_data.get("due_at") is None:
            return None
        if self.otherwise is None:
            return self.cleaned_data if self.is_valid() else None
        said = self.otherwise
        return self.cleaned_data | {
            "due_at": said.due,
            "earliest_at": _opens(said, zone=self.due_zone),
            "precision": promises.Precision(said.precision.value),
        }

    def _other_time(self, words: str, *, frame: Frame) -> Due | None:
        if self.cleaned_data.get("due_at") is None:
            return None
        typed = self._due_typed()
        window = Window(
            key="promise:typed",
            kinds=frozenset(),
            due=self.cleaned_data["due_at"],
            earliest=typed.earliest,
            is_day=typed.precision is Precision.DATE,
            since=frame.now,
            is_own=True,
        )
        other = own_times.other_time(words, window, frame=frame, of=self.speaks_of)
        if other is not None and not self.has_opening:
            other = None if other.due == window.due else replace(other, earliest=None)
        return other

    def _due_typed(self) -> Due:
        given = self.cleaned_data
        return Due(
            earliest=given.get("earliest_at"),
            due=given["due_at"],
            precision=Precision(given["precision"].value),
        )

    def _take(self, said: Filled) -> None:
        """Fill in what the words say; the first time it is only shown."""
        if self.takes_unseen or self.data.get("read") == said.key:
            self.is_taken = True
            self.cleaned_data.update({name: getattr(said, name) for name in _DUE})
            self.set_instants()
            return
        filled = cast("QueryDict", self.data).copy()
        for name, value in said.typed().items():
            filled[name] = value
        self.data = filled
        shown = _("So the words say: %(when)s. Change it, or send it once more.")
        self.add_error("due_on", shown % {"when": said.when})

    def _refuse(self, said: Due, *, frame: Frame) -> None:
        differ = _("The words say %(words)s, and here stands %(typed)s. Make them the same.")
        words, typed = (
            _when(due, frame=frame, zone=self.due_zone) for due in (said, self._due_typed())
        )
        self.add_error("due_on", differ % {"words": words, "typed": typed})


def _filled(said: Due, *, frame: Frame, zone: ZoneInfo) -> Filled | None:
    """A time that was read, as the fields hold it: to the minute, and a day without its hours."""
    if said.due is None:
        return None
    by_day = said.precision is Precision.DATE
    due, opens = said.due.astimezone(zone), _opens(said, zone=zone)
    return Filled(
        due_on=due.date(),
        due_time=None if by_day else _to_minute(due),
        from_on=opens.date() if opens else None,
        from_time=None if opens is None or by_day else _to_minute(opens),
        when=_when(said, frame=frame, zone=zone),
    )


def _to_minute(moment: datetime) -> time:
    return moment.time().replace(second=0, microsecond=0)


def _opens(said: Due, *, zone: ZoneInfo) -> datetime | None:
    """When its window opens on the wall; None for a moment, or for one day."""
    if said.earliest is None or said.due is None or said.earliest >= said.due:
        return None
    opens, due = said.earliest.astimezone(zone), said.due.astimezone(zone)
    is_one_day = said.precision is Precision.DATE and opens.date() == due.date()
    return None if is_one_day else opens


def _when(said: Due, *, frame: Frame, zone: ZoneInfo) -> str:
    """A time in words, on the customer's clock."""
    if said.due is None:
        return ""
    by_day = said.precision is Precision.DATE
    opens = _opens(said, zone=zone)
    if opens is not None:
        return window_in_words(opens, said.due, now=frame.now, zone=zone, whole_day=by_day)
    return by_in_words(said.due, now=frame.now, zone=zone, whole_day=by_day)
