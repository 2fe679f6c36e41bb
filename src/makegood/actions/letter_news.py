"""News of a letter from the world: it was delivered, or came back. Now it counts as told.

News may come twice, late, or for letters of which nobody knew whether they left; a delivery that
is heard of settles that.
"""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from makegood.actions import contacts, gate, letters, promises, visits
from makegood.actions.contacts import AlreadySaidError
from makegood.actions.gate import StoppedError
from makegood.records.models import Letter, Message, MessageKind, PromiseRevision
from makegood.rules.promises import Channel, PromiseError

BY_MACHINES: Final = {MessageKind.QUESTION, MessageKind.APOLOGY}
"""What a letter may say although nobody wrote it."""


@transaction.atomic
def delivered(letter_id: int, *, at: datetime, now: datetime) -> bool:
    """It has reached the recipient's server or phone. False if that was known, or it came back.

    What it tells, says or keeps counts as of that moment; what no longer can stays as it is.

    :raises UnknownLetterError: if there is no such letter.
    """
    letter = letters.lock(letter_id)
    if letter.delivered_at is not None or letter.bounced_at is not None:
        return False
    letter.handed_at = letter.handed_at or now
    at = min(max(at, letter.handed_at), now)
    letter.delivered_at, letter.send_at, letter.given_up_at, letter.held_at = at, None, None, None
    letter.save(update_fields=["delivered_at", "handed_at", "send_at", "given_up_at", "held_at"])
    letters.note(letter, "letter_delivered", at=at, now=now)
    for count in (_tell, _say, _keep):
        count(letter, at=at, now=now)
    return True


@transaction.atomic
def bounced(letter_id: int, *, why: str, at: datetime, now: datetime) -> bool:
    """It came back: the customer was told nothing by it. False if that was known.

    It may have been said to be delivered before; what counted then was recorded in good faith, and
    the case says that the letter came back.

    :raises UnknownLetterError: if there is no such letter.
    """
    letter = letters.lock(letter_id)
    if letter.bounced_at is not None:
        return False
    letter.handed_at = letter.handed_at or now
    letter.bounced_at, letter.send_at = min(max(at, letter.handed_at), now), None
    letter.error = why[: letters.ERROR_MAX]
    letter.save(update_fields=["bounced_at", "send_at", "error", "handed_at"])
    letters.note(letter, "letter_bounced", at=letter.bounced_at, now=now)
    return True


def find_by_provider(provider_id: str, *, channel: str) -> int | None:
    """The letter that a provider knows by this number."""
    if not provider_id:
        return None
    known = Letter.objects.filter(provider_id=provider_id, channel=channel)
    return known.values_list("pk", flat=True).first()


def find_by_message_id(message_id: str) -> int | None:
    """The letter with this Message-ID."""
    return Letter.objects.filter(message_id=message_id).values_list("pk", flat=True).first()


def _evidence(letter: Letter) -> str:
    return _("Delivered as letter %(number)s.") % {"number": letter.pk}


def _tell(letter: Letter, *, at: datetime, now: datetime) -> None:
    """The customer has heard each new date; if too late, the old one stands, and breaks."""
    told = {letter.revision_id or 0, *gate.told_by(letter.case_id, letter.words)}
    for revision in PromiseRevision.objects.filter(pk__in=told, told_at=None).order_by("pk"):
        _tell_of(revision, letter, at=at, now=now)


def _tell_of(revision: PromiseRevision, letter: Letter, *, at: datetime, now: datetime) -> None:
    try:
        with transaction.atomic():
            promises.record_told(
                revision_id=revision.pk,
                at=at,
                channel=Channel(letter.channel),
                evidence=_evidence(letter),
                now=now,
            )
    except PromiseError:
        letters.note(letter, "letter_told_too_late", at=at, now=now)


def _say(letter: Letter, *, at: datetime, now: datetime) -> None:
    # Read anew: what a revision told a moment ago may have ended it.
    duty = Message.objects.filter(pk=letter.duty_id or 0).first()
    if duty is not None and duty.kind == MessageKind.VISIT:
        _tell_of_visit(letter, duty, at=at, now=now)
        return
    if duty is None or (letter.written_by is None and duty.kind not in BY_MACHINES):
        return
    try:
        with transaction.atomic():
            contacts.record_said(
                message_id=duty.pk,
                words=letter.words,
                channel=Channel(letter.channel),
                at=at,
                by=letter.written_by,
                now=now,
                is_by_letter=True,
            )
    except (AlreadySaidError, StoppedError):
        return


def _tell_of_visit(letter: Letter, duty: Message, *, at: datetime, now: datetime) -> None:
    try:
        with transaction.atomic():
            visits.tell(
                duty.pk,
                at=at,
                channel=Channel(letter.channel),
                evidence=_evidence(letter),
                now=now,
            )
    except (AlreadySaidError, PromiseError):
        return  # told with its new date just now, or too late, which was noted


def _keep(letter: Letter, *, at: datetime, now: datetime) -> None:
    """The promise that they would hear is kept by what they heard."""
    if letter.keeps is None or letter.written_by is None:
        return
    try:
        with transaction.atomic():
            promises.keep_promise(
                promise_id=letter.keeps.pk,
                at=at,
                evidence=_evidence(letter),
                by=letter.written_by,
                now=now,
            )
    except PromiseError:
        letters.note(letter, "letter_told_too_late", at=at, now=now)
