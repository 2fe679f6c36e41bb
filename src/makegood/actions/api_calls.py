"""What another system asks for counts once: the same key again gets the same answer."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction

from makegood.actions import acting
from makegood.records.models import ApiCall

REMEMBERED_FOR = timedelta(days=1)


class KeyUsedError(Exception):
    """This key was used for another request; take a new one for each thing that is asked."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """Which system asks, by which key, and the digest of what it asks."""

    token: int
    key: str
    digest: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """A status and the body beside it."""

    status: int
    body: dict[str, Any]


@transaction.atomic
def once(
    call: Call, do: Callable[[], Answer], *, now: datetime, is_sandbox: bool = False
) -> Answer:
    """Do what is asked, unless it was done by this key; both are written, or neither.

    The same call at the same moment waits here until the first is through. In a sandbox all laws
    are asked, and then nothing of it stays.

    :raises KeyUsedError: if the key was used for something else.
    """
    ApiCall.objects.filter(at__lt=now - REMEMBERED_FOR).delete()
    try:
        with transaction.atomic():
            row = ApiCall.objects.create(
                token_id=call.token,
                key=call.key,
                digest=call.digest,
                status=0,
                answer={},
                at=now,
            )
    except IntegrityError as twice:
        if "api_call_once_per_key" not in str(twice):
            raise
        return _again(call)
    with acting.by_token(call.token):
        answer = do()
    if is_sandbox:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)
        return answer
    row.status, row.answer = answer.status, answer.body
    row.save(update_fields=["status", "answer"])
    return answer


def _again(call: Call) -> Answer:
    done = ApiCall.objects.get(token_id=call.token, key=call.key)
    if bytes(done.digest) != call.digest:
        raise KeyUsedError(KeyUsedError.__doc__)
    return Answer(status=done.status, body=done.answer)
