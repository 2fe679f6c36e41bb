"""The apology for a broken promise, by letter, where nobody has said it within the hour.

Whoever owns the case speaks first. Nobody waits for a person who sleeps: then the letter says
whose mistake it was, who sees to it, and when the customer hears or we come.
"""

from datetime import datetime, time, timedelta
from math import ceil
from typing import Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from makegood.actions import call_words, callbacks, cases, letters, promises
from makegood.actions.drafts import Word
from makegood.actions.letter_gate import LetterStoppedError
from makegood.actions.letters import Draft, LetterError
from makegood.language import apologies as language
from makegood.records import next_round
from makegood.records.models import (
    DEEDS,
    Case,
    Letter,
    Message,
    MessageKind,
    Promise,
    PromiseKind,
    RoundWord,
)
from makegood.rules import rounds
from makegood.rules.calendars import at_wall_time
from makegood.rules.promises import Channel, Outcome, Precision, Speaker, end_of_day

OWNERS_TURN: Final = timedelta(minutes=15)
"""For so long after a break was noticed it is the owner's to say sorry."""

AFTER: Final = timedelta(minutes=45)
"""So long after a promise fell due the letter is written: within the hour of the customer."""

TRY_FOR: Final = timedelta(days=1)
"""For so long a letter is tried where too much was written to an address; then people say it."""

MORNING: Final = 7
"""Before this hour, somebody may still come on the same day."""

_TO_ONE: Final = (*DEEDS, PromiseKind.CALLBACK)
"""What is promised to one customer of an incident, unlike news and what all are given."""


def due(*, now: datetime, limit: int) -> list[int]:
    """The apologies that nobody has said in time, and that can go by letter.

    One for each case: sorry twice from a machine is worse than once. A visit that was missed has
    a letter of its own. A failure of many is spoken of to all, but not what one was promised alone.
    What the gate stops stays due; so where there are more, they take turns by the minute.
    """
    waiting = Message.objects.filter(
        kind=MessageKind.APOLOGY,
        said_at=None,
        queued_at__gt=now - TRY_FOR,
        queued_at__lte=now - OWNERS_TURN,
        promise__outcome=Outcome.BROKEN.value,
        promise__due_at__lte=now - AFTER,
        promise__visits=None,
        case__closed_at=None,
    ).filter(Q(case__incident=None) | Q(promise__kind__in=_TO_ONE))
    rows = waiting.exclude(case__customer__email="").exclude(Exists(_written_already()))
    turns = max(1, ceil(rows.count() / limit))
    first = int(now.timestamp() // 60) % turns * limit
    in_turn = rows.order_by("queued_at", "pk").values_list("pk", flat=True)
    return list(in_turn[first : first + limit])


@transaction.atomic
def write(message_id: int, *, now: datetime) -> Letter | None:
    """Queue the letter that says sorry; None if it must wait, or somebody has said it.

    Where a round comes anyway, the customer is promised no later than that in the same letter; of
    a call that did not come, it says when the next one does.
    """
    cases.lock(Message.objects.values_list("case_id", flat=True).get(pk=message_id))
    owed = Message.objects.select_related(
        "promise", "case__asset", "case__customer", "case__owner"
    ).filter(pk=message_id, said_at=None)
    message = owed.exclude(Exists(_written_already())).first()
    if message is None or message.promise is None:
        return None
    try:
        with transaction.atomic():
            words = _words(message.case, message.promise)
            again = _call_again(message.case, message.promise, now=now)
            if again is not None:
                words += f"\n\n{call_words.said_now(again, now=now)}"
            tells = again or _promise_the_round(message.case, message.promise, now=now)
            draft = Draft(words=words, duty=message, tells=tells)
            return letters.write(message.case_id, draft, now=now)
    except (LetterError, LetterStoppedError):
        return None


def _written_already() -> QuerySet[Letter]:
    """A letter that says this, or one in which a machine has said sorry in the same case.

    What was held back since it was no longer true by then has said nothing.
    """
    by_machine = Q(is_automatic=True, duty__kind=MessageKind.APOLOGY)
    of_case = Letter.objects.filter(case=OuterRef("case"), held_at=None)
    return of_case.filter(Q(duty=OuterRef("pk")) | by_machine)


def _words(case: Case, broken: Promise) -> str:
    return language.by_letter(
        broken.kind,
        broken.due_at,
        whole_day=broken.precision == Precision.DATE,
        owner=case.owner.name,
        zone=ZoneInfo(case.customer.zone),
        language=case.customer.language,
    )


def _call_again(case: Case, broken: Promise, *, now: datetime) -> Promise | None:
    """The call that is promised instead of one that did not come, if its hour lies ahead."""
    if broken.kind != PromiseKind.CALLBACK:
        return None
    again = callbacks.promised(case, since=now)
    return again if again is not None and (again.earliest_at or now) > now else None


def _promise_the_round(case: Case, broken: Promise, *, now: datetime) -> Promise | None:
    """Promise no later than the next round, where that is what we were to come for."""
    if broken.kind != PromiseKind.VISIT:
        return None
    if case.promises.still_open().deeds().exists():
        return None
    next_ = next_round.next_for(case.asset, customer=case.customer, now=now)
    if next_ is None:
        return None
    zone = ZoneInfo(case.customer.zone)
    here = now.astimezone(zone)
    first = here.date() if here.hour < MORNING else here.date() + timedelta(days=1)
    last = next_.closes_at.astimezone(zone).date()
    word = Word(
        kind=PromiseKind.VISIT,
        words=language.with_the_round(next_.round, language=case.customer.language),
        speaker=Speaker.SYSTEM,
        speaker_name="Makegood",
        channel=Channel.EMAIL,
        said_at=now,
        earliest_at=at_wall_time(datetime.combine(first, time()), zone=zone)
        if first < last
        else None,
        due_at=end_of_day(last, zone),
        precision=Precision.DATE,
        trace=(rounds.with_it(next_.round),),
    )
    made = promises.promise_from_page(case, word, now=now)
    RoundWord.objects.create(promise=made, round_id=next_.id)
    return made
