"""Customers and their assets, as other systems see them."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from makegood.queries.api.pages import Page, page
from makegood.records.models import Asset, Customer


@dataclass(frozen=True, kw_only=True, slots=True)
class CustomerOut:
    """Somebody whom the company serves."""

    id: str
    name: str
    email: str
    phone: str
    address: str
    postcode: str
    zone: str
    language: str
    is_vulnerable: bool
    is_verified: bool
    since: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class AssetOut:
    """What a customer depends on the company for."""

    id: int
    customer: str
    name: str
    place: str
    function: str
    criticality: str
    external_id: str
    service: int | None
    is_retired: bool


def within(team: int | None) -> QuerySet[Customer]:
    """The customers that a token reaches: all, or those who have a case with its team."""
    rows = Customer.objects.exclude(cases__is_canary=True)
    return rows if team is None else rows.filter(cases__team=team).distinct()


def customers(
    *, team: int | None, email: str = "", phone: str = "", cursor: str = "", limit: int
) -> Page[CustomerOut]:
    """Customers, the newest first; by their whole e-mail address or phone number, if asked.

    :raises CursorError: if no list gave out such a cursor.
    """
    rows = within(team)
    if email:
        rows = rows.filter(email__iexact=email)
    if phone:
        rows = rows.filter(phone=phone)
    return page(rows, lambda found: [shown(row) for row in found], cursor=cursor, limit=limit)


def shown(row: Customer) -> CustomerOut:
    """A customer, as they are shown."""
    return CustomerOut(
        id=str(row.uuid),
        name=row.name,
        email=row.email,
        phone=row.phone,
        address=row.address,
        postcode=row.postcode,
        zone=row.zone,
        language=row.language,
        is_vulnerable=row.vulnerable,
        is_verified=row.is_verified,
        since=row.since,
    )


def assets(customer: Customer) -> tuple[AssetOut, ...]:
    """What a customer depends on."""
    rows = Asset.objects.filter(customer=customer).select_related("customer")
    return tuple(shown_asset(row) for row in rows.order_by("pk"))


def shown_asset(row: Asset) -> AssetOut:
    """An asset, as it is shown."""
    return AssetOut(
        id=row.pk,
        customer=str(row.customer.uuid),
        name=row.name,
        place=row.place,
        function=row.function,
        criticality=row.criticality,
        external_id=row.external_id,
        service=row.service_id,
        is_retired=row.retired_at is not None,
    )
