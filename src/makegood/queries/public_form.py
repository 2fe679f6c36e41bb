"""What the public form shows: services in people's words, and what is known of a district.

Of what others reported, only their number is ever said, and when the next news of it is due.
"""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from makegood.queries import when
from makegood.queries.labels import SERVICES
from makegood.queries.when import When
from makegood.records.models import Case, KnownFailure, Promise, PromiseKind, Service
from makegood.rules import known, places
from makegood.rules.severity import Function


@dataclass(frozen=True, kw_only=True, slots=True)
class Offered:
    """One thing that can be reported: `key` is what the form sends."""

    key: str
    name: str
    function: Function
    service: Service | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """A failure that others reported too."""

    others: int
    area: str
    thing: str
    news: When | None


def read_offered() -> tuple[Offered, ...]:
    """What the company does, by its own names; by what things are for, if it has named none."""
    rows = Service.objects.filter(retired_at=None).order_by("name")
    named = tuple(
        Offered(
            key=f"service:{row.pk}", name=row.name, function=Function(row.function), service=row
        )
        for row in rows
    )
    return named or tuple(
        Offered(key=f"function:{function.value}", name=str(SERVICES[function]), function=function)
        for function in Function
    )


def find_known(what: Offered, *, postcode: str, now: datetime) -> Known | None:
    """What others in the same district reported, if that may be said."""
    area = places.area_of(postcode)
    failure = KnownFailure.objects.filter(what=what.key, area=area).first() if area else None
    if failure is None:
        return None
    cases = list(
        Case.objects.filter(known_failure=failure, closed_at=None)
        .select_related("team__calendar")
        .order_by("pk")
    )
    if not known.is_said(
        is_public=failure.is_public, function=what.function, open_cases=len(cases)
    ):
        return None
    return Known(others=len(cases), area=area, thing=what.name, news=_next_news(cases[0], now=now))


def _next_news(case: Case, *, now: datetime) -> When | None:
    rows = Promise.objects.still_open().filter(case=case, kind=PromiseKind.NEWS, due_at__gt=now)
    news = rows.order_by("due_at").first()
    zone = ZoneInfo(case.team.calendar.zone)
    return when.due(news, now=now, zone=zone) if news else None
