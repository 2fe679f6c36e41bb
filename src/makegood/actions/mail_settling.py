"""Somebody looks at a mail that was set aside: it opens a case, joins one, or is nothing."""

from datetime import datetime

from django.db import transaction

from makegood.actions import mails
from makegood.records.models import Case, Mail, SettledAs, Staff


class MailSettledError(Exception):
    """Somebody has looked at this mail already."""


@transaction.atomic
def open_new_case(mail_id: int, *, by: Staff, now: datetime) -> Case:
    """Open a case for a mail, with whoever looks at it as the owner; nothing is sent by itself.

    Its sender becomes a customer of their own unless they have proven to be a known one: whoever
    writes in a customer's name gets into nothing of theirs.

    :raises MailSettledError: if somebody has looked at it already.
    :raises NoOwnerError: if nobody can own the case.
    """
    mail = _lock(mail_id)
    case = mails.open_for(mail, now=now, owner=by).case
    _settle(mail, SettledAs.NEW_CASE, case=case, by=by, now=now)
    mails.note(mail, "mail_received", now=now)
    return case


@transaction.atomic
def join_case(mail_id: int, case_id: int, *, by: Staff, now: datetime) -> None:
    """Somebody has made sure that a mail belongs to a case: its words join it, and are answered.

    :raises MailSettledError: if somebody has looked at it already.
    """
    mail = _lock(mail_id)
    case = Case.objects.get(pk=case_id)
    _settle(mail, SettledAs.JOINED, case=case, by=by, now=now)
    mails.answer(mail, case, now=now)


@transaction.atomic
def set_aside_for_good(mail_id: int, *, by: Staff, now: datetime) -> None:
    """Somebody has seen that a mail is nothing; it stays kept.

    :raises MailSettledError: if somebody has looked at it already.
    """
    _settle(_lock(mail_id), SettledAs.NOTHING, case=None, by=by, now=now)


def _lock(mail_id: int) -> Mail:
    mail = Mail.objects.select_for_update(no_key=True).defer("raw").get(pk=mail_id)
    if mail.settled_at is not None or not mail.aside_because:
        raise MailSettledError(MailSettledError.__doc__)
    return mail


def _settle(
    mail: Mail, settled_as: SettledAs, *, case: Case | None, by: Staff, now: datetime
) -> None:
    mail.settled_as, mail.settled_at, mail.settled_by = settled_as, now, by
    mail.case = case
    mail.save(update_fields=["settled_as", "settled_at", "settled_by", "case"])
