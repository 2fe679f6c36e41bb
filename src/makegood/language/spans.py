"""Spans of time in words: how long something took, how far off a moment is."""

from datetime import datetime, timedelta
from functools import lru_cache

from django.utils.functional import Promise as Lazy
from django.utils.translation import npgettext_lazy, pgettext, pgettext_lazy

from makegood.language import choice
from makegood.rules import moments
from makegood.rules.moments import Length

_NOTHING = timedelta(0)
_MINUTE = timedelta(minutes=1)
_Wordings = dict[str, Lazy]
# Each frame is whole: German says "2 Tage", but "in 2 Tagen" and "vor 2 Tagen".
_WORDINGS: dict[str, _Wordings] = {}
_WORDINGS["long"] = {
    "min": pgettext_lazy("how long", "%(minutes)d min"),
    "h": pgettext_lazy("how long", "%(hours)d h"),
    "h min": pgettext_lazy("how long", "%(hours)d h %(minutes)d min"),
    "day": npgettext_lazy("how long", "%(days)d day", "%(days)d days", "days"),
    "day h": npgettext_lazy(
        "how long", "%(days)d day %(hours)d h", "%(days)d days %(hours)d h", "days"
    ),
}
_WORDINGS["ahead"] = {
    "min": pgettext_lazy("ahead", "in %(minutes)d min"),
    "h": pgettext_lazy("ahead", "in %(hours)d h"),
    "h min": pgettext_lazy("ahead", "in %(hours)d h %(minutes)d min"),
    "day": npgettext_lazy("ahead", "in %(days)d day", "in %(days)d days", "days"),
    "day h": npgettext_lazy(
        "ahead", "in %(days)d day %(hours)d h", "in %(days)d days %(hours)d h", "days"
    ),
}
_WORDINGS["past"] = {
    "min": pgettext_lazy("past", "%(minutes)d min ago"),
    "h": pgettext_lazy("past", "%(hours)d h ago"),
    "h min": pgettext_lazy("past", "%(hours)d h %(minutes)d min ago"),
    "day": npgettext_lazy("past", "%(days)d day ago", "%(days)d days ago", "days"),
    "day h": npgettext_lazy(
        "past", "%(days)d day %(hours)d h ago", "%(days)d days %(hours)d h ago", "days"
    ),
}


def length(span: timedelta) -> str:
    """A span as "22 min", "3 h 10 min", "2 days 4 h" or "9 days", rounded down."""
    return _say("long", span)


def relative(moment: datetime, *, now: datetime) -> str:
    """How far off a moment is: "in 22 min", "3 h 10 min ago".

    Rounded towards now, so that it never says that there is more time than there is.
    """
    gap = moment - now
    if abs(gap) >= _MINUTE:
        return _say("ahead" if gap > _NOTHING else "past", abs(gap))
    if gap > _NOTHING:
        return pgettext("ahead", "in less than a minute")
    return pgettext("past", "just now")


def _say(frame: str, span: timedelta) -> str:
    return _said(choice.current(), frame, moments.rounded_down(span))


# A long list says the same few spans again and again; the caller speaks the language already.
@lru_cache(maxsize=4096)
def _said(code: str, frame: str, parts: Length) -> str:
    said = {"days": parts.days, "hours": parts.hours, "minutes": parts.minutes}
    with choice.speaking(code):
        return str(_WORDINGS[frame][_shape(parts)] % said)


def _shape(parts: Length) -> str:
    if parts.days:
        return "day h" if parts.hours else "day"
    if parts.hours:
        return "h min" if parts.minutes else "h"
    return "min"
