"""Touches with the customer: what was said, and what it cost them; and what was said to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from makegood.actions import askings, cases, doubts, gate, promises, silence, timeline
from makegood.actions.doubts import Statement
from makegood.actions.gate import Saying
from makegood.records.models import Case, Contact, Direction, Message, MessageKind, Staff
from makegood.rules import undoing
from makegood.rules.promises import Channel, NotYetHappenedError, Speaker
from makegood.rules.undoing import OvertakenByEventsError, UndoError


class AlreadySaidError(Exception):
    """This was said to the customer already."""


class ContactStandsError(UndoError):
    """This contact closed the case, so it stands. Open the case again if it is not right."""


class HeardOnPageError(Exception):
    """Their page records what customers send on it: name the way by which you heard it."""


class ToldByUsError(Exception):
    """Only a customer who reached us can have had to tell something again."""


class WordsMissingError(Exception):
    """Say in which words it was said."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Touch:
    """One contact as it happened. Minutes and money (minor units) are the customer's."""

    channel: Channel
    direction: Direction
    at: datetime
    note: str = ""
    staff: Staff | None = None
    hold_minutes: int = 0
    talk_minutes: int = 0
    other_minutes: int = 0
    estimated: bool = False
    told_again: bool = False
    money_minor: int = 0
    currency: str = ""


@transaction.atomic
def record_contact(
    case_id: int, touch: Touch, *, now: datetime, is_answer: bool = False
) -> Contact:
    """Record a contact on a case, open or closed. A customer who speaks is asked no longer.

    :param is_answer: what follows from it is the caller's next line.
    :raises NotYetHappenedError: if it lies in the future.
    :raises HeardOnPageError: if somebody says that they heard it on the customer's own page.
    :raises ToldByUsError: if they had to tell something again, and did not reach us.
    """
    _check_happened(touch.at, now=now)
    if touch.told_again and touch.direction != Direction.INBOUND:
        raise ToldByUsError(ToldByUsError.__doc__)
    is_theirs = touch.channel == Channel.WEB and touch.direction == Direction.INBOUND
    if is_theirs and touch.staff is not None:
        raise HeardOnPageError(HeardOnPageError.__doc__)
    cases.lock(case_id)
    contact = Contact.objects.create(
        case_id=case_id,
        channel=touch.channel.value,
        direction=touch.direction,
        happened_at=touch.at,
        recorded_at=now,
        staff=touch.staff,
        hold_minutes=touch.hold_minutes,
        talk_minutes=touch.talk_minutes,
        other_minutes=touch.other_minutes,
        estimated=touch.estimated,
        told_again=touch.told_again,
        money_minor=touch.money_minor,
        currency=touch.currency,
        note=touch.note,
    )
    facts = {
        "contact": contact.pk,
        "direction": touch.direction.value,
        "channel": touch.channel.value,
        "by": touch.staff.pk if touch.staff else None,
    }
    timeline.append(
        case_id=case_id, kind="contact", at=touch.at, now=now, facts=facts, words=touch.note
    )
    if touch.direction == Direction.OUTBOUND and touch.note:
        by = touch.staff.pk if touch.staff else None
        said = Statement(case=case_id, words=touch.note, said_at=touch.at, by=by)
        doubts.look(said, now=now)
    if touch.direction == Direction.INBOUND and not is_answer:
        silence.heard(case_id, now=now)
    return contact


@transaction.atomic
def withdraw_contact(*, contact_id: int, by: Staff, now: datetime) -> Contact:
    """Take back a contact that was recorded by mistake: it stays visible, and counts no more.

    The question that it had ended is owed anew.

    :raises TooLateToUndoError: if it was recorded more than some minutes ago.
    :raises ContactStandsError: if it closed the case.
    :raises OvertakenByEventsError: if it was taken back already.
    """
    cases.lock(Contact.objects.values_list("case_id", flat=True).get(pk=contact_id))
    contact = Contact.objects.get(pk=contact_id)
    undoing.check_time(contact.recorded_at, now=now)
    if contact.withdrawn_at is not None:
        raise OvertakenByEventsError("This contact was taken back already.")
    if Case.objects.filter(closed_by_contact=contact).exists():
        raise ContactStandsError(ContactStandsError.__doc__)
    contact.withdrawn_at, contact.withdrawn_by = now, by
    contact.save(update_fields=["withdrawn_at", "withdrawn_by"])
    facts = {"contact": contact.pk, "by": by.pk}
    timeline.append(case_id=contact.case_id, kind="contact_withdrawn", at=now, now=now, facts=facts)
    askings.ask_anew(contact, now=now)
    return contact


