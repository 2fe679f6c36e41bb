"""The word that somebody calls within an hour: said on a page, after a voicemail, or once more.

Whoever was promised a call and got none is promised another one, in an hour of its own.
"""

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from makegood.actions.drafts import Hearer, Word
from makegood.actions.policies import Terms
from makegood.language import choice, moments
from makegood.records.models import PromiseKind
from makegood.rules.calendars import Window
from makegood.rules.callbacks import call_windows
from makegood.rules.promises import Channel, Speaker


def call_word(
    window: Window, *, owner_name: str, hearer: Hearer, calendar: str, now: datetime
) -> Word:
    """The word that the owner calls in a window of a calendar, in the customer's language."""
    zone = ZoneInfo(hearer.zone)
    with choice.speaking(hearer.language):
        start, end = (moments.clock_in_words(at, zone=zone) for at in (window.opens, window.closes))
        words = _("%(owner)s calls you between %(start)s and %(end)s on %(day)s.") % {
            "owner": owner_name,
            "start": start,
            "end": end,
            "day": moments.day_in_words(window.opens, zone=zone),
        }
    return Word(
        kind=PromiseKind.CALLBACK,
        words=words,
        speaker=Speaker.SYSTEM,
        speaker_name="Makegood",
        channel=Channel.WEB,
        said_at=now,
        earliest_at=window.opens,
        due_at=window.closes,
        trace=(f"An hour of the calendar {calendar}.",),
    )


@dataclass(kw_only=True, slots=True)
class Calls:
    """The calls that are promised once more as of one moment, each in the next hour of an office.

    The hour is found once for all who share a policy.
    """

    now: datetime
    _hours: dict[int, Window | None] = field(default_factory=dict)

    def word(self, *, owner_name: str, hearer: Hearer, terms: Terms) -> Word | None:
        """The word to one customer; none where the calendar is not known far enough."""
        window = self._hour(terms)
        if window is None:
            return None
        return call_word(
            window, owner_name=owner_name, hearer=hearer, calendar=terms.calendar.name, now=self.now
        )

    def _hour(self, terms: Terms) -> Window | None:
        if terms.id not in self._hours:
            windows = call_windows(terms.calendar, now=self.now)
            self._hours[terms.id] = windows[0] if windows else None
        return self._hours[terms.id]
