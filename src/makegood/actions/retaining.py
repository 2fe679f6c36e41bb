"""How long the company keeps data: set by kind, and what is over its time goes by itself."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from makegood.actions import changes, erasing
from makegood.actions.changes import Editor, FieldError, Keeper
from makegood.records import overdue_data
from makegood.records.models import Attachment, ErasedBecause, Kept, Mail, Retention, Thing
from makegood.records.settings_facts import Facts

LOOK_AGAIN: Final = timedelta(days=1)
SHORTEST, LONGEST = 30, 36_500


def keep_for(kind: Kept, days: int | None, *, editor: Editor) -> None:
    """Keep one kind of data for so many days after it was needed; None is for good.

    :raises FieldError: if that is shorter than a month or longer than a century.
    """
    if days is not None and not SHORTEST <= days <= LONGEST:
        raise FieldError("days", f"Keep it for {SHORTEST} to {LONGEST} days, or for good.")
    facts = None if days is None else {"kind": kind.value, "days": days}
    changes.keep(RETENTIONS, kind.value, facts, editor=editor)


@transaction.atomic
def forget_due(*, now: datetime, limit: int = 50) -> int:
    """Take out what is over its time, some at once; returns how many."""
    due = Retention.objects.filter(look_at__lte=now).order_by("look_at")
    term = due.select_for_update(skip_locked=True).first()
    if term is None:
        return 0
    numbers = overdue_data.over_time(Kept(term.kind), days=term.days, now=now)[:limit]
    done = _forget(Kept(term.kind), list(numbers), now=now)
    if len(done) < limit:
        Retention.objects.filter(pk=term.pk).update(look_at=now + LOOK_AGAIN)
    return len(done)


def _forget(kind: Kept, numbers: Iterable[int], *, now: datetime) -> list[int]:
    chosen = list(numbers)
    if kind is Kept.MAIL:
        Attachment.objects.filter(mail__in=chosen).delete()
        Mail.objects.filter(pk__in=chosen).delete()
        return chosen
    for customer in chosen:
        erasing.erase(customer, because=ErasedBecause.RETENTION, now=now)
    return chosen


def _write(key: str | None, facts: Facts | None, now: datetime) -> str:
    if facts is None:
        Retention.objects.filter(kind=str(key)).delete()
    else:
        Retention.objects.update_or_create(
            kind=str(key), defaults={"days": facts["days"], "look_at": now}
        )
    return str(key)


RETENTIONS: Final = Keeper(thing=Thing.RETENTION, write=_write)
