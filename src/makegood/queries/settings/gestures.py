"""The lists of gestures: the catalogue, and what each team may spend and has spent."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from makegood.language import money
from makegood.queries.settings.tables import Cell, Row, Table, page_of
from makegood.records import gesture_facts
from makegood.records.models import GestureBudget, GestureItem

ITEM_HEADS: Final = (lazy("What"), lazy("What it costs us"))
BUDGET_HEADS: Final = (lazy("Team"), lazy("Budget"), lazy("Spent of it"))
_ALL: Final = 10_000


def items() -> Table:
    """The catalogue."""
    return page_of(item_rows(), heads=ITEM_HEADS, number=1, size=_ALL)


def item_rows() -> Iterator[Row]:
    """Everything in the catalogue, what is retired last."""
    for row in GestureItem.objects.order_by("retired_at", "name"):
        is_past = row.retired_at is not None
        yield Row(
            key=str(row.pk),
            cells=(
                Cell(words=row.name, sub=_("retired") if is_past else ""),
                Cell(words=money.in_words(row.cost_minor, row.currency)),
            ),
            is_past=is_past,
        )


def budgets(*, now: datetime) -> Table:
    """What each team may spend."""
    return page_of(budget_rows(now=now), heads=BUDGET_HEADS, number=1, size=_ALL)


def budget_rows(*, now: datetime) -> Iterator[Row]:
    """Every budget that holds, with what is spent of it."""
    held = GestureBudget.objects.filter(ended_at=None).select_related("team")
    for row in held.order_by("team__name", "currency"):
        spent = gesture_facts.spent(row, now=now)
        yield Row(
            key=str(row.pk),
            cells=(
                Cell(words=row.team.name),
                Cell(
                    words=money.in_words(row.per_period_minor, row.currency),
                    sub=_("within %(days)s days") % {"days": row.period_days},
                ),
                Cell(words=money.in_words(spent, row.currency)),
            ),
        )


def key_of_budget(budget_id: int) -> str | None:
    """The place that a budget stands or stood in; None if there is no such row."""
    row = GestureBudget.objects.filter(pk=budget_id).first()
    if row is None:
        return None
    return gesture_facts.budget_key(team=row.team_id, currency=row.currency)
