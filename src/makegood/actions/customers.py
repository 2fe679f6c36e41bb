"""Customers come by the phone: registered with the report that they make, or not at all."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from makegood.actions import intake
from makegood.actions.intake import News, Received
from makegood.records.models import Asset, Criticality, Customer, Service, Staff
from makegood.rules.severity import Function


@dataclass(frozen=True, kw_only=True, slots=True)
class NewCustomer:
    """Somebody whom the company did not know, or did not find."""

    name: str
    zone: str
    phone: str = ""
    email: str = ""
    address: str = ""
    postcode: str = ""
    vulnerable: bool = False
    is_verified: bool = True
    language: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class NewAsset:
    """What the customer depends on the company for."""

    name: str
    function: Function
    place: str = ""
    service: Service | None = None


@transaction.atomic
def take_report(
    news: News,
    *,
    owner: Staff | None,
    now: datetime,
    asset: NewAsset | None = None,
    joins: int | None = None,
) -> Received:
    """Take in a report whose customer or asset may be new, both or neither.

    `joins` is the customer's open case that it is about, where somebody has said so.
    `news.failure.customer` may be unsaved (see `draft`). When the report had been taken before,
    nothing of it is written again.

    :raises NoOwnerError: if nobody can own it.
    """
    failure = news.failure
    if not failure.customer.pk:
        failure.customer.save()
    if asset is not None:
        failure = replace(failure, asset=register_asset(asset, failure.customer))
    received = intake.receive_report(
        replace(news, failure=failure), owner=owner, joins=joins, now=now
    )
    if received.seen_before:
        transaction.set_rollback(True)
    return received


def draft(customer: NewCustomer, *, now: datetime) -> Customer:
    """The record of a new customer, not written yet."""
    return Customer(
        name=customer.name,
        zone=customer.zone,
        phone=customer.phone,
        email=customer.email,
        address=customer.address,
        postcode=customer.postcode,
        vulnerable=customer.vulnerable,
        is_verified=customer.is_verified,
        language=customer.language,
        since=now,
    )


def register_asset(asset: NewAsset, customer: Customer) -> Asset:
    """Write what a customer depends on; of a service, it is as critical as that."""
    return Asset.objects.create(
        customer=customer,
        name=asset.name,
        place=asset.place,
        function=asset.function.value,
        service=asset.service,
        criticality=asset.service.criticality if asset.service else Criticality.ORDINARY,
    )
