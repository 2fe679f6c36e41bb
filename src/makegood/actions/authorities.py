"""Setting authority, and declaring conflicts of interest."""

from datetime import datetime
from typing import Final

from django.db import transaction

from makegood.actions.changes import FieldError, Keeper
from makegood.records.models import Authority, Conflict, Customer, Staff, Thing
from makegood.records.money_facts import place_of_authority, place_of_conflict
from makegood.records.settings_facts import Facts
from makegood.rules import money
from makegood.rules.authority import Limits
from makegood.rules.money import MoneyError
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


def _write_authority(key: str | None, facts: Facts | None, now: datetime) -> str:
    """Begin an authority in its place, where the one before ends; None only ends it."""
    place = place_of_authority(str(key))
    if facts is None:
        for held in Authority.objects.filter(**place, ended_at=None):
            end_authority(held.pk, now=now)
        return str(key)
    whose = _person(place["staff_id"]) if place["staff_id"] is not None else None
    set_authority(
        activity=Activity(place["activity"]),
        currency=place["currency"],
        limits=_limits(facts, place["currency"]),
        now=now,
        staff=whose,
        role=place["role"],
    )
    return str(key)


def _limits(facts: Facts, currency: str) -> Limits:
    sums = {
        name: _minor(name, facts[name], currency) for name in ("to_customer", "in_all", "small")
    }
    if sums["in_all"] < sums["to_customer"]:
        raise FieldError("in_all", "In all it is at least as much as to one customer.")
    if sums["small"] > sums["in_all"]:
        raise FieldError(
            "small", "A sum that silence approves is at most what may be given in all."
        )
    return Limits(
        per_case_minor=sums["to_customer"],
        per_period_minor=sums["in_all"],
        period_days=facts["period_days"],
        small_minor=sums["small"],
    )


def _minor(field: str, given: str, currency: str) -> int:
    try:
        return money.parse(given.removesuffix(currency).strip(), currency)
    except MoneyError as wrong:
        raise FieldError(field, str(wrong)) from wrong


def _person(pk: int) -> Staff:
    found = Staff.objects.people().filter(pk=pk, is_active=True).first()
    if found is None:
        raise FieldError("staff", "There is no such person; choose one from the list.")
    return found


def _write_conflict(key: str | None, facts: Facts | None, now: datetime) -> str:
    """Declare that two are close; None says that they are not."""
    place = place_of_conflict(str(key))
    if facts is None:
        Conflict.objects.filter(**place).delete()
        return str(key)
    customer = Customer.objects.filter(pk=place["customer_id"]).first()
    if customer is None:
        raise FieldError("customer", "There is no such customer; choose one from the list.")
    declare_conflict(staff=_person(place["staff_id"]), customer=customer, now=now)
    return str(key)


AUTHORITIES: Final = Keeper(thing=Thing.AUTHORITY, write=_write_authority)
CONFLICTS: Final = Keeper(thing=Thing.CONFLICT, write=_write_conflict)
