"""Rows that a sweep could not handle: set aside with their error, tried again alone, never lost."""

from datetime import datetime, timedelta

from django.db import transaction

from makegood.records import bulk
from makegood.records.models import Escalation, Promise, SetAside

FIRST_RETRY = timedelta(minutes=1)
LAST_RETRY = timedelta(hours=1)
MOST_DOUBLINGS = 10  # beyond it, numbers grow until they overflow


@transaction.atomic
def set_aside(promise_id: int, *, sweep: str, error: str, now: datetime) -> SetAside:
    """Let a promise's clock rest for a while, longer each time, and keep why.

    Its due time stays: the auditor counts it as overdue until it is through.
    """
    promise = Promise.objects.select_for_update(no_key=True).get(pk=promise_id)
    row, fresh = SetAside.objects.get_or_create(
        promise=promise,
        defaults={"sweep": sweep, "error": error, "first_at": now, "retry_at": now + FIRST_RETRY},
    )
    if not fresh:
        wait = min(FIRST_RETRY * 2 ** min(row.tries, MOST_DOUBLINGS), LAST_RETRY)
        row.tries, row.error, row.sweep, row.retry_at = row.tries + 1, error, sweep, now + wait
        row.save(update_fields=["tries", "error", "sweep", "retry_at"])
    _rest(promise, sweep=sweep, until=row.retry_at)
    return row


def forget_what_is_through() -> int:
    """Forget the rows that went through after all. Returns how many."""
    return bulk.forget_through()


def _rest(promise: Promise, *, sweep: str, until: datetime) -> None:
    if sweep == "speak_again":
        waiting = Escalation.objects.filter(promise=promise, speak_again_at__isnull=False)
        waiting.update(speak_again_at=until)
    elif promise.outcome is None:
        clock = "judge_at" if sweep == "judge" else "escalate_at"
        Promise.objects.filter(pk=promise.pk).update(**{clock: until})
