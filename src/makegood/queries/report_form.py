"""What somebody who takes a call needs to see: who it may be, what they have, what is open."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from makegood.language import choice
from makegood.queries import outlooks, when
from makegood.queries.when import When
from makegood.records.models import (
    Asset,
    Case,
    Customer,
    Message,
    MessageKind,
    Promise,
    Report,
    Staff,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Caller:
    """The customer who is calling, and what they depend on the company for."""

    id: int
    name: str
    phone: str
    zone: str
    assets: tuple[tuple[int, str, str], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """What became of a report that was taken."""

    reference: str
    title: str
    customer: str
    owner: str
    owner_first: str
    is_mine: bool
    opened: bool
    reports: int
    sorry: str
    next_words: str
    next_due: When | None
    because: tuple[str, ...]


def get_caller(customer_id: int) -> Caller | None:
    """The chosen customer with their assets, or None."""
    row = Customer.objects.filter(pk=customer_id).first()
    if row is None:
        return None
    assets = Asset.objects.filter(customer=row, retired_at=None).order_by("name")
    return Caller(
        id=row.pk,
        name=row.name,
        phone=row.phone,
        zone=row.zone,
        assets=tuple((asset.pk, _asset_name(asset), asset.function) for asset in assets),
    )


def find_report(source: str, external_id: str) -> Report | None:
    """A report that was taken before under this id, with its case."""
    rows = Report.objects.filter(source=source, external_id=external_id)
    return rows.select_related("case").first()


def get_taken(report: Report, *, reader: Staff, now: datetime) -> Taken | None:
    """What became of a report: the case, its owner and the first promise."""
    if report.case_id is None:
        return None
    case = Case.objects.select_related("customer", "owner", "asset", "team__calendar").get(
        pk=report.case_id
    )
    zone = ZoneInfo(reader.zone)
    next_ = Promise.objects.still_open().filter(case=case).order_by("due_at").first()
    first = Report.objects.filter(case=case).order_by("pk").values_list("pk", flat=True).first()
    return Taken(
        reference=case.reference,
        title=case.title,
        customer=case.customer.name,
        owner=case.owner.name,
        owner_first=case.owner.name.split()[0],
        is_mine=case.owner_id == reader.pk,
        opened=first == report.pk,
        reports=Report.objects.filter(case=case).count(),
        sorry=_sorry(case),
        next_words=next_.words if next_ else "",
        next_due=when.due(next_, now=now, zone=zone) if next_ else None,
        because=_because(case, now=now, zone=zone),
    )


def _because(case: Case, *, now: datetime, zone: ZoneInfo) -> tuple[str, ...]:
    """What can be said when they ask "when?"; nothing of a case that is closed."""
    if case.closed_at is not None:
        return ()
    return outlooks.suggestion_for(case, now=now, zone=zone).because


def _sorry(case: Case) -> str:
    """An apology to say, in the customer's language; nothing where one was said or is owed."""
    if Message.objects.filter(case=case, kind=MessageKind.APOLOGY).exists():
        return ""
    with choice.speaking(case.customer.language):
        return _("That was our mistake, and I am sorry.")


def _asset_name(asset: Asset) -> str:
    return f"{asset.name}, {asset.place}" if asset.place else asset.name
