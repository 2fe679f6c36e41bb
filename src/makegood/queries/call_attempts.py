"""Calls as they were promised, that nobody answered: read back, and said as evidence."""

import json
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from makegood.language import moments
from makegood.records.models import Promise, TimelineEntry
from makegood.rules import attempts
from makegood.rules.attempts import Attempt

UNANSWERED = ("call_unanswered", "call_with_message")


def read_attempts(promise: Promise) -> tuple[Attempt, ...]:
    """Every time that we rang for this promise and nobody answered."""
    rows = TimelineEntry.objects.filter(case=promise.case_id, kind__in=UNANSWERED).order_by("seq")
    found = (json.loads(body)["facts"] for body in rows.values_list("body", flat=True))
    return tuple(
        Attempt(at=datetime.fromisoformat(facts["at"]), left_message=facts["left_message"])
        for facts in found
        if facts["promise"] == promise.pk
    )


def as_evidence(promise: Promise, *, zone: ZoneInfo) -> str:
    """What was tried, where it is enough to say that the call was made; else nothing."""
    tried = read_attempts(promise)
    if not attempts.are_enough(tried, due=promise.due_at):
        return ""
    times = ", ".join(moments.clock_in_words(one.at, zone=zone) for one in tried)
    return _("Rang at %(times)s, nobody answered; a message was left.") % {"times": times}


def what_next(promise: Promise, *, zone: ZoneInfo) -> str:
    """What to do after a call that nobody answered."""
    tried = read_attempts(promise)
    if attempts.are_enough(tried, due=promise.due_at):
        return _("You rang twice and left a message: record it as kept.")
    again = attempts.next_from(tried, due=promise.due_at)
    has_message = attempts.needs_no_message(tried, due=promise.due_at)
    if again is None and has_message:
        return _("It is too late for another try in time: move the date, or apologise.")
    if again is None:
        return _("Leave a message, so that they know that you rang.")
    when = {"time": moments.clock_in_words(again, zone=zone)}
    if has_message:
        return _("Try once more from %(time)s.") % when
    return _("Leave a message, and try once more from %(time)s.") % when
