"""Setting what gestures there are, and what each team may spend on them."""

from datetime import datetime
from typing import Any, Final

from makegood.actions.changes import FieldError, Keeper
from makegood.records.gesture_facts import place_of_budget
from makegood.records.models import GestureBudget, GestureItem, Team, Thing
from makegood.records.settings_facts import Facts
from makegood.rules import money
from makegood.rules.money import MoneyError

MOST_DAYS: Final = 366


def _write_item(key: str | None, facts: Facts | None, now: datetime) -> str:
    """Put something into the catalogue, change it, or retire it."""
    if facts is None:
        raise FieldError("name", "A gesture is never deleted: its history names it. Retire it.")
    row = GestureItem.objects.get(pk=key) if key else GestureItem()
    retired = bool(facts.get("retired"))
    same = GestureItem.objects.filter(name__iexact=facts["name"], retired_at=None)
    if not retired and same.exclude(pk=key or 0).exists():
        raise FieldError(
            "name", f"There is {facts['name']} in the catalogue already; choose another name."
        )
    row.name = facts["name"]
    row.cost_minor, row.currency = _sum("cost", facts["cost"])
    row.retired_at = (row.retired_at or now) if retired else None
    row.save()
    return str(row.pk)


def _write_budget(key: str | None, facts: Facts | None, now: datetime) -> str:
    """Begin a budget in its place, where the one before ends; None only ends it."""
    place = place_of_budget(str(key))
    terms = None if facts is None else _terms(place, facts)
    for before in GestureBudget.objects.select_for_update().filter(**place, ended_at=None):
        before.ended_at = now
        before.save(update_fields=["ended_at"])
    if terms is not None:
        GestureBudget.objects.create(**place, **terms, since=now)
    return str(key)


def _terms(place: dict[str, Any], facts: Facts) -> dict[str, int]:
    if not Team.objects.filter(pk=place["team_id"]).exists():
        raise FieldError("team", "There is no such team; choose one from the list.")
    minor, currency = _sum("in_all", facts["in_all"])
    if currency != place["currency"]:
        raise FieldError("in_all", f"This budget is in {place['currency']}; set its sum in that.")
    if not 1 <= facts["period_days"] <= MOST_DAYS:
        raise FieldError("period_days", f"A period has 1 to {MOST_DAYS} days.")
    return {"per_period_minor": minor, "period_days": facts["period_days"]}


def _sum(field: str, given: str) -> tuple[int, str]:
    """A sum with its currency, such as "5.00 GBP"."""
    amount, _space, currency = given.rpartition(" ")
    try:
        return money.parse(amount, currency), currency
    except MoneyError as wrong:
        raise FieldError(field, str(wrong)) from wrong


GESTURES: Final = Keeper(thing=Thing.GESTURE, write=_write_item)
BUDGETS: Final = Keeper(thing=Thing.BUDGET, write=_write_budget)
