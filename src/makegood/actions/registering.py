"""Customers and assets come from another system, with no report yet."""

from datetime import datetime
from zoneinfo import available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from makegood.actions import customers
from makegood.actions.changes import FieldError
from makegood.actions.customers import NewAsset, NewCustomer
from makegood.records.models import Asset, Customer, Service
from makegood.rules.severity import Function


@transaction.atomic
def register_customer(new: NewCustomer, *, now: datetime) -> Customer:
    """Let the desk know a customer.

    :raises FieldError: if their zone, language or e-mail address is none.
    """
    if new.zone not in available_timezones():
        raise FieldError("zone", "Give an IANA time zone, such as Europe/London.")
    if new.language and new.language not in dict(settings.LANGUAGES):
        raise FieldError("language", "We do not speak this language; leave it empty.")
    if new.email:
        try:
            validate_email(new.email)
        except ValidationError as wrong:
            raise FieldError("email", "This is no e-mail address; leave it empty.") from wrong
    customer = customers.draft(new, now=now)
    customer.save()
    return customer


@transaction.atomic
def register_asset(new: NewAsset, customer: Customer, *, external_id: str = "") -> Asset:
    """Let the desk know what a customer depends on; `external_id` is the one of its own signals.

    :raises FieldError: if another asset in use has that id: a signal could mean either.
    """
    taken = Asset.objects.filter(external_id=external_id, retired_at=None)
    if external_id and taken.exists():
        raise FieldError("external_id", "Another asset has this id; retire that one first.")
    asset = customers.register_asset(new, customer)
    asset.external_id = external_id
    asset.save(update_fields=["external_id"])
    return asset


def function_of(service: Service | None) -> Function:
    """What the assets of a service are for."""
    return Function(service.function) if service else Function.INFORMATION
