"""What a customer knows of a visit and has in writing all the same, with its calendar entry.

Whoever chose a time, or called a visit off, need make no note of it, and their calendar follows. It
is owed to nobody: where no letter can be written, they know it.
"""

from contextlib import suppress
from datetime import datetime

from django.db import transaction

from makegood.actions import letters, visit_words
from makegood.actions.letter_gate import LetterStoppedError
from makegood.actions.letters import Draft, LetterError
from makegood.records import crew_times
from makegood.records.models import Staff, Visit


def agreed(visit: Visit, *, by: Staff | None, now: datetime) -> None:
    """Send the customer the time that they chose, or agreed to."""
    slot = crew_times.live_slot(visit.pk)
    if slot is not None:
        _write(visit, visit_words.agreed(visit.case, slot), by=by, now=now)


def come_again(visit: Visit, *, by: Staff, now: datetime) -> None:
    """Send the customer the time that was agreed face to face, where one is held."""
    slot = crew_times.live_slot(visit.pk)
    if slot is not None:
        _write(visit, visit_words.come_again(visit.case, slot), by=by, now=now)


def called_off(visit: Visit, *, by: Staff, now: datetime) -> None:
    """Send the customer that a visit is off, as somebody says that they wish."""
    words = visit_words.called_off(visit.case, visit.what)
    with suppress(LetterError, LetterStoppedError), transaction.atomic():
        duty = visit_words.queue(visit, words, promise=None, now=now)
        letters.write(visit.case_id, Draft(words=words, duty=duty, by=by), now=now)


def _write(visit: Visit, words: str, *, by: Staff | None, now: datetime) -> None:
    with suppress(LetterError, LetterStoppedError), transaction.atomic():
        letters.write(visit.case_id, Draft(words=words, tells=visit.promise, by=by), now=now)
