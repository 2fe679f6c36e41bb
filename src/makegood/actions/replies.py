"""What customers send from their page: taken once, at a human pace, and never left unanswered.

A reply is a contact on the case and, while the case is open, a promise: when the customer hears
back. Whoever holds a link could send anything, so nothing here goes beyond the link's own case.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_noop

from makegood.actions import cases, claims, contacts, drafts, promises, reopening, silence, wants
from makegood.actions.claims import Told
from makegood.actions.contacts import Touch
from makegood.records.models import (
    ApprovalRequest,
    Case,
    Contact,
    Direction,
    Promise,
    PromiseKind,
    Reply,
    ReplyKind,
    Visit,
)
from makegood.rules.claims import Source
from makegood.rules.promises import Channel

_ANSWERS = gettext_noop("%(owner)s answers what you wrote by %(moment)s.")
PER_HOUR = 20
HOUR = timedelta(hours=1)
IS_RIGHT = "The customer says that it is right."
NOT_RIGHT = "The customer says that it is not right."
MORE_WANTED = "The customer says that it is right, and wants something more."


class TooManyRepliesError(Exception):
    """So much was sent by this link within the hour that more has to wait."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sender:
    """Whoever sends the form: their link, its case, and the number of the form."""

    link: int
    case: int
    form: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class Effect:
    """What a reply set off."""

    contact: Contact
    promise: Promise | None = None
    about: int | None = None
    phone: str = ""


def send_words(sender: Sender, words: str, *, now: datetime) -> bool:
    """Take words to the owner, and promise an answer. False if they were taken before.

    :raises TooManyRepliesError: if too much came by this link within the hour.
    """

    def act(case: Case) -> Effect:
        contact = touch(case, words, now=now)
        return Effect(contact=contact, promise=promise_an_answer(case, now=now))

    return take(sender, ReplyKind.WORDS, (words,), act, now=now)


def say_right(sender: Sender, *, now: datetime) -> bool:
    """The customer says that it is right: the case closes, unless something is still promised.

    :raises TooManyRepliesError: if too much came by this link within the hour.
    """

    def act(case: Case) -> Effect:
        contact = touch(case, IS_RIGHT, now=now, is_answer=True)
        others = case.promises.still_open().exclude(kind=PromiseKind.NEWS)
        visits = Visit.objects.filter(case=case, outcome=None)
        asked = ApprovalRequest.objects.filter(case=case, decided_at=None)
        waits = others.exists() or visits.exists() or asked.exists()
        if case.closed_at is None and not waits:
            cases.close_case(case_id=case.pk, answer=contact, now=now)
        silence.heard(case.pk, now=now)
        return Effect(contact=contact)

    return take(sender, ReplyKind.RIGHT, (), act, now=now)


def say_more_wanted(sender: Sender, want: str, *, now: datetime) -> bool:
    """The customer says that it is right, and wants something more: that is answered first.

    :raises TooManyRepliesError: if too much came by this link within the hour.
    :raises NobodyToCoverError: if the case is closed, its owner has left and nobody stands in.
    """

    def act(case: Case) -> Effect:
        contact = touch(case, f"{MORE_WANTED} {want}", now=now, is_answer=True)
        return _hear_want(case, want, contact, now=now)

    return take(sender, ReplyKind.MORE, (want,), act, now=now)


def say_promised(sender: Sender, words: str, *, now: datetime) -> bool:
    """The customer says what they were promised: it is believed, and an answer is promised.

    :raises TooManyRepliesError: if too much came by this link within the hour.
    :raises NobodyToCoverError: if the case is closed, its owner has left and nobody stands in.
    """

    def act(case: Case) -> Effect:
        contact = touch(case, words, now=now, is_answer=True)
        told = Told(words=words, source=Source.CUSTOMER)
        claims.record(case.pk, told, contact=contact, by=None, now=now)
        return Effect(contact=contact, promise=case.promises.still_open().order_by("-pk").first())

    return take(sender, ReplyKind.WORDS, ("promised", words), act, now=now)


