"""One letter to many: the same words, each with its own promise, reply address and link.

What `actions.letters` writes one at a time, in plain rows for a batch. They leave as any letter,
past the same gate.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings

from makegood.actions import letters
from makegood.records.models import LetterKind, Mute, Staff
from makegood.records.rows import NewLetter, NewPromise
from makegood.rules import letters as letter_rules
from makegood.rules import phones
from makegood.rules.letters import LetterChannel


@dataclass(frozen=True, kw_only=True, slots=True)
class Reader:
    """Who gets it: the customer of a case, with what is known to reach them by."""

    case: int
    reference: str
    language: str
    email: str
    phone: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """What a letter says to one reader only, the duty to say it, and what that promises, if so."""

    words: str
    duty: int
    promise: NewPromise | None


@dataclass(kw_only=True, slots=True)
class Circular:
    """The words to everybody, by one person."""

    words: str
    by: Staff
    now: datetime
    _muted: set[str] = field(default_factory=set)
    _subjects: dict[str, str] = field(default_factory=dict)

    def look_up(self, readers: Iterable[Reader]) -> None:
        """Learn which phones of some readers asked for no more text messages."""
        numbers = {_number(reader.phone) for reader in readers if not reader.email} - {""}
        self._muted = set(Mute.objects.filter(number__in=numbers).values_list("number", flat=True))

    def to(
        self,
        reader: Reader,
        *,
        id_: int,
        tells: NewPromise | None,
        keeps: int | None,
        says: Said | None = None,
    ) -> NewLetter | None:
        """The letter to one reader; None if nothing is known by which it could reach them.

        :param tells: the promise that it tells; `keeps` the promise of news that it keeps.
        :param says: what it says besides, to this one reader.
        """
        channel, recipient = self._way(reader)
        if not recipient:
            return None
        secret = secrets.token_bytes(letter_rules.SECRET_BYTES)
        return NewLetter(
            id=id_,
            case_id=reader.case,
            kind=LetterKind.WORDS.value,
            channel=channel.value,
            recipient=recipient,
            mailbox=letter_rules.mailbox(recipient),
            subject=self._subject(reader) if channel is LetterChannel.EMAIL else "",
            words=f"{self.words}\n\n{says.words}" if says else self.words,
            is_automatic=False,
            written_by_id=self.by.pk,
            promise_id=tells.id if tells else None,
            told_due_at=tells.due_at if tells else None,
            duty_id=says.duty if says else None,
            keeps_id=keeps,
            secret=secret,
            reply_digest=letter_rules.digest(letters.token_of(secret)),
            message_id=letters.new_message_id(),
            answers_id="",
            provider_id="",
            queued_at=self.now,
            send_at=self.now,
            tries=0,
            error="",
        )

    def _way(self, reader: Reader) -> tuple[LetterChannel, str]:
        if reader.email:
            return LetterChannel.EMAIL, reader.email
        number = _number(reader.phone)
        return LetterChannel.SMS, "" if number in self._muted else number

    def _subject(self, reader: Reader) -> str:
        if reader.language not in self._subjects:
            self._subjects[reader.language] = letters.subject_in(reader.language)
        return self._subjects[reader.language] % {"reference": reader.reference}


def _number(phone: str) -> str:
    return phones.number_for_texts(phone, countries=settings.SMS_COUNTRIES)
