"""Words that a person gives a customer at the desk: each passes the gate as it is recorded.

A promise's own words may speak of its own time, and of nothing else that is not on record.
"""

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from makegood.actions import advice, choices, gate, promises
from makegood.actions.choices import OtherTime
from makegood.actions.drafts import Word
from makegood.actions.gate import Saying
from makegood.records.models import Case, Choice, Promise, PromiseKind, Staff
from makegood.rules.promises import Channel, Speaker


@transaction.atomic
def make_promise(case_id: int, word: Word, *, by: Staff, now: datetime) -> Promise:
    """Record a promise whose words are true of it, and of the case.

    :raises StoppedError: if something in its words is not true.
    :raises PromiseError: as `promises.make_promise`.
    """
    _pass(case_id, word, by=by, now=now)
    return promises.make_promise(case_id, word, now=now)


@transaction.atomic
def replace_promise(
    promise: Promise, word: Word, *, evidence: str, by: Staff, now: datetime
) -> Promise:
    """Replace a promise by another whose words are true.

    :raises StoppedError: if something in its words is not true.
    :raises PromiseError: as `promises.replace_promise`.
    """
    _pass(promise.case_id, word, by=by, now=now)
    return promises.replace_promise(
        promise_id=promise.pk, word=word, evidence=evidence, by=by, now=now
    )


@transaction.atomic
def offer_choice(promise: Promise, time: OtherTime, *, by: Staff, now: datetime) -> Choice:
    """Offer another time, in words that will be true of it.

    :raises StoppedError: if something in its words is not true.
    :raises ChoiceError: as `choices.offer_choice`.
    """
    word = Word(
        kind=PromiseKind(promise.kind),
        words=time.words,
        speaker=Speaker.PERSON,
        speaker_name=by.name,
        channel=Channel.WEB,
        said_at=now,
        due_at=time.due_at,
        earliest_at=time.earliest_at,
        precision=time.precision,
    )
    _pass(promise.case_id, word, by=by, now=now)
    return choices.offer_choice(promise.pk, time, by=by, now=now)


@transaction.atomic
def advise(case_id: int, words: str, *, by: Staff, now: datetime) -> Case:
    """Say what to do until it is right; empty takes back what was said.

    :raises StoppedError: if something in the words is not true.
    :raises CaseClosedError: if the case is closed.
    """
    if words.strip():
        saying = Saying(text=words, speaker=Speaker.PERSON, channel=Channel.WEB, by=by)
        gate.pass_or_stop(case_id, saying, now=now)
    return advice.advise(case_id, words, by=by, now=now)


def _pass(case_id: int, word: Word, *, by: Staff, now: datetime) -> None:
    said_at = min(word.said_at, now)
    saying = Saying(
        text=word.words, speaker=Speaker.PERSON, channel=word.channel, by=by, said_at=said_at
    )
    own = replace(gate.window_of(word), since=said_at)
    gate.pass_or_stop(case_id, saying, now=now, also=(own,))
