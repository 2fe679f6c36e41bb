"""When will this case be right? From the company's own cases, open ones included.

The desk suggests a promise from it: a date that its own history kept eight or nine times in ten.
"""

from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q

from makegood.records.models import Case
from makegood.rules import outlook
from makegood.rules.outlook import Like, Outlook

# Enough to know the pace of a company, and bounded in memory.
MOST: Final = 20_000
_YEAR: Final = timedelta(days=365)


def outlook_of(case: Case, *, now: datetime, next_round: datetime | None = None) -> Outlook:
    """What the company's history says about one open case, by what is broken and by team."""
    others = Case.objects.filter(
        Q(closed_at__isnull=True) | Q(closed_at__gt=now - _YEAR), is_canary=False, known_at__lt=now
    ).exclude(pk=case.pk)
    rows = others.order_by("-known_at", "-pk").values_list(
        "known_at", "closed_at", "function", "team_id"
    )[:MOST]
    return outlook.outlook(
        Like(known_at=case.known_at, done_at=None, kind=case.function, team=case.team_id),
        history=[
            Like(known_at=known_at, done_at=closed_at, kind=function, team=team)
            for known_at, closed_at, function, team in rows
        ],
        now=now,
        next_round=next_round,
    )
