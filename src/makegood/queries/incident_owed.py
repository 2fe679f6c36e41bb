"""What a scheme would owe to those whom an incident hit: for who decides that all of them get it.

It is worked out for the first of them, each by their own facts; the rest when it is given.
"""

from dataclasses import dataclass
from datetime import datetime

from makegood.language import money
from makegood.queries.entitlements import OwedHere, read_all
from makegood.records.models import Case

LOOKED_AT = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class SchemeForAll:
    """One scheme: the most that it owes one of those looked at, and of how many it is sure."""

    scheme: str
    title: str
    is_own: bool
    most_minor: int
    most: str
    currency: str
    because: str
    sure: int
    looked_at: int
    doubts: tuple[str, ...]


def read_schemes(incident_id: int, *, now: datetime) -> tuple[SchemeForAll, ...]:
    """The schemes that owe something to those whom an incident hit."""
    rows = Case.objects.select_related("incident").filter(incident=incident_id, closed_at=None)
    cases = list(rows.order_by("pk")[:LOOKED_AT])
    by_scheme: dict[str, list[OwedHere]] = {}
    for found in read_all(cases, now=now).values():
        for one in found:
            by_scheme.setdefault(one.scheme, []).append(one)
    said = (_scheme(found, looked_at=len(cases)) for _scheme_, found in sorted(by_scheme.items()))
    return tuple(one for one in said if one.most_minor)


def _scheme(found: list[OwedHere], *, looked_at: int) -> SchemeForAll:
    most = max(found, key=lambda one: one.missing_minor)
    return SchemeForAll(
        scheme=most.scheme,
        title=most.title,
        is_own=most.is_own,
        most_minor=most.missing_minor,
        most=money.in_words(most.missing_minor, most.currency),
        currency=most.currency,
        because=most.because,
        sure=sum(one.missing_minor > 0 for one in found),
        looked_at=looked_at,
        doubts=tuple(dict.fromkeys(doubt for one in found for doubt in one.unsure)),
    )
