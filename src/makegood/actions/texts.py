"""Text messages that come in: words from a number, which proves nobody.

They are a contact on the one open case of the one customer with this number, and nothing more:
no promise is made, moved or ended by them. "STOP" ends text messages to the number, and "START"
lets them come again. "YES" does neither, though some carriers read it so: it answers anything.
"""

import hashlib
from datetime import datetime

from django.db import transaction

from makegood.actions import contacts
from makegood.actions.contacts import Touch
from makegood.records.models import AsideBecause, Case, Direction, Letter, Mail, MailKind, Mute
from makegood.rules import phones
from makegood.rules.letters import LetterChannel
from makegood.rules.phones import PhoneError
from makegood.rules.promises import Channel

SOURCE = "sms"
STOP = frozenset({"stop", "stopp", "stop all", "stopall", "unsubscribe", "cancel", "end", "quit"})

START = frozenset({"start", "unstop"})


@transaction.atomic
def receive(number: str, words: str, *, key: str, now: datetime) -> Mail:
    """Take a text message in, once per key; one that belongs to no case is set aside."""
    seen = Mail.objects.filter(source=SOURCE, place=key).first()
    if seen is not None:
        return seen
    number = _number(number)
    if number:
        _hear(number, " ".join(words.lower().split()).strip(" .!"), now=now)
    case = _one_case(number) if number else None
    kept = Mail.objects.create(
        source=SOURCE,
        place=key,
        kind=MailKind.REPLY if case else MailKind.ASIDE,
        raw=words.encode(),
        digest=hashlib.sha256(f"{key} {words}".encode()).digest(),
        sender=number,
        words=words,
        case=case,
        received_at=now,
        aside_because="" if case else AsideBecause.UNPROVEN.value,
    )
    if case is not None:
        touch = Touch(channel=Channel.SMS, direction=Direction.INBOUND, at=now, note=words)
        contacts.record_contact(case.pk, touch, now=now)
    return kept


def _hear(number: str, word: str, *, now: datetime) -> None:
    if word in STOP:
        Mute.objects.get_or_create(number=number, defaults={"asked_at": now})
    elif word in START:
        Mute.objects.filter(number=number).delete()


def _number(given: str) -> str:
    try:
        return phones.read_number(given)
    except PhoneError:
        return ""


def _one_case(number: str) -> Case | None:
    """The open case to which texts of this number could belong, if there is but one."""
    written = Letter.objects.filter(channel=LetterChannel.SMS, recipient=number)
    cases = Case.objects.filter(pk__in=written.values("case"), closed_at=None)[:2]
    return cases[0] if len(cases) == 1 else None
