"""An alarm platform and its panels, whose signals tests send."""

from typing import Any

from makegood.records.models import Asset, Customer, SignalSource
from makegood.rules.severity import Function, Harm
from world import MONDAY, a_customer, a_person

PATHS = {"id": "id", "asset": "data.panel", "state": "data.link", "at": "time"}


def a_source(slug: str = "panels", **more: Any) -> SignalSource:
    facts = {
        "title": "Alarm platform",
        "paths": PATHS,
        "states": ["lost"],
        "back": ["restored"],
        "says": "Your alarm has no link to us",
        "harm": Harm.LOST.value,
        "made_by": a_person(),
        "made_at": MONDAY,
    }
    return SignalSource.objects.create(slug=slug, **(facts | more))


def a_panel(external_id: str = "P-1", customer: Customer | None = None, **more: Any) -> Asset:
    return Asset.objects.create(
        customer=customer or a_customer("Ann Field"),
        name="burglar alarm",
        function=Function.SECURITY.value,
        external_id=external_id,
        **more,
    )


def a_signal(number: int = 1, link: str = "lost", panel: str = "P-1", **more: Any):
    return {"id": f"s-{number}", "data": {"panel": panel, "link": link}} | more
