"""The gesture of a case: what may be given that nobody promised, or what was."""

from dataclasses import dataclass
from datetime import datetime

from makegood.language import money
from makegood.records import gesture_facts
from makegood.records.models import Case, GestureItem
from makegood.rules.gestures import Lack


@dataclass(frozen=True, kw_only=True, slots=True)
class GestureChoice:
    """Something of the catalogue that the team's budget reaches for. The cost stays with us."""

    id: int
    name: str
    cost: str


@dataclass(frozen=True, kw_only=True, slots=True)
class GestureCard:
    """What a case shows of gestures; `given` is empty while there is a choice."""

    choices: tuple[GestureChoice, ...] = ()
    given: str = ""
    by: str = ""


def read_card(case: Case, lack: str | None, *, now: datetime) -> GestureCard | None:
    """The card, if its time has come: all put right, and a budget that reaches for something."""
    if lack == Lack.GIVEN:
        given = gesture_facts.given_on(case.pk)
        return GestureCard(given=given.what, by=given.given_by.name) if given else None
    choices = _choices(case.team_id, now=now) if lack == Lack.NOTHING else ()
    return GestureCard(choices=choices) if choices else None


def _choices(team: int, *, now: datetime) -> tuple[GestureChoice, ...]:
    budgets = gesture_facts.budgets_of(team, now=now)
    items = GestureItem.objects.filter(retired_at=None, currency__in=list(budgets))
    return tuple(
        GestureChoice(
            id=item.pk, name=item.name, cost=money.in_words(item.cost_minor, item.currency)
        )
        for item in items.order_by("cost_minor", "name")
        if item.cost_minor <= budgets[item.currency].room_minor
    )
