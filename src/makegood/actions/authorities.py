"""Setting authority, and declaring conflicts of interest."""

from datetime import datetime

from django.db import transaction

from makegood.records.models import Authority, Conflict, Customer, Staff
from makegood.rules.authority import Limits
from makegood.rules.remedies import Activity


@transaction.atomic
def set_authority(
    *,
    activity: Activity,
    currency: str,
    limits: Limits,
    now: datetime,
    by: Staff | None = None,
    staff: Staff | None = None,
    role: str = "",
) -> Authority:
    """Give a person, or everybody of a role, an authority; the one before ends with it."""
    of = {"staff": staff, "role": role, "currency": currency, "activity": activity.value}
    for before in Authority.objects.select_for_update().filter(**of, ended_at=None):
        before.ended_at = now
        before.save(update_fields=["ended_at"])
    return Authority.objects.create(
        **of,
        per_case_minor=limits.per_case_minor,
        per_period_minor=limits.per_period_minor,
        period_days=limits.period_days,
        small_minor=limits.small_minor,
        since=now,
        set_by=by,
    )


@transaction.atomic
def end_authority(authority_id: int, *, now: datetime) -> None:
    """End an authority: nothing is given by it from now on."""
    held = Authority.objects.select_for_update().get(pk=authority_id)
    if held.ended_at is None:
        held.ended_at = now
        held.save(update_fields=["ended_at"])


def declare_conflict(
    *, staff: Staff, customer: Customer, now: datetime, by: Staff | None = None
) -> Conflict:
    """Declare that somebody is a customer, or close to one. Twice changes nothing."""
    return Conflict.objects.get_or_create(
        staff=staff, customer=customer, defaults={"declared_at": now, "declared_by": by}
    )[0]
