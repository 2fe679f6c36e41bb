"""The word that somebody calls within an hour: said on a page, after a voicemail, or once more.

Whoever was promised a call and got none is promised another one, in an hour in which somebody is
there who can make it: calls are spread over the hours, the most severe and the oldest first.
"""

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Count
from django.utils.translation import gettext as _

from makegood.actions.drafts import Hearer, Word
from makegood.actions.policies import Terms
from makegood.actions.telling import Rosters
from makegood.language import choice, moments
from makegood.records.models import Promise, PromiseKind
from makegood.records.rosters import read_sharers
from makegood.rules.calendars import Window
from makegood.rules.callbacks import room_for, windows_again
from makegood.rules.promises import Channel, Speaker
from makegood.rules.severity import Severity


def call_word(window: Window, *, name: str, hearer: Hearer, calendar: str, now: datetime) -> Word:
    """The word that somebody calls in a window of a calendar, in the customer's language."""
    return Word(
        kind=PromiseKind.CALLBACK,
        words=call_sentence(window, name=name, hearer=hearer),
        speaker=Speaker.SYSTEM,
        speaker_name="Makegood",
        channel=Channel.WEB,
        said_at=now,
        earliest_at=window.opens,
        due_at=window.closes,
        trace=(f"An hour of the calendar {calendar}.",),
    )


def call_sentence(window: Window, *, name: str, hearer: Hearer) -> str:
    """Who calls when, on the customer's clock and in their language."""
    zone = ZoneInfo(hearer.zone)
    with choice.speaking(hearer.language):
        start, end = (moments.clock_in_words(at, zone=zone) for at in (window.opens, window.closes))
        return _("%(owner)s calls you between %(start)s and %(end)s on %(day)s.") % {
            "owner": name,
            "start": start,
            "end": end,
            "day": moments.day_in_words(window.opens, zone=zone),
        }


def said_now(call: Promise, *, now: datetime) -> str:
    """A promised call in a window as a letter says it: by whom, if somebody is away by now."""
    case, opens = call.case, call.earliest_at or call.due_at
    window = Window(opens=opens, closes=call.due_at)
    hearer = Hearer(zone=case.customer.zone, language=case.customer.language)
    caller = Rosters(now=now).who_calls(team=case.team_id, owner=case.owner_id, window=window)
    return call_sentence(window, name=caller.name if caller else case.owner.name, hearer=hearer)


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """A call that is to be promised: for the case of which owner and team, and how severe it is."""

    owner: int
    owner_name: str
    team: int
    severity: Severity
    hearer: Hearer
    terms: Terms


@dataclass(kw_only=True, slots=True)
class Calls:
    """The calls that are promised as of one moment, each in the first hour with room for it.

    An hour has room if the owner, or who covers for them, is there and has not promised as many
    calls as they can make. The hours are found once for all who share a policy.

    A call counts for the owner of its case and for whoever makes it. Read are the calls of those
    who share callers with `owners`, so many of each owner and hour; and until this transaction
    ends nobody else promises a call once more, so that two at once cannot overfill an hour.
    """

    now: datetime
    rosters: Rosters
    owners: frozenset[int]
    _windows: dict[int, tuple[Window, ...]] = field(default_factory=dict)
    _full: dict[tuple[int, int, int, Severity], int] = field(default_factory=dict)
    _promised: dict[int, list[datetime]] | None = None

    def word(self, wanted: Wanted) -> Word | None:
        """The word to one customer; none where the calendar is not known far enough."""
        found = self._find(wanted)
        if found is None:
            return None
        window, name = found
        known = self._known()
        for one in self._burdened(wanted.team, wanted.owner, window):
            insort(known[one], window.closes)
        return call_word(
            window,
            name=name,
            hearer=wanted.hearer,
            calendar=wanted.terms.calendar.name,
            now=self.now,
        )

    def _find(self, wanted: Wanted) -> tuple[Window, str] | None:
        windows = self._of(wanted.terms)
        # What was full for somebody stays so for whoever is no more severe: calls are only added.
        key = wanted.owner, wanted.team, wanted.terms.id, wanted.severity
        for place in range(self._full.get(key, 0), len(windows)):
            window = windows[place]
            caller = self.rosters.who_calls(team=wanted.team, owner=wanted.owner, window=window)
            room = room_for(wanted.severity, window=window)
            if caller is not None and self._taken(window, caller.id) < room:
                self._full[key] = place
                return window, caller.name
        self._full[key] = len(windows)
        return self._least(windows, wanted)

    def _least(self, windows: tuple[Window, ...], wanted: Wanted) -> tuple[Window, str] | None:
        """Where nobody is there or everything is full, the emptiest hour of the office.

        A call is never given up: if this one breaks too, somebody higher up hears of it.
        """
        if not windows:
            return None
        emptiest = min(windows, key=lambda window: self._taken(window, wanted.owner))
        return emptiest, wanted.owner_name

    def _of(self, terms: Terms) -> tuple[Window, ...]:
        if terms.id not in self._windows:
            self._windows[terms.id] = windows_again(terms.calendar, now=self.now)
        return self._windows[terms.id]

    def _taken(self, window: Window, person: int) -> int:
        due = self._known()[person]
        return bisect_right(due, window.closes) - bisect_right(due, window.opens)

    def _burdened(self, team: int, owner: int, window: Window) -> set[int]:
        caller = self.rosters.who_calls(team=team, owner=owner, window=window)
        return {owner, caller.id} if caller else {owner}

    def _known(self) -> dict[int, list[datetime]]:
        """When the calls are due that are promised already, by owner and by who makes them."""
        if self._promised is None:
            _wait_for_other_calls()
            self._promised = defaultdict(list)
            for team, owner, opens, due_at, calls in self._read():
                window = Window(opens=opens or due_at, closes=due_at)
                for one in self._burdened(team, owner, window):
                    self._promised[one] += [due_at] * calls
        return self._promised

    def _read(self) -> Iterable[tuple[int, int, datetime | None, datetime, int]]:
        calls = Promise.objects.still_open().filter(
            kind=PromiseKind.CALLBACK,
            due_at__gt=self.now,
            case__owner__in=read_sharers(self.owners, now=self.now),
        )
        hours = calls.values_list("case__team", "case__owner", "earliest_at", "due_at")
        return hours.annotate(calls=Count("pk")).order_by("due_at")


def _wait_for_other_calls() -> None:
    # What is read after it was committed before it: hence a statement of its own.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('makegood calls'))")
