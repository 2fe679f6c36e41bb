"""The effort account of a case: what the failure has cost the customer so far."""

from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from makegood.language import money, spans
from makegood.queries import plain


@dataclass(frozen=True, kw_only=True, slots=True)
class Effort:
    """Contacts, time and money of the customer."""

    contacts: int
    by_customer: int
    minutes: int
    time: str
    money: tuple[str, ...]
    is_estimated: bool


class _Sum(NamedTuple):
    """What contacts with money in one currency, or with none, add up to."""

    currency: str
    contacts: int
    by_customer: int
    minutes: int
    money_minor: int
    is_estimated: bool


_SUMS = plain.Kept("""
    SELECT CASE WHEN money_minor > 0 THEN currency ELSE '' END AS currency, count(*) AS contacts,
           count(*) FILTER (WHERE direction = 'inbound') AS by_customer,
           sum(hold_minutes + talk_minutes + other_minutes) AS minutes,
           sum(money_minor)::bigint AS money_minor, bool_or(estimated) AS is_estimated
      FROM records_contact WHERE case_id = %(case)s AND withdrawn_at IS NULL
     GROUP BY 1 ORDER BY 1
""")


def read_effort(case_id: int) -> Effort:
    """The account of one case, in one query."""
    rows = plain.rows(_SUMS, _Sum, case=case_id)
    minutes = sum(row.minutes for row in rows)
    return Effort(
        contacts=sum(row.contacts for row in rows),
        by_customer=sum(row.by_customer for row in rows),
        minutes=minutes,
        time=spans.length(timedelta(minutes=minutes)),
        money=tuple(money.in_words(row.money_minor, row.currency) for row in rows if row.currency),
        is_estimated=any(row.is_estimated for row in rows),
    )
