"""A city that shows its service requests by Open311, and a desk that follows it."""

import json
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from makegood.actions import partners
from makegood.actions.partners import Wanted
from makegood.clockwork.following import Looked, follow
from makegood.gateways.outside import Answer, Call, OutsideError
from makegood.records.models import Case, Partner, Promise, Service
from makegood.rules.severity import Function
from world import MONDAY, a_person, a_team

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def said(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def a_service(name: str = "Roads") -> Service:
    return Service.objects.get_or_create(
        name=name, defaults={"function": Function.TRAVEL.value, "team": a_team()}
    )[0]


def a_partner(name: str = "The city", *, since: datetime = MONDAY - DAY, **more) -> Partner:
    a_person()
    wanted = Wanted(
        name=name,
        since=since,
        **({"url": "https://city.example/v2", "service": a_service().pk} | more),
    )
    return partners.make(wanted, by=a_person("Ada Admin"), now=MONDAY)


class City:
    """Its requests, by their number, and what it was asked."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, Any]] = {}
        self.asked: list[dict[str, str]] = []
        self.is_down = False

    def shows(self, number: str = "17", **more: Any) -> None:
        """Show a request, or change what is shown of it."""
        row = self.rows.setdefault(number, {
            "service_request_id": number, "status": "open", "service_name": "Pothole",
            "description": "A hole in the road.", "address": "3 Mill Lane",
            "requested_datetime": said(MONDAY - HOUR), "updated_datetime": said(MONDAY - HOUR),
        })  # fmt: skip
        row |= {name: said(value) if isinstance(value, datetime) else value
                for name, value in more.items()}  # fmt: skip

    def __call__(self, call: Call) -> Answer:
        if self.is_down:
            raise OutsideError("city.example was not reached: refused")
        asked = {name: values[0] for name, values in parse_qs(urlsplit(call.url).query).items()}
        self.asked.append(asked)
        rows = list(self.rows.values()) if asked["page"] == "1" else []
        return Answer(status=200, body=json.dumps(rows).encode())


def look(city: City, *, now: datetime = MONDAY, is_all: bool = False) -> Looked:
    """Look once at the one partner there is."""
    claimed = partners.claim(Partner.objects.get().pk, now=now)
    assert claimed is not None
    return follow(claimed, now=now, look=city, is_all=is_all)


def the_case() -> Case:
    return Case.objects.get(partner_request__isnull=False)


def their_words() -> list[Promise]:
    """What was promised in the name of a partner, the oldest first."""
    return list(Promise.objects.filter(speaker="partner").order_by("pk"))
