"""A form that was sent twice counts once, whoever or whatever sent it again."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from django.db import IntegrityError, transaction

from makegood.records.models import SentForm, Staff

REMEMBERED_FOR = timedelta(days=1)
Result = TypeVar("Result")


class FormSentTwiceError(Exception):
    """This form was sent before, and has done what it says."""


@transaction.atomic
def once(key: UUID, do: Callable[[], Result], *, by: Staff, now: datetime) -> Result:
    """Do what a form asks, if its key was not used yet; both are written, or neither.

    A second sending at the same moment waits here until the first is through.

    :raises FormSentTwiceError: if the form has done its work before.
    """
    SentForm.objects.filter(staff=by, sent_at__lt=now - REMEMBERED_FOR).delete()
    try:
        with transaction.atomic():
            SentForm.objects.create(staff=by, key=key, sent_at=now)
    except IntegrityError as twice:
        raise FormSentTwiceError(FormSentTwiceError.__doc__) from twice
    return do()
