"""Whether a time that is said is the time that is promised: the same, or later, or vaguer."""

import re
from datetime import date, datetime, timedelta
from typing import Final

from makegood.rules.calendars import local
from makegood.rules.gate.facts import Facts, Window, are_kin
from makegood.rules.gate.objections import Rule
from makegood.rules.gate.statements import Statement
from makegood.rules.timewords.moment import Due, Frame, Precision

_MINUTE: Final = timedelta(minutes=1)
_DAY: Final = timedelta(days=1, minutes=1)
_ASKED: Final = re.compile(
    r"\bplease\b(?! (?:expect|be |wait|stay|note|rest assured|know|trust|remember|bear in mind"
    r"|count on|rely on|look forward))"
)
# In such a clause we say what we do, and ask for nothing.
_OUR_DEED: Final = re.compile(
    r"\b(?:will|shall|going to|we|i)\b|'ll\b|\b(?:engineer|crew|driver|technician|team|fitter"
    r"|inspector|courier|contractor|van|lorry|colleague|somebody|someone)s?"
    r" (?:(?:is|are) (?:coming|due|with|there|here)|comes?|arrives?|visits?|calls?|gets? to"
    r"|reach(?:es)?|should|can|could|may)\b"
)
_SPAN_TOLERANCE: Final = 0.1
_LEAST_TOLERANCE: Final = timedelta(minutes=10)


def candidates(statement: Statement, facts: Facts) -> list[Window]:
    """The windows that a statement can speak of, the nearest due first."""
    fitting = [
        window
        for window in facts.windows
        if window.is_own
        or (
            not window.is_over
            and are_kin(statement.kinds, window.kinds)
            and (statement.is_offer or not window.is_offer)
            and (not window.speaks_of or any(w in statement.clause for w in window.speaks_of))
        )
    ]
    return sorted(fitting, key=lambda window: window.due)


def nearest(statement: Statement, windows: list[Window]) -> Window | None:
    """The window that was most likely meant."""
    due = statement.meaning.due
    if due is None:
        return windows[0] if windows else None
    return min(windows, key=lambda window: abs(window.due - due), default=None)


def allows(statement: Statement, windows: list[Window]) -> Window | None:
    """What a customer is asked to do before a day is in time for what is to come on that day."""
    due = statement.meaning.due
    is_asked = _ASKED.search(statement.clause) and not _OUR_DEED.search(statement.clause)
    if due is None or not is_asked:
        return None
    if not statement.words.lower().startswith("before"):
        return None
    return next((one for one in windows if due <= one.due <= due + _DAY), None)


def difference(statement: Statement, window: Window, *, frame: Frame) -> Rule | None:
    """How a statement differs from a window; None if it says the same."""
    said = statement.meaning
    if said.precision is Precision.ROUND:
        return None if window.is_round else Rule.VAGUER
    if said.due is None:
        return Rule.VAGUER
    if statement.what == "amount":
        return _span(said, window, frame=frame)
    if said.precision is Precision.DATE:
        return _days(said, window, frame=frame)
    return _clocks(said, window)


def _span(said: Due, window: Window, *, frame: Frame) -> Rule | None:
    """A span such as "within two hours" is meant as people say it: give or take a tenth."""
    due = said.due or window.due
    tolerance = max(_LEAST_TOLERANCE, (window.due - frame.now) * _SPAN_TOLERANCE)
    same_day = window.is_day and _day(due, frame) == _day(window.due, frame)
    if abs(due - window.due) <= tolerance or (same_day and said.precision is Precision.DATE):
        return None
    if same_day:  # "within the hour" is more than "today"
        return Rule.NARROWER
    return Rule.LATER if due > window.due else Rule.EARLIER


def _clocks(said: Due, window: Window) -> Rule | None:
    due = said.due or window.due
    if window.is_day or abs(due - window.due) >= _MINUTE:
        if not window.is_day:
            return Rule.LATER if due > window.due else Rule.EARLIER
        return _order(due, window.due) or Rule.NARROWER
    if said.earliest is None:
        return None
    if said.earliest == said.due:
        return None if window.earliest in {None, window.due} else Rule.NARROWER
    same = window.earliest is not None and abs(said.earliest - window.earliest) < _MINUTE
    return None if same else Rule.NARROWER


def _days(said: Due, window: Window, *, frame: Frame) -> Rule | None:
    due = _day(said.due or window.due, frame)
    promised = _day(window.due, frame)
    if due != promised:
        return Rule.LATER if due > promised else Rule.EARLIER
    if not window.is_day:
        return Rule.VAGUER
    if said.earliest is None:
        return None
    first = _day(said.earliest, frame)
    opens = _day(window.earliest, frame) if window.earliest else promised
    return None if first == opens else Rule.NARROWER


def _order(said: datetime, promised: datetime) -> Rule | None:
    if said.date() == promised.date():
        return None
    return Rule.LATER if said > promised else Rule.EARLIER


def _day(moment: datetime, frame: Frame) -> date:
    return local(moment, zone=frame.zone).date()


def happened(statement: Statement, facts: Facts, *, frame: Frame) -> datetime | None:
    """The moment of the case that a statement about the past means."""
    said = statement.meaning.due
    if said is None:
        return None
    days = {_day(said, frame) - timedelta(days=back) for back in (0, 1, 7)}
    exact = statement.meaning.precision is Precision.INSTANT
    clock = local(said, zone=frame.zone)
    for moment in (*facts.moments, *(deed.at for deed in facts.done)):
        at = local(moment, zone=frame.zone)
        if moment > frame.now or at.date() not in days:
            continue
        if not exact or (at.hour, at.minute) == (clock.hour, clock.minute):
            return moment
    return None
