"""The settings of gestures, and where one stands on a case: what it waits for, what it may cost."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Sum

from makegood.records.models import Gesture, GestureBudget, GestureItem
from makegood.rules import money
from makegood.rules.gestures import Budget, Lack

_LACKS = "SELECT gesture_lacks(%s, %s)"
_BUDGET = """
    SELECT b.per_period_minor, b.period_days,
           gestures_spent(b.team_id, b.currency, %(now)s - make_interval(days => b.period_days)),
           b.currency
      FROM records_gesturebudget b
     WHERE b.team_id = %(team)s AND b.since <= %(now)s
       AND (b.ended_at IS NULL OR b.ended_at > %(now)s)
     ORDER BY b.currency, b.since
"""


def lack_of(case_id: int, *, now: datetime) -> Lack:
    """What a gesture on a case waits for."""
    with connection.cursor() as cursor:
        cursor.execute(_LACKS, [case_id, now])
        return Lack(cursor.fetchone()[0])


def budgets_of(team_id: int, *, now: datetime) -> dict[str, Budget]:
    """What a team may spend and has spent, by currency."""
    with connection.cursor() as cursor:
        cursor.execute(_BUDGET, {"team": team_id, "now": now})
        return {
            currency: Budget(per_period_minor=most, period_days=days, spent_minor=int(spent))
            for most, days, spent, currency in cursor.fetchall()
        }


def spent(held: GestureBudget, *, now: datetime) -> int:
    """What of a budget is spent within its period."""
    since = now - timedelta(days=held.period_days)
    given = Gesture.objects.filter(team=held.team_id, currency=held.currency, given_at__gt=since)
    return given.aggregate(all=Sum("cost_minor"))["all"] or 0


def given_on(case_id: int) -> Gesture | None:
    """The gesture of a case, if it has had one."""
    return Gesture.objects.select_related("given_by").filter(case=case_id).first()


def budget_key(*, team: int, currency: str) -> str:
    """The key of a team's budget."""
    return f"{team}/{currency}"


def place_of_budget(key: str) -> dict[str, Any]:
    """The reverse of `budget_key`, as columns."""
    team, _slash, currency = key.partition("/")
    return {"team_id": int(team), "currency": currency}


def read_item(key: str) -> dict[str, Any] | None:
    """Something of the catalogue; None if there is no such thing."""
    row = GestureItem.objects.filter(pk=key).first()
    if row is None:
        return None
    return {
        "name": row.name,
        "cost": f"{money.plain(row.cost_minor, row.currency)} {row.currency}",
        "retired": row.retired_at is not None,
    }


def read_budget(key: str) -> dict[str, Any] | None:
    """What a team may spend now; None if nothing."""
    row = GestureBudget.objects.filter(**place_of_budget(key), ended_at=None).first()
    if row is None:
        return None
    return {
        "team": row.team_id,
        "currency": row.currency,
        "in_all": f"{money.plain(row.per_period_minor, row.currency)} {row.currency}",
        "period_days": row.period_days,
    }
