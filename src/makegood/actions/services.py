"""Services and assets: what customers depend on, added, changed, and retired but never deleted."""

from datetime import datetime
from typing import Final

from makegood.actions.changes import FieldError, Keeper
from makegood.records.models import Asset, Customer, Service, Team, Thing
from makegood.records.settings_facts import Facts


def _write_service(key: str | None, facts: Facts | None, now: datetime) -> str:
    if facts is None:
        raise FieldError("name", "A service is never deleted: its history names it. Retire it.")
    same = Service.objects.filter(name__iexact=facts["name"]).exclude(pk=key or 0)
    if same.exists():
        raise FieldError(
            "name", f"There is a service {facts['name']} already; choose another name."
        )
    if not Team.objects.filter(pk=facts["team"]).exists():
        raise FieldError("team", "There is no such team; choose one from the list.")
    row = Service.objects.get(pk=key) if key else Service()
    row.name, row.team_id = facts["name"], facts["team"]
    row.function, row.criticality = facts["function"], facts["criticality"]
    row.retired_at = _retired(row.retired_at, facts, now=now)
    row.save()
    return str(row.pk)


def _write_asset(key: str | None, facts: Facts | None, now: datetime) -> str:
    if facts is None:
        raise FieldError("name", "An asset is never deleted: its history names it. Retire it.")
    row = Asset.objects.get(pk=key) if key else Asset(customer=_customer(facts))
    service = facts.get("service")
    if service is not None and not Service.objects.filter(pk=service).exists():
        raise FieldError("service", "There is no such service; choose one from the list.")
    row.name, row.place, row.service_id = facts["name"], facts["place"], service
    row.function, row.criticality = facts["function"], facts["criticality"]
    row.external_id = facts["external_id"]
    row.retired_at = _retired(row.retired_at, facts, now=now)
    row.save()
    return str(row.pk)


def _customer(facts: Facts) -> Customer:
    found = Customer.objects.filter(pk=facts["customer"]).first()
    if found is None:
        raise FieldError("customer", "There is no such customer; choose one from the list.")
    return found


def _retired(since: datetime | None, facts: Facts, *, now: datetime) -> datetime | None:
    return (since or now) if facts.get("retired") else None


SERVICES: Final = Keeper(thing=Thing.SERVICE, write=_write_service)
ASSETS: Final = Keeper(thing=Thing.ASSET, write=_write_asset)
