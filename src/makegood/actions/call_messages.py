"""The message ahead of a call: who rings and when, so that an unknown number is answered.

By text message where that may be, else by e-mail. Whom neither reaches is rung all the same.
"""

from datetime import datetime

from django.db import transaction

from makegood.actions import letters, timeline
from makegood.actions.call_words import said_now
from makegood.actions.letter_gate import LetterStoppedError
from makegood.actions.letters import Draft, LetterError
from makegood.actions.promises import lock_open
from makegood.records.models import Letter, Promise
from makegood.rules.letters import LetterChannel
from makegood.rules.promises import AlreadySettledError

_WAYS = (LetterChannel.SMS, LetterChannel.EMAIL)


def due(*, now: datetime, limit: int) -> list[int]:
    """The calls whose customers should hear of them now."""
    waiting = Promise.objects.still_open().filter(message_at__lte=now)
    return list(waiting.order_by("message_at", "pk").values_list("pk", flat=True)[:limit])


@transaction.atomic
def write(promise_id: int, *, now: datetime) -> Letter | None:
    """Queue the message, once; None if there is nothing to say any more, or no way to say it."""
    try:
        promise = lock_open(promise_id)
    except AlreadySettledError:
        return None
    if promise.message_at is None:
        return None
    promise.message_at = None
    promise.save(update_fields=["message_at"])
    if promise.earliest_at is None or promise.due_at <= now:
        return None
    return _write(promise, now=now)


def leave(promise_id: int, *, now: datetime) -> None:
    """Send none ahead of a call of which it failed: the call itself is what was promised."""
    Promise.objects.still_open().filter(pk=promise_id, message_at__lte=now).update(message_at=None)


def _write(promise: Promise, *, now: datetime) -> Letter | None:
    case, words = promise.case, said_now(promise, now=now)
    ways = sorted(_WAYS, key=lambda way: way.value != case.customer.reach_by)
    why = ""
    for way in ways:
        try:
            with transaction.atomic():
                draft = Draft(words=words, channel=way, tells=promise)
                return letters.write(case.pk, draft, now=now)
        except (LetterError, LetterStoppedError) as refused:
            why = type(refused).__name__
    facts = {"why": why}
    timeline.append(case_id=case.pk, kind="letter_not_written", at=now, now=now, facts=facts)
    return None
