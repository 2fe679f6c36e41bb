"""The metrics of money: what customers lost and are owed, what was given, what was held back."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from makegood.rules.metrics.facts import Case
from makegood.rules.metrics.samples import CAUSE_COST, Sample

RELENTED_WITHIN = timedelta(hours=24)
WHY, KEPT_BACK, REFUSED, RELENTED, WAITED = "why:", "kept_back", "refused", "relented", "waited"
"""M20, by reason: not offered; said no; said no and gave it within a day; gave it once asked."""


def count(case: Case) -> Iterator[Sample]:
    """All of them for one case."""
    yield from _at_risk(case)
    yield from _given(case)
    yield from _honoured(case)
    yield from _held_back(case)
    yield from _leaked(case)


def _at_risk(case: Case) -> Iterator[Sample]:
    """M09: what the failure cost the customer and has not come back to them yet."""
    lost: Counter[str] = Counter()
    for touch in case.touches:
        if touch.lost_minor:
            lost[touch.currency] += touch.lost_minor
    for given in case.remedies:
        if given.arrived_at is not None and given.makes_good_money and given.currency in lost:
            lost[given.currency] -= given.amount_minor
    for currency, minor in sorted(lost.items()):
        yield Sample(metric="M09", at=case.known_at, value=max(minor, 0), key=currency)


def _given(case: Case) -> Iterator[Sample]:
    for given in case.remedies:
        if given.is_released:
            continue
        yield Sample(metric="M16", at=given.at, value=given.amount_minor, key=given.currency)
        yield Sample(metric="M21", at=given.at, value=int(not given.needed_approval))
        yield Sample(metric="M22", at=given.at, value=int(not given.was_asked))
        if case.cause:
            key = f"{case.cause}|{given.currency}"
            yield Sample(metric=CAUSE_COST, at=given.at, value=given.amount_minor, key=key)


def _honoured(case: Case) -> Iterator[Sample]:
    """M16 as well: what it cost to do what was promised by mistake."""
    for one in case.late:
        if one.own_minor:
            yield Sample(metric="M16", at=one.at, value=one.own_minor, key=one.currency)


def _held_back(case: Case) -> Iterator[Sample]:
    """M20: of what could be given, what was not, or only after they asked or it was refused."""
    given_at = [given.at for given in case.remedies]
    for held in case.withheld:
        relented = any(_is_relenting(held.at, at) for at in given_at)
        why = RELENTED if relented else REFUSED if held.was_asked else KEPT_BACK
        yield from _could(held.at, why)
    for given in case.remedies:
        was_refused = any(_is_relenting(held.at, given.at) for held in case.withheld)
        if given.was_waited_for and not was_refused and not given.is_released:
            yield from _could(given.at, WAITED)
        elif not was_refused and not given.is_released:
            yield Sample(metric="M20", at=given.at, value=0)


def _is_relenting(refused_at: datetime, given_at: datetime) -> bool:
    return timedelta(0) <= given_at - refused_at <= RELENTED_WITHIN


def _could(at: datetime, why: str) -> Iterator[Sample]:
    yield Sample(metric="M20", at=at, value=1)
    yield Sample(metric="M20", at=at, value=1, key=f"{WHY}{why}")


def _leaked(case: Case) -> Iterator[Sample]:
    """M23: what a scheme owes and was not paid when it had to be."""
    for owing in case.owings:
        if owing.pay_by < case.as_of:
            yield Sample(
                metric="M23", at=owing.pay_by, value=owing.missing_minor, key=owing.currency
            )
    for given in case.remedies:
        late = given.pay_by is not None and given.pay_by < (given.arrived_at or case.as_of)
        if given.pay_by is not None and late and not given.is_released:
            unpaid = given.amount_minor if given.arrived_at is None else 0
            yield Sample(metric="M23", at=given.pay_by, value=unpaid, key=given.currency)
