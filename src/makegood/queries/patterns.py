"""Customers who were given more often than chance explains: for one reviewer's page, after payment.

Only goodwill that has arrived counts, so that nobody's money ever waits for this. No other page,
letter or answer to a system reads it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from makegood.language import figures
from makegood.queries import plain
from makegood.records.models import Customer
from makegood.rules import fair_use
from makegood.rules.fair_use import ENOUGH, Pattern

WITHIN: Final = timedelta(days=365)

_PAID: Final = """
    SELECT k.customer_id AS customer, count(*) AS paid
      FROM records_remedy r JOIN records_case k ON k.id = r.case_id
     WHERE r.outcome = 'arrived' AND r.source = 'goodwill' AND r.kind <> 'waiver'
       AND r.late_for_id IS NULL AND NOT k.is_canary AND r.settled_at > %(since)s
     GROUP BY k.customer_id
"""
_NAMED: Final = """
    SELECT u.id, u.name, (SELECT count(*) FROM records_case k WHERE k.customer_id = u.id
                             AND k.known_at > %(since)s) AS cases,
           coalesce((SELECT k.reference FROM records_case k WHERE k.customer_id = u.id
                      ORDER BY k.known_at DESC, k.id DESC LIMIT 1), '') AS reference
      FROM records_customer u WHERE u.id = ANY(%(customers)s)
"""


class _Paid(NamedTuple):
    customer: int
    paid: int


class _Named(NamedTuple):
    id: int
    name: str
    cases: int
    reference: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One customer to look at, with how often this is chance after all."""

    name: str
    reference: str
    paid: int
    cases: int
    chance: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Patterns:
    """The page. `is_enough` is no where too few customers are known to say anything."""

    lines: tuple[Line, ...]
    customers: int
    is_enough: bool
    false: str


def read_patterns(*, now: datetime) -> Patterns:
    """The patterns of the last year, the clearest first."""
    since = now - WITHIN
    customers = Customer.objects.count()
    paid = {row.customer: row.paid for row in plain.rows(_PAID, _Paid, since=since)}
    found = fair_use.find(paid, customers=customers)
    return Patterns(
        lines=_lines(found, since=since),
        customers=customers,
        is_enough=customers >= ENOUGH,
        false=figures.share(fair_use.FALSE),
    )


def _lines(found: tuple[Pattern, ...], *, since: datetime) -> tuple[Line, ...]:
    wanted = [each.customer for each in found]
    named = {row.id: row for row in plain.rows(_NAMED, _Named, customers=wanted, since=since)}
    return tuple(
        Line(
            name=named[each.customer].name,
            reference=named[each.customer].reference,
            paid=each.paid,
            cases=named[each.customer].cases,
            chance=figures.share(each.false),
        )
        for each in found
    )
