"""Rows that a sweep could not handle: set aside with their error, tried again alone, never lost."""

from datetime import datetime, timedelta

from django.db import transaction

from makegood.records.models import Promise, SetAside

FIRST_RETRY = timedelta(minutes=1)
LAST_RETRY = timedelta(hours=1)


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
        wait = min(FIRST_RETRY * 2**row.tries, LAST_RETRY)
        row.tries, row.error, row.sweep, row.retry_at = row.tries + 1, error, sweep, now + wait
        row.save(update_fields=["tries", "error", "sweep", "retry_at"])
    if promise.outcome is None:
        clock = "judge_at" if sweep == "judge" else "escalate_at"
        Promise.objects.filter(pk=promise_id).update(**{clock: row.retry_at})
    return row


def through(promise_id: int) -> None:
    """Forget a row that went through after all."""
    SetAside.objects.filter(promise=promise_id).delete()