def say_not_right(sender: Sender, want: str, *, now: datetime) -> bool:
    """The customer says that it is not right, and perhaps what would make it so.

    A closed case opens again, with the same owner and a new promise; on an open one, an answer is
    promised.

    :raises TooManyRepliesError: if too much came by this link within the hour.
    :raises NobodyToCoverError: if the case is closed, its owner has left and nobody stands in.
    """

    def act(case: Case) -> Effect:
        contact = touch(case, f"{NOT_RIGHT} {want}".strip(), now=now, is_answer=True)
        return _hear_want(case, want, contact, now=now)

    return take(sender, ReplyKind.NOT_RIGHT, (want,), act, now=now)


def take(
    sender: Sender,
    kind: ReplyKind,
    content: tuple[str, ...],
    act: Callable[[Case], Effect],
    *,
    now: datetime,
) -> bool:
    """Do once what a form of the page asks; False if the very same form was taken before.

    :raises TooManyRepliesError: if too much came by this link within the hour.
    """
    # By what stood in it too: whoever goes back and changes their words sends something else.
    key = uuid5(sender.form, "\n".join((kind, *content)))
    if Reply.objects.filter(link=sender.link, key=key).exists():
        return False
    try:
        with transaction.atomic():
            _take(sender, kind, key, act, now=now)
    except IntegrityError as twice:
        if "reply_once" not in str(twice):
            raise
        return False
    return True


def touch(case: Case, note: str, *, now: datetime, is_answer: bool = False) -> Contact:
    """The contact that a reply is."""
    by_page = Touch(channel=Channel.WEB, direction=Direction.INBOUND, at=now, note=note)
    return contacts.record_contact(case.pk, by_page, now=now, is_answer=is_answer)


def promise_an_answer(case: Case, *, now: datetime) -> Promise | None:
    """Promise when the owner of a locked case answers, by the company's policy.

    One answer is promised at a time, by whichever way they wrote; nothing can be promised on a
    closed case.
    """
    if case.closed_at is not None:
        return None
    waiting = case.promises.still_open().filter(kind=PromiseKind.NEWS, due_at__gt=now)
    asked = waiting.filter(Q(replies__isnull=False) | Q(mails__isnull=False))
    return asked.order_by("due_at").first() or _promise_answer(case, now=now)


def _hear_want(case: Case, want: str, contact: Contact, *, now: datetime) -> Effect:
    """Whoever says "not yet", or wants more, has an owner for it and a promise of an answer."""
    if reopening.ended_at(case) is not None:
        case = reopening.reopen_case(case_id=case.pk, answer=contact, now=now)
        promise = case.promises.still_open().order_by("-pk").first()
    else:
        promise = promise_an_answer(case, now=now)
    if want:
        Case.objects.filter(pk=case.pk).update(wanted=want)
        wants.hear(case.pk, want, contact=contact, now=now)
    silence.heard(case.pk, now=now)
    return Effect(contact=contact, promise=promise)


def _take(
    sender: Sender, kind: ReplyKind, key: UUID, act: Callable[[Case], Effect], *, now: datetime
) -> None:
    case = cases.lock(sender.case)
    sent = Reply.objects.filter(link=sender.link, sent_at__gt=now - HOUR)
    if sent.count() >= PER_HOUR:
        raise TooManyRepliesError(TooManyRepliesError.__doc__)
    effect = act(case)
    Reply.objects.create(
        case=case,
        link_id=sender.link,
        kind=kind,
        key=key,
        contact=effect.contact,
        promise=effect.promise,
        about_id=effect.about,
        phone=effect.phone,
        sent_at=now,
    )


def _promise_answer(case: Case, *, now: datetime) -> Promise:
    word = drafts.word_of_owner(case, _ANSWERS, now=now)
    # In the same words it may have been promised already, for something else that they did.
    waiting = case.promises.still_open().filter(kind=PromiseKind.NEWS, due_at__gt=now)
    same = waiting.filter(words=word.words).first()
    return same or promises.promise_from_page(case, word, now=now)
