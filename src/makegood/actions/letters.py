"""Writing to customers: a letter is queued with the fact that it is about, and leaves once.

The case is locked by whoever writes. The clock's process takes what is due, asks the gate again,
and marks the letter right before its words leave: after that nobody sends it a second time, unless
a person decides to.
"""

import secrets
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from makegood.actions import cases, doubts, letter_gate, links, timeline
from makegood.actions.doubts import Statement
from makegood.actions.letter_gate import LetterStoppedError
from makegood.language import choice
from makegood.records.models import (
    Case,
    Letter,
    LetterKind,
    Message,
    Mute,
    Promise,
    PromiseRevision,
    Staff,
)
from makegood.rules import letters, phones
from makegood.rules.letters import LetterChannel
from makegood.rules.phones import PhoneError

ERROR_MAX = 500


class LetterError(Exception):
    """Base of every refusal to write; the message is one clear sentence."""


class NoAddressError(LetterError):
    """Nothing is known by which the customer could be reached this way."""


class TooManyLettersError(LetterError):
    """So much was written to this address lately that no more goes there for a while."""


class UnknownLetterError(LetterError):
    """There is no letter of this number."""


class NotUnsureError(LetterError):
    """Only a letter of which nobody knows whether it left, or that failed, is sent again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """What is to be written; `by` nobody makes it automatic.

    `tells` is the promise that it tells, `revision` the new date, `duty` what was owed to be said,
    `keeps` the promise of news that it keeps: each once it is delivered.
    """

    words: str
    kind: LetterKind = LetterKind.WORDS
    channel: LetterChannel = LetterChannel.EMAIL
    by: Staff | None = None
    tells: Promise | None = None
    revision: PromiseRevision | None = None
    duty: Message | None = None
    keeps: Promise | None = None
    answers_id: str = ""
    template: int | None = None


@transaction.atomic
def write(case_id: int, draft: Draft, *, now: datetime) -> Letter:
    """Queue a letter to the customer of a case, at the address on record and at no other.

    A new date that its words say is told by it, once it is delivered.

    :raises LetterStoppedError: if the gate says that it is not true.
    :raises NoAddressError: if no address is known, or none that may be written to.
    :raises TooManyLettersError: if too much was written to it lately.
    """
    case = cases.lock(case_id)
    letter = _build(case, draft, _recipient(case, draft.channel), now=now)
    _check_rate(letter, now=now)
    tells = letter_gate.check(letter, now=now)
    if letter.revision is None and tells:
        letter.revision = PromiseRevision.objects.get(pk=tells[0])
    letter.save()
    facts = {
        "letter": letter.pk,
        "channel": letter.channel,
        "by": draft.by.pk if draft.by else None,
    }
    timeline.append(
        case_id=case.pk, kind="letter_written", at=now, now=now, facts=facts, words=draft.words
    )
    by = draft.by.pk if draft.by else None
    doubts.look(Statement(case=case.pk, words=draft.words, said_at=now, by=by), now=now)
    return letter


def write_receipt(case: Case, *, now: datetime, answers_id: str = "") -> None:
    """Tell who reported something by letter or form that we have it, and when they hear.

    It holds nothing that they wrote, so that nobody can send their words to others through us.
    Where too much was written to the address already, nothing is sent; the page says the same.
    Who gave no address gets none.
    """
    if not case.customer.email:
        return
    promise = case.promises.still_open().order_by("due_at", "pk").first()
    with choice.speaking(case.customer.language):
        words = _("We have your report, and %(owner)s looks after it.") % {"owner": case.owner.name}
    draft = Draft(words=words, kind=LetterKind.RECEIPT, tells=promise, answers_id=answers_id)
    try:
        write(case.pk, draft, now=now)
    except LetterError as refused:
        facts = {"why": type(refused).__name__}
        timeline.append(case_id=case.pk, kind="letter_not_written", at=now, now=now, facts=facts)


@transaction.atomic
def take(*, now: datetime) -> Letter | None:
    """Take the letter that has waited longest, so that nobody else sends it meanwhile.

    What the gate stops is held, and the next one is taken.
    """
    while True:
        waiting = Letter.objects.filter(send_at__lte=now).order_by("send_at", "pk")
        # With its case, so that no fact changes while it is asked whether it is true.
        letter = (
            waiting.select_related("case__customer")
            .select_for_update(skip_locked=True, no_key=True, of=("self", "case"))
            .first()
        )
        if letter is None:
            return None
        why = _astray(letter) or letter_gate.let_leave(letter, now=now)
        if not why:
            letter.send_at, letter.tries = now + letters.LEASE, letter.tries + 1
            letter.save(update_fields=["send_at", "tries"])
            return letter
        _hold(letter, why, now=now)


def leaving(letter_id: int, *, text: str = "", now: datetime) -> None:
    """Its words leave now, as this text. From here on no machine sends it again."""
    waiting = Letter.objects.filter(pk=letter_id, handed_at=None)
    waiting.update(handed_at=now, send_at=None, as_sent=text)


def left(letter_id: int, *, provider_id: str, now: datetime) -> None:
    """The server or provider has taken it."""
    Letter.objects.filter(pk=letter_id).update(sent_at=now, provider_id=provider_id, error="")


def unsure(letter_id: int, *, error: str) -> None:
    """Nobody knows whether it left: it waits for a receipt, or for a person's decision."""
    Letter.objects.filter(pk=letter_id).update(error=error[:ERROR_MAX])


