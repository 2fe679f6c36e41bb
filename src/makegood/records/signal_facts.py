"""What is known of a device when its signal comes: whose it is, its last change, its open case."""

from dataclasses import dataclass
from datetime import datetime

from makegood.records.models import OF_A_CASE, Asset, Case, Signal, SignalSource
from makegood.rules.signals import (
    UNSTEADY_WITHIN,
    Meaning,
    Past,
    Reader,
    SeveralDevicesError,
    UnknownDeviceError,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownPast:
    """The past of a device as the rules want it, and the open case that a signal would join."""

    facts: Past
    case: Case | None


def reader_of(source: SignalSource) -> Reader:
    """How a source writes."""
    return Reader(
        paths=source.paths,
        lost=tuple(source.states),
        back=tuple(source.back),
        kinds=tuple(source.kinds),
    )


def placed(device: str, *, team: int | None) -> tuple[Asset | None, str]:
    """The one asset in use of this id, or why there is none.

    For a token of one team only what that team answers for exists.
    """
    rows = Asset.objects.filter(external_id=device, retired_at=None)
    if team is not None:
        rows = rows.filter(service__team=team)
    found = list(rows.select_related("customer", "service").order_by("pk")[:2])
    if not found:
        return None, UnknownDeviceError.__doc__ or ""
    if len(found) > 1:
        return None, SeveralDevicesError.__doc__ or ""
    return found[0], ""


def past_of(asset: Asset, *, besides: int, at: datetime) -> KnownPast:
    """What is known of an asset, leaving out the signal that has just come."""
    case = _open_case(asset)
    rows = Signal.objects.filter(asset=asset).exclude(pk=besides)
    last = (
        rows.filter(meaning__in=[Meaning.LOST.value, Meaning.BACK.value])
        .order_by("-happened_at", "-pk")
        .first()
    )
    told = rows.filter(
        end__in=OF_A_CASE, happened_at__gt=at - UNSTEADY_WITHIN, case=case
    ).values_list("happened_at", flat=True)
    # What came before the case that is open now says nothing about it.
    is_of_it = last is not None and case is not None and last.case_id == case.pk
    facts = Past(
        meaning=Meaning(last.meaning) if last is not None and is_of_it else None,
        at=last.happened_at if last is not None else None,
        told=tuple(told) if case is not None else (),
        is_open=case is not None,
    )
    return KnownPast(facts=facts, case=case)


def _open_case(asset: Asset) -> Case | None:
    """The customer's open case of this asset, else that of an incident of its service."""
    rows = Case.objects.filter(customer=asset.customer_id, closed_at=None)
    own = rows.filter(asset=asset).order_by("pk").first()
    if own is not None or asset.service_id is None:
        return own
    hit = rows.filter(incident__service=asset.service_id, incident__over_at=None)
    return hit.order_by("pk").first()
