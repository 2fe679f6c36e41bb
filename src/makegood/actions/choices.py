"""Other times that the company can do: offered by staff, chosen by the customer, or wished for."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from makegood.actions import cases, promises, replies, timeline
from makegood.actions.drafts import Word
from makegood.actions.replies import Effect, Sender
from makegood.records.models import Case, Choice, Promise, PromiseKind, ReplyKind, Staff
from makegood.rules.promises import (
    AlreadySettledError,
    Channel,
    Precision,
    Speaker,
    ToldTooLateError,
    check_window,
)

CHOSEN = "The customer chose this on their page."
WISHES = "Another day would suit the customer better."


class ChoiceError(Exception):
    """Base of every refusal about another time; the message is one clear sentence."""


class ChoiceGoneError(ChoiceError):
    """This time can no longer be chosen; what was promised stands."""


class ChoiceOfferedError(ChoiceError):
    """This time is offered already."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OtherTime:
    """A time that the company can do, in the words in which it then is promised."""

    words: str
    due_at: datetime
    earliest_at: datetime | None = None
    precision: Precision = Precision.INSTANT


@transaction.atomic
def offer_choice(promise_id: int, time: OtherTime, *, by: Staff, now: datetime) -> Choice:
    """Let the customer choose another time on their page; until then the promise stands.

    :raises AlreadySettledError: if the promise is settled.
    :raises ToldTooLateError: if its time has passed.
    :raises WindowError: if the other time cannot be kept.
    :raises ChoiceOfferedError: if this time is offered already.
    """
    promise = _lock(promise_id)
    _check_open(promise, now=now)
    check_window(said_at=now, earliest_at=time.earliest_at, due_at=time.due_at)
    try:
        with transaction.atomic():
            choice = _create(promise, time, by=by, now=now)
    except IntegrityError as twice:
        if "choice_offered_once_per_time" not in str(twice):
            raise
        raise ChoiceOfferedError(ChoiceOfferedError.__doc__) from twice
    facts = {"promise": promise.pk, "due": time.due_at.isoformat(), "by": by.pk}
    timeline.append(
        case_id=promise.case_id,
        kind="choice_offered",
        at=now,
        now=now,
        facts=facts,
        words=time.words,
    )
    return choice


@transaction.atomic
def withdraw_choice(choice_id: int, *, by: Staff, now: datetime) -> None:
    """Offer a time no longer.

    :raises ChoiceGoneError: if it was chosen or withdrawn already.
    """
    choice = Choice.objects.select_related("promise").get(pk=choice_id)
    cases.lock(choice.promise.case_id)
    gone = Choice.objects.filter(pk=choice_id, chosen_at=None, withdrawn_at=None)
    if not gone.update(withdrawn_at=now):
        raise ChoiceGoneError("The customer has chosen this time, or it was withdrawn before.")
    timeline.append(
        case_id=choice.promise.case_id,
        kind="choice_withdrawn",
        at=now,
        now=now,
        facts={"promise": choice.promise_id, "by": by.pk},
    )


def choose(sender: Sender, choice_id: int, *, now: datetime) -> bool:
    """The customer chooses another time, which replaces what was promised. False if taken before.

    :raises ChoiceGoneError: if it is not, or no longer, theirs to choose.
    :raises TooManyRepliesError: if too much came by this link within the hour.
    """

    def act(case: Case) -> Effect:
        choice = _live(case, choice_id, now=now)
        contact = replies.touch(case, f"{CHOSEN} {choice.words}", now=now)
        Choice.objects.filter(pk=choice.pk).update(chosen_at=now)
        promised = promises.replace_promise(
            promise_id=choice.promise_id, word=_word(choice, now=now), evidence=CHOSEN, by=None,
            now=now,
        )  # fmt: skip
        return Effect(contact=contact, promise=promised, about=choice.promise_id)

    return replies.take(sender, ReplyKind.CHOICE, (str(choice_id),), act, now=now)


def wish_for_another_day(sender: Sender, promise_id: int, words: str, *, now: datetime) -> bool:
    """The customer says which time would suit better; the owner answers. False if taken before.

    :raises ChoiceGoneError: if that promise is not open on this case.
    :raises TooManyRepliesError: if too much came by this link within the hour.
    """

    def act(case: Case) -> Effect:
        if not case.promises.still_open().filter(pk=promise_id).exists():
            raise ChoiceGoneError(ChoiceGoneError.__doc__)
        contact = replies.touch(case, f"{WISHES} {words}", now=now)
        answer = replies.promise_an_answer(case, now=now)
        return Effect(contact=contact, promise=answer, about=promise_id)

    return replies.take(sender, ReplyKind.OTHER_DAY, (str(promise_id), words), act, now=now)


def _lock(promise_id: int) -> Promise:
    cases.lock(Promise.objects.values_list("case_id", flat=True).get(pk=promise_id))
    return Promise.objects.get(pk=promise_id)


def _check_open(promise: Promise, *, now: datetime) -> None:
    if promise.outcome is not None:
        raise AlreadySettledError(f"This promise was {promise.outcome} already.")
    if now > promise.due_at:
        raise ToldTooLateError


def _create(promise: Promise, time: OtherTime, *, by: Staff, now: datetime) -> Choice:
    return Choice.objects.create(
        promise=promise,
        words=time.words,
        earliest_at=time.earliest_at,
        due_at=time.due_at,
        precision=time.precision.value,
        offered_at=now,
        offered_by=by,
    )


def _live(case: Case, choice_id: int, *, now: datetime) -> Choice:
    rows = Choice.objects.filter(
        promise__case=case, promise__outcome=None, promise__due_at__gte=now, due_at__gt=now
    )
    live = rows.filter(pk=choice_id, chosen_at=None, withdrawn_at=None)
    choice = live.select_related("promise", "offered_by").first()
    if choice is None:
        raise ChoiceGoneError(ChoiceGoneError.__doc__)
    return choice


def _word(choice: Choice, *, now: datetime) -> Word:
    return Word(
        kind=PromiseKind(choice.promise.kind),
        words=choice.words,
        speaker=Speaker.PERSON,
        speaker_name=choice.offered_by.name,
        said_by=choice.offered_by_id,
        channel=Channel.WEB,
        said_at=now,
        earliest_at=choice.earliest_at,
        due_at=choice.due_at,
        precision=Precision(choice.precision),
    )