@transaction.atomic
def record_said(
    *,
    message_id: int,
    words: str,
    channel: Channel,
    at: datetime,
    by: Staff | None,
    now: datetime,
    is_by_letter: bool = False,
) -> Message:
    """Record that what was owed to the customer was said, in which words, when and how.

    :param by: nobody where an automatic letter said it.
    :param is_by_letter: a letter said it; its words raised their doubts as it was written.

    :raises AlreadySaidError: if it was said before.
    :raises WordsMissingError: if the words are missing.
    :raises StoppedError: if something in the words is not true.
    :raises NotYetHappenedError: if it lies in the future.
    """
    _check_said(words, at=at, now=now)
    cases.lock(Message.objects.values_list("case_id", flat=True).get(pk=message_id))
    message = Message.objects.get(pk=message_id)
    if message.said_at is not None:
        raise AlreadySaidError(AlreadySaidError.__doc__)
    _pass(message.case_id, words, channel=channel, at=at, by=by, now=now)
    message.words, message.channel = words, channel.value
    message.said_at, message.said_by = at, by
    message.save(update_fields=["words", "channel", "said_at", "said_by"])
    covered = _cover(message) if by is not None else []
    if by is not None and not is_by_letter:
        _doubt(message, at=at, by=by, now=now)
    _tell_said(message, at=at, by=by, now=now, covered=covered)
    return message


@transaction.atomic
def apologise(
    case_id: int, *, words: str, channel: Channel, at: datetime, by: Staff, now: datetime
) -> Message:
    """Record an apology that nobody had to wait for: that the failure happened is reason enough.

    :raises WordsMissingError: if the words are missing.
    :raises StoppedError: if something in the words is not true.
    :raises NotYetHappenedError: if it lies in the future.
    """
    _check_said(words, at=at, now=now)
    cases.lock(case_id)
    _pass(case_id, words, channel=channel, at=at, by=by, now=now)
    said = Message.objects.filter(case=case_id, kind=MessageKind.APOLOGY).count()
    message = Message.objects.create(
        case_id=case_id,
        kind=MessageKind.APOLOGY,
        about=f"case:{case_id}:sorry:{said + 1}",
        queued_at=at,
        said_at=at,
        said_by=by,
        channel=channel.value,
        words=words,
    )
    _doubt(message, at=at, by=by, now=now)
    _tell_said(message, at=at, by=by, now=now)
    return message


def _pass(
    case_id: int, words: str, *, channel: Channel, at: datetime, by: Staff | None, now: datetime
) -> None:
    """Past the gate; a new date in these words was told by them."""
    speaker = Speaker.PERSON if by else Speaker.SYSTEM
    saying = Saying(text=words, speaker=speaker, channel=channel, by=by, said_at=at, tells=True)
    verdict = gate.pass_or_stop(case_id, saying, now=now)
    for revision in gate.told_in(verdict):
        promises.record_told(revision_id=revision, at=at, channel=channel, evidence=words, now=now)


def _cover(said: Message) -> list[int]:
    """The other apologies that a person's one makes: for all that had broken when it was said.

    Nobody is told sorry once for each of many broken promises, least of all by the same person.
    """
    if said.kind != MessageKind.APOLOGY:
        return []
    owed = Message.objects.filter(case=said.case_id, kind=said.kind, said_at=None)
    covered = owed.filter(queued_at__lte=said.said_at)
    ids = list(covered.order_by("pk").values_list("pk", flat=True))
    owed.filter(pk__in=ids).update(
        words=said.words, channel=said.channel, said_at=said.said_at, said_by=said.said_by
    )
    return ids


def _doubt(message: Message, *, at: datetime, by: Staff, now: datetime) -> None:
    said = Statement(case=message.case_id, words=message.words, said_at=at, by=by.pk)
    doubts.look(said, now=now)


def _tell_said(
    message: Message,
    *,
    at: datetime,
    by: Staff | None,
    now: datetime,
    covered: Sequence[int] = (),
) -> None:
    facts: dict[str, Any] = {
        "message": message.pk,
        "about": message.about,
        "by": by.pk if by else None,
        "channel": message.channel,
    }
    if covered:
        facts["with"] = list(covered)
    timeline.append(
        case_id=message.case_id,
        kind=f"{message.kind}_said",
        at=at,
        now=now,
        facts=facts,
        words=message.words,
    )
    silence.was_asked(message, now=now)


def _check_said(words: str, *, at: datetime, now: datetime) -> None:
    _check_happened(at, now=now)
    if not words.strip():
        raise WordsMissingError(WordsMissingError.__doc__)


def _check_happened(at: datetime, *, now: datetime) -> None:
    if at > now:
        raise NotYetHappenedError("What was said cannot have been said in the future.")
