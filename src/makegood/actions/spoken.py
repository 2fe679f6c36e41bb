"""Words that a person gives a customer at the desk: each passes the gate as it is recorded.

A promise's own words may speak of its own time, and of nothing else that is not on record.
"""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from makegood.actions import advice, choices, doubts, gate, letters, promises, wants
from makegood.actions.choices import OtherTime
from makegood.actions.doubts import Statement
from makegood.actions.drafts import Word
from makegood.actions.gate import Saying
from makegood.actions.letter_gate import LetterStoppedError
from makegood.actions.letters import Draft, LetterError
from makegood.language import in_writing
from makegood.records.models import Case, Choice, Promise, PromiseKind, Staff, Want
from makegood.rules.capture.kinds import Kind
from makegood.rules.capture.promises import Captured
from makegood.rules.promises import Channel, Precision, PromiseError, Speaker
from makegood.rules.timewords import moment

_KINDS = {
    Kind.CALLBACK: PromiseKind.CALLBACK,
    Kind.UPDATE: PromiseKind.NEWS,
    Kind.ANSWER: PromiseKind.NEWS,
    Kind.VISIT: PromiseKind.VISIT,
    Kind.REPAIR: PromiseKind.REPAIR,
    Kind.DELIVERY: PromiseKind.DELIVERY,
}
ALOUD = frozenset({Channel.PHONE, Channel.IN_PERSON})
"""Ways on which nothing stays with the customer but what they remember."""


class NoSuchWordError(PromiseError):
    """These words promise nothing any more that is not on record."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Giver:
    """Who gives a word, and by which way."""

    speaker: Speaker
    name: str
    channel: Channel
    by: int | None = None


@transaction.atomic
def make_promise(case_id: int, word: Word, *, by: Staff, now: datetime, gives: str = "") -> Promise:
    """Record a promise whose words are true of it, and of the case.

    What was given by phone or face to face is sent in writing as well.

    :param gives: a thing that somebody has decided to give by this very promise.
    :raises StoppedError: if something in its words is not true.
    :raises PromiseError: as `promises.make_promise`.
    """
    _pass(case_id, word, by=by, now=now, gives=gives)
    made = promises.make_promise(case_id, word, now=now)
    _put_in_writing(made, by=by, now=now)
    return made


@transaction.atomic
def confirm(case_id: int, saying: Saying, *, place: int, by: Staff, now: datetime) -> Promise:
    """Put on record what somebody promises at this place of a text that they write.

    :raises NoSuchWordError: if nothing is promised there that is not on record.
    :raises StoppedError: if something else in its sentence is not true.
    """
    verdict = gate.check(case_id, saying, now=now)
    said = next((one for one in verdict.new if one.start == place), None)
    if said is None or said.due is None or said.due <= now:
        raise NoSuchWordError
    giver = Giver(speaker=Speaker.PERSON, name=by.name, channel=saying.channel, by=by.pk)
    return make_promise(case_id, word_of(said, giver, now=now), by=by, now=now)


def word_of(said: Captured, giver: Giver, *, now: datetime) -> Word:
    """A promise that was found in a text, as it goes on record.

    :raises NoSuchWordError: if it names no time, and so cannot be kept.
    """
    if said.due is None:
        raise NoSuchWordError
    by_day = said.precision is moment.Precision.DATE
    is_window = not by_day and said.earliest is not None and said.earliest < said.due
    return Word(
        kind=_KINDS.get(said.kind, PromiseKind.OTHER),
        words=said.quote,
        speaker=giver.speaker,
        speaker_name=giver.name,
        said_by=giver.by,
        channel=giver.channel,
        said_at=now,
        due_at=said.due,
        earliest_at=said.earliest if is_window else None,
        precision=Precision.DATE if by_day else Precision.INSTANT,
    )


@transaction.atomic
def replace_promise(
    promise: Promise, word: Word, *, evidence: str, by: Staff, now: datetime
) -> Promise:
    """Replace a promise by another whose words are true.

    What was agreed by phone or face to face is sent in writing as well.

    :raises StoppedError: if something in its words is not true.
    :raises PromiseError: as `promises.replace_promise`.
    """
    _pass(promise.case_id, word, by=by, now=now)
    made = promises.replace_promise(
        promise_id=promise.pk, word=word, evidence=evidence, by=by, now=now
    )
    _put_in_writing(made, by=by, now=now)
    return made


@transaction.atomic
def promise_wanted(want_id: int, word: Word, *, by: Staff, now: datetime) -> Promise:
    """Promise what a customer wants, in words that are true; as `make_promise`.

    :raises WantAnsweredError: if it was answered already.
    :raises StoppedError: if something in its words is not true.
    :raises PromiseError: as `promises.make_promise`.
    """
    case_id = Want.objects.values_list("case_id", flat=True).get(pk=want_id)
    _pass(case_id, word, by=by, now=now)
    made = wants.promise(want_id, word, by=by, now=now)
    _put_in_writing(made, by=by, now=now)
    return made


@transaction.atomic
def promise_by_machine(case_id: int, word: Word, *, token: int, now: datetime) -> Promise:
    """Record a promise that another system has given: its words are true of it, and of the case.

    :raises StoppedError: if something in its words is not true.
    :raises PromiseError: as `promises.make_promise`.
    """
    _pass_machine(case_id, word, token=token, now=now)
    return promises.make_promise(case_id, word, now=now)


@transaction.atomic
def replace_by_machine(
    promise: Promise, word: Word, *, evidence: str, by: Staff, token: int, now: datetime
) -> Promise:
    """Replace a promise by another that a system has given, with the customer's agreement.

    :raises StoppedError: if something in its words is not true.
    :raises PromiseError: as `promises.replace_promise`.
    """
    _pass_machine(promise.case_id, word, token=token, now=now)
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
        doubts.look(Statement(case=case_id, words=words, said_at=now, by=by.pk), now=now)
    return advice.advise(case_id, words, by=by, now=now)


def _put_in_writing(made: Promise, *, by: Staff, now: datetime) -> None:
    """Send what was only said to the customer, unasked: nobody should need their own note of it.

    Who has no address has it on their page; so has who was written to a lot lately.
    """
    if made.channel not in ALOUD:
        return
    case = Case.objects.select_related("customer").get(pk=made.case_id)
    words = in_writing.spoken(speaker=made.speaker_name, language=case.customer.language)
    with suppress(LetterError, LetterStoppedError), transaction.atomic():
        letters.write(case.pk, Draft(words=words, by=by, tells=made), now=now)


def _pass(case_id: int, word: Word, *, by: Staff, now: datetime, gives: str = "") -> None:
    said_at = min(word.said_at, now)
    saying = Saying(
        text=word.words, speaker=Speaker.PERSON, channel=word.channel, by=by, said_at=said_at
    )
    own = replace(gate.window_of(word), since=said_at)
    gate.pass_or_stop(case_id, saying, now=now, also=(own,), offers=gives)


def _pass_machine(case_id: int, word: Word, *, token: int, now: datetime) -> None:
    said_at = min(word.said_at, now)
    saying = Saying(
        text=word.words,
        speaker=Speaker.BOT,
        channel=word.channel,
        token=token,
        said_at=said_at,
        may_promise=True,
    )
    own = replace(gate.window_of(word), since=said_at)
    gate.pass_or_stop(case_id, saying, now=now, also=(own,))
