"""Open cases that a report in the making may be about: the customer's own, and those near by."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.contrib.postgres.search import SearchQuery
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from makegood.queries import when
from makegood.queries.when import When
from makegood.records.models import Asset, Case, Customer, Staff
from makegood.rules.likeness import ALIKE, likeness
from makegood.rules.severity import Function

SHOWN = 4
READ_MAX = 20
NEAR_WITHIN = timedelta(days=3)
_HOUSE_NUMBER = re.compile(r"^\W*\d+\w*\W*|\W*\d+\w*\W*$")


@dataclass(frozen=True, kw_only=True, slots=True)
class InTheMaking:
    """What is known of a report so far; nothing of it must be right yet.

    `names_a_thing`: something is named that is not on record yet, so that no open case is about it.
    """

    customer_id: int
    asset_id: int
    function: str
    words: str
    postcode: str
    address: str
    names_a_thing: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class NearCase:
    """An open case, and why it is shown.

    `is_same`: the report joins it by itself. `can_join`: it is of the same customer.
    """

    id: int
    reference: str
    title: str
    customer: str
    owner: str
    reports: int
    known: When
    reasons: tuple[str, ...]
    is_same: bool
    can_join: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class _Place:
    area: str
    street: str


def find_near(report: InTheMaking, *, reader: Staff, now: datetime) -> tuple[NearCase, ...]:
    """What it may be about: the same thing first, then the customer's own, then near by."""
    zone = ZoneInfo(reader.zone)
    asset = Asset.objects.filter(pk=report.asset_id, customer=report.customer_id).first()
    function = asset.function if asset else report.function
    customer = Customer.objects.filter(pk=report.customer_id).first()
    place = _place(customer, report)
    own = _own(report, asset, function)
    others = _others(report, function, place, now=now)
    found = [
        *(_near(case, why, report, now=now, zone=zone) for case, why in own),
        *(_near(case, why, report, now=now, zone=zone) for case, why in others),
    ]
    joined = min((case.id for case in found if case.is_same), default=None)
    found = [replace(case, is_same=case.id == joined) for case in found]
    found.sort(key=lambda case: (not case.is_same, not case.can_join, -len(case.reasons)))
    return tuple(found[:SHOWN])


def open_case_of(customer_id: int, case_id: int) -> Case | None:
    """The customer's open case of this id, which a report may join."""
    return Case.objects.filter(pk=case_id, customer=customer_id, closed_at=None).first()


_Why = tuple[tuple[str, ...], bool]


def _own(report: InTheMaking, asset: Asset | None, function: str) -> Iterable[tuple[Case, _Why]]:
    is_unnamed = asset is None and not report.names_a_thing
    for case in (
        _open(Case.objects.filter(customer=report.customer_id)) if report.customer_id else ()
    ):
        by_thing = asset is not None and case.asset_id == asset.pk
        by_kind = case.function == function
        reasons = (
            _("the same thing") if by_thing else "",
            _("the same kind") if by_kind and not by_thing else "",
            _("said in like words") if likeness(case.title, report.words) >= ALIKE else "",
        )
        # As `intake` joins: by the asset, or by the kind where neither has an asset; of several
        # the oldest.
        is_same = by_thing or (is_unnamed and case.asset_id is None and by_kind)
        if any(reasons):
            yield case, (tuple(reason for reason in reasons if reason), is_same)


def _others(
    report: InTheMaking, function: str, place: _Place, *, now: datetime
) -> Iterable[tuple[Case, _Why]]:
    """Near by and of the same kind, or what else speaks for it; of an incident the newest."""
    if not place.area:
        return
    cases = Case.objects.exclude(customer=report.customer_id or None).filter(
        search__words=SearchQuery(f"'area{place.area}'", config="simple", search_type="raw"),
        known_at__gt=now - NEAR_WITHIN,
    )
    is_kind_known, incidents = function in set(Function), set[int]()
    for case in _open(cases.filter(function=function) if is_kind_known else cases):
        street = _street(case.customer.address)
        in_street = bool(street) and street == place.street
        is_alike = likeness(case.title, report.words) >= ALIKE
        is_told = case.incident_id in incidents
        if not is_told and (is_kind_known or in_street or is_alike):
            incidents |= {case.incident_id} if case.incident_id else set()
            where = _("in the same street") if in_street else _("in the same area")
            yield case, ((where, _("said in like words")) if is_alike else (where,), False)


def _open(cases: QuerySet[Case]) -> Iterable[Case]:
    rows = cases.filter(closed_at=None, is_canary=False).select_related("customer", "owner")
    return rows.annotate(report_count=Count("reports")).order_by("-known_at")[:READ_MAX]


def _near(case: Case, why: _Why, report: InTheMaking, *, now: datetime, zone: ZoneInfo) -> NearCase:
    reasons, is_same = why
    return NearCase(
        id=case.pk,
        reference=case.reference,
        title=case.title,
        customer=case.customer.name,
        owner=case.owner.name,
        reports=getattr(case, "report_count", 0),
        known=when.at(case.known_at, now=now, zone=zone),
        reasons=reasons,
        is_same=is_same,
        can_join=case.customer_id == report.customer_id,
    )


def _place(customer: Customer | None, report: InTheMaking) -> _Place:
    postcode = customer.postcode if customer else report.postcode
    area = (postcode.split() or [""])[0]
    return _Place(
        area="".join(char for char in area.lower() if char.isalnum()),
        street=_street(customer.address if customer else report.address),
    )


def _street(address: str) -> str:
    """The street of an address, without the number of the house."""
    return _HOUSE_NUMBER.sub("", address.split(",", maxsplit=1)[0].strip()).casefold()
