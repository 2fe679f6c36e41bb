"""What machines say: weighed by the gate, and once it is said, on record and honoured.

A chatbot's word binds the company like a person's, so its promises are recorded as it speaks.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from makegood.actions import cases, contacts, gate, promises, spoken
from makegood.actions.contacts import Touch
from makegood.actions.drafts import Word
from makegood.actions.gate import Saying, StoppedError
from makegood.actions.spoken import Giver
from makegood.records.models import Case, Direction, Promise
from makegood.rules.capture.promises import Captured
from makegood.rules.gate.verdict import Verdict
from makegood.rules.promises import Channel, Speaker


class NoSuchCaseError(Exception):
    """There is no case of this reference."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What a machine wants to say, to the customer of which case; it may have none yet."""

    text: str
    reference: str
    token: int
    speaker: str
    channel: Channel
    may_promise: bool = False

    def saying(self) -> Saying:
        """As the gate takes it."""
        return Saying(
            text=self.text,
            speaker=Speaker.BOT,
            channel=self.channel,
            token=self.token,
            may_promise=self.may_promise,
            tells=True,
        )

    def word(self, said: Captured, *, now: datetime) -> Word:
        """A promise in it, as it goes on record."""
        given = Giver(speaker=Speaker.BOT, name=self.speaker, channel=self.channel)
        return spoken.word_of(said, given, now=now)


@dataclass(frozen=True, kw_only=True, slots=True)
class Weighed:
    """What the gate says of it, and which promises it made, if it was said."""

    verdict: Verdict
    said: bool = False
    promises: tuple[Promise, ...] = ()


def weigh(asked: Asked, *, now: datetime) -> Weighed:
    """What the gate says of a text; nothing is said or written.

    :raises NoSuchCaseError: if the case is not known.
    """
    if not asked.reference:
        return Weighed(verdict=gate.check_without_case(asked.saying(), now=now))
    try:
        return Weighed(verdict=gate.check(asked.reference.upper(), asked.saying(), now=now))
    except Case.DoesNotExist as unknown:
        raise NoSuchCaseError(NoSuchCaseError.__doc__) from unknown


@transaction.atomic
def say(asked: Asked, *, now: datetime) -> Weighed:
    """Let a machine say it, if it may be said: the contact and its promises are on record.

    A new date that it says was told by it, and counts from now on.

    :raises NoSuchCaseError: if the case is not known.
    :raises ClosedCaseError: if something is promised, and the case is closed.
    """
    case = cases.lock(_case_id(asked.reference))
    try:
        verdict = gate.pass_or_stop(case.pk, asked.saying(), now=now)
    except StoppedError as stopped:
        return Weighed(verdict=stopped.verdict)
    made = tuple(
        promises.make_promise(case.pk, asked.word(one, now=now), now=now) for one in verdict.new
    )
    for revision in gate.told_in(verdict):
        evidence = f"Said by {asked.speaker}: {asked.text}"
        promises.record_told(
            revision_id=revision, at=now, channel=asked.channel, evidence=evidence, now=now
        )
    touch = Touch(channel=asked.channel, direction=Direction.OUTBOUND, at=now, note=asked.text)
    contacts.record_contact(case.pk, touch, now=now)
    return Weighed(verdict=verdict, said=True, promises=made)


def _case_id(reference: str) -> int:
    found = Case.objects.filter(reference=reference.upper(), is_canary=False)
    case_id = found.values_list("pk", flat=True).first()
    if case_id is None:
        raise NoSuchCaseError(NoSuchCaseError.__doc__)
    return case_id
