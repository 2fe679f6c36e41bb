"""How severe a report in the making will be: by what is broken, before it is taken."""

from dataclasses import dataclass

from makegood.queries import because
from makegood.queries.near_cases import InTheMaking, NearCase
from makegood.records.models import Asset, Case, Criticality, Customer
from makegood.rules.severity import Assessment, Exposure, Function, Harm, Severity, assess


@dataclass(frozen=True, kw_only=True, slots=True)
class Ahead:
    """The severity that the case has once the report is taken, and why."""

    severity: int
    because: str


@dataclass(frozen=True, kw_only=True, slots=True)
class _Broken:
    function: str
    harm: str
    asset: Asset | None
    exposure: str = Exposure.ORDINARY


def look_ahead(
    report: InTheMaking, *, harm: str, vulnerable: bool, joins: NearCase | None
) -> Ahead | None:
    """How severe it is, as `intake` will say; None while nobody knows what is broken.

    :param joins: the open case that the report joins by itself, and may raise.
    """
    asset = Asset.objects.filter(pk=report.asset_id, customer=report.customer_id).first()
    told = _Broken(function=asset.function if asset else report.function, harm=harm, asset=asset)
    if told.function not in set(Function) or harm not in set(Harm):
        return None
    customer = Customer.objects.filter(pk=report.customer_id).first()
    is_vulnerable = customer.vulnerable if customer else vulnerable
    worst = min(_assessed(told, is_vulnerable, joins), key=lambda known: known.severity)
    return Ahead(severity=int(worst.severity), because=because.in_words(worst.because))


def _assessed(told: _Broken, vulnerable: bool, joins: NearCase | None) -> list[Assessment]:  # noqa: FBT001 - a fact
    if joins is None:
        return [_assess(told, vulnerable, repeats=0)]
    case = Case.objects.select_related("asset").get(pk=joins.id)
    known = _Broken(
        function=case.function, harm=case.harm, exposure=case.exposure, asset=case.asset
    )
    return [
        Assessment(severity=Severity(case.severity), because=case.severity_because),
        _assess(known, vulnerable, repeats=joins.reports),
        _assess(told, vulnerable, repeats=joins.reports),
    ]


def _assess(broken: _Broken, vulnerable: bool, *, repeats: int) -> Assessment:  # noqa: FBT001 - a fact
    return assess(
        function=Function(broken.function),
        harm=Harm(broken.harm),
        exposure=Exposure.VULNERABLE if vulnerable else Exposure(broken.exposure),
        critical=bool(broken.asset and broken.asset.criticality == Criticality.CRITICAL),
        repeats=repeats,
    )
