"""What a customer answers, recorded and followed in one act: it is right, or it is not.

And an apology: what is owed is said, or else one that nobody had to wait for.
"""

from datetime import datetime, timedelta

from django.db import transaction

from makegood.actions import cases, contacts, reopening
from makegood.actions.contacts import Touch
from makegood.records.models import Case, Message, MessageKind, Staff
from makegood.rules.promises import Channel


@transaction.atomic
def is_right(case_id: int, touch: Touch, *, now: datetime) -> Case:
    """The customer said that it is right, which closes the case; or nothing is recorded.

    :raises CaseError: as `cases.close_case`.
    """
    answer = contacts.record_contact(case_id, touch, now=now, is_answer=True)
    return cases.close_case(case_id=case_id, answer=answer, now=now)


@transaction.atomic
def is_not_right(case_id: int, touch: Touch, *, now: datetime) -> Case:
    """The customer said that it is not right, which opens the case again; or nothing is recorded.

    :raises CaseError: as `reopening.reopen_case`.
    """
    answer = contacts.record_contact(case_id, touch, now=now, is_answer=True)
    return reopening.reopen_case(case_id=case_id, answer=answer, now=now)


@transaction.atomic
def apologise(
    case_id: int, *, words: str, channel: Channel, at: datetime, by: Staff, now: datetime
) -> Message:
    """Record an apology: for what was owed by then, else one of its own.

    :raises StoppedError: if something in the words is not true.
    """
    cases.lock(case_id)
    owed = Message.objects.filter(case=case_id, kind=MessageKind.APOLOGY, said_at=None)
    # Moments are typed by the minute.
    first = owed.filter(queued_at__lt=at + timedelta(minutes=1)).order_by("pk").first()
    if first is None:
        return contacts.apologise(case_id, words=words, channel=channel, at=at, by=by, now=now)
    return contacts.record_said(
        message_id=first.pk, words=words, channel=channel, at=at, by=by, now=now
    )