@transaction.atomic
def not_taken(letter_id: int, *, error: str, final: bool, now: datetime) -> None:
    """It was not taken: try again later, or give up and say so on the case."""
    letter = lock(letter_id)
    later = None if final else letters.next_try(letter.tries, now=now)
    letter.handed_at, letter.send_at, letter.error = None, later, error[:ERROR_MAX]
    if later is None:
        letter.given_up_at = now
        note(letter, "letter_given_up", at=now, now=now)
    letter.save(update_fields=["handed_at", "send_at", "error", "given_up_at"])


@transaction.atomic
def send_again(letter_id: int, *, by: Staff, now: datetime) -> Letter:
    """Somebody decides that a letter leaves again, with the same number, after all.

    :raises NotUnsureError: if it is on its way, or has arrived.
    :raises LetterStoppedError: if it is not true any more, or its address not the customer's.
    """
    letter = lock(letter_id)
    states = letters.LetterState
    again = {states.UNSURE, states.GIVEN_UP, states.HELD}
    if letters.state(letter.travel(), now=now) not in again:
        raise NotUnsureError(NotUnsureError.__doc__)
    if why := _astray(letter):
        raise LetterStoppedError(why)
    letter_gate.check(letter, now=now)
    letter.handed_at = letter.given_up_at = letter.held_at = None
    letter.send_at, letter.tries, letter.error = now, 0, ""
    letter.save()
    note(letter, "letter_sent_again", at=now, now=now, by=by.pk)
    return letter


def withdraw(duties: Iterable[int], *, now: datetime) -> None:
    """What these letters say is owed no more: those that have not left do not leave."""
    for letter in Letter.objects.filter(duty__in=list(duties)):
        if letter.send_at is not None:
            _hold(letter, _("This has changed since it was written."), now=now)
        letter.duty = None
        letter.save(update_fields=["duty"])


def lock(letter_id: int) -> Letter:
    """Take a letter for this transaction, after its case.

    :raises UnknownLetterError: if there is no such letter.
    """
    case_id = Letter.objects.filter(pk=letter_id).values_list("case_id", flat=True).first()
    if case_id is None:
        raise UnknownLetterError(UnknownLetterError.__doc__)
    cases.lock(case_id)
    return Letter.objects.select_for_update(no_key=True, of=("self",)).get(pk=letter_id)


def note(letter: Letter, kind: str, *, at: datetime, now: datetime, by: int | None = None) -> None:
    """Say on the case's timeline what became of a letter."""
    cases.lock(letter.case_id)
    facts = {"letter": letter.pk, "by": by}
    timeline.append(case_id=letter.case_id, kind=kind, at=at, now=now, facts=facts)


def reply_token(letter: Letter) -> str:
    """The token of its reply address."""
    return token_of(bytes(letter.secret))


def return_mark(letter: Letter) -> str:
    """What stands on its envelope, and nowhere in what the customer may pass on."""
    given = letters.token(bytes(letter.secret), key=settings.SECRET_KEY, purpose="return")
    return letters.return_mark(letter.pk, given)


def token_of(secret: bytes) -> str:
    """The token of the reply address of the letter with this secret."""
    return letters.token(secret, key=settings.SECRET_KEY, purpose="reply")


def open_link(letter: Letter, *, now: datetime) -> str:
    """The token of its link to the customer's page, good from now on; the same at each try."""
    given = letters.token(bytes(letter.secret), key=settings.SECRET_KEY, purpose="link")
    links.keep_link(letter.case_id, given, now=now)
    return given


def _hold(letter: Letter, why: str, *, now: datetime) -> None:
    letter.held_at, letter.send_at, letter.error = now, None, why[:ERROR_MAX]
    letter.save(update_fields=["held_at", "send_at", "error"])
    note(letter, "letter_held", at=now, now=now)


def _build(case: Case, draft: Draft, recipient: str, *, now: datetime) -> Letter:
    letter = Letter(
        case=case,
        kind=draft.kind,
        channel=draft.channel.value,
        recipient=recipient,
        mailbox=letters.mailbox(recipient),
        subject=_subject_of(case) if draft.channel is LetterChannel.EMAIL else "",
        words=draft.words.strip(),
        is_automatic=draft.by is None,
        is_to_stranger=draft.by is None and not case.customer.is_verified,
        written_by=draft.by,
        promise=draft.tells,
        told_due_at=draft.tells.due_at if draft.tells else None,
        revision=draft.revision,
        duty=draft.duty,
        keeps=draft.keeps,
        template_id=draft.template,
        secret=secrets.token_bytes(letters.SECRET_BYTES),
        message_id=new_message_id(),
        answers_id=draft.answers_id,
        queued_at=now,
        send_at=now,
    )
    letter.reply_digest = letters.digest(reply_token(letter))
    return letter


def _subject_of(case: Case) -> str:
    return subject(case.reference, language=case.customer.language)


def subject(reference: str, *, language: str) -> str:
    """Always ours: what strangers write as a subject goes to nobody."""
    return subject_in(language) % {"reference": reference}


def subject_in(language: str) -> str:
    """The subject of every letter in a language, but for its `%(reference)s`."""
    with choice.speaking(language):
        return _("Your case %(reference)s")


def new_message_id() -> str:
    """A Message-ID that no letter has (RFC 5322, 3.6.4)."""
    domain = settings.MAIL_REPLY.rpartition("@")[2]
    return f"<{uuid.uuid4().hex}@{domain}>"


def _recipient(case: Case, channel: LetterChannel) -> str:
    customer = case.customer
    if channel is LetterChannel.EMAIL:
        if not customer.email:
            raise NoAddressError(_("No e-mail address of this customer is known."))
        return customer.email
    try:
        number = phones.read_number(customer.phone)
    except PhoneError as wrong:
        raise NoAddressError(_("No phone number of this customer is known.")) from wrong
    if not phones.may_text(number, countries=settings.SMS_COUNTRIES):
        raise NoAddressError(
            _("No text message may go to this number: it is in no country for it.")
        )
    if Mute.objects.filter(number=number).exists():
        raise NoAddressError(_("This number asked for no more text messages."))
    return number


def _astray(letter: Letter) -> str:
    """Why it must not go where it was to go; empty if its customer is still reached there."""
    try:
        theirs = _recipient(letter.case, LetterChannel(letter.channel))
    except NoAddressError as nowhere:
        return str(nowhere)
    if theirs == letter.recipient:
        return ""
    return _("The address or number on record has changed since this was written: write anew.")


def _check_rate(letter: Letter, *, now: datetime) -> None:
    """What strangers bring upon an address takes nothing from what its real owner is told."""
    lately = Letter.objects.filter(
        mailbox=letter.mailbox,
        queued_at__gt=now - letters.DAY,
        is_automatic=letter.is_automatic,
        is_to_stranger=letter.is_to_stranger,
    )
    in_day = lately.count()
    in_hour = lately.filter(queued_at__gt=now - letters.HOUR).count() if in_day else 0
    too_many = letters.is_too_many(automatic=letter.is_automatic, in_hour=in_hour, in_day=in_day)
    if too_many or (_is_strangers_receipt(letter) and _is_flood(letter, now=now)):
        raise TooManyLettersError(
            _("So much was written to this address lately that no more goes there for an hour.")
        )


def _is_strangers_receipt(letter: Letter) -> bool:
    """What anybody can bring about by a form. Whatever else is written follows what we did."""
    return letter.is_to_stranger and letter.kind == LetterKind.RECEIPT


def _is_flood(letter: Letter, *, now: datetime) -> bool:
    domain = letter.mailbox.rpartition("@")[2]
    lately = Letter.objects.filter(
        is_to_stranger=True, kind=LetterKind.RECEIPT, queued_at__gt=now - letters.HOUR
    )
    found = lately.values_list("mailbox", flat=True)[: letters.STRANGERS_PER_HOUR]
    in_domain = sum(mailbox.rpartition("@")[2] == domain for mailbox in found)
    return letters.is_flood(in_domain=in_domain, in_all=len(found))
