"""The effort account of a case: what it has cost the customer so far, and what came back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from makegood.language import money, spans
from makegood.queries import plain
from makegood.rules.remedies import MONEY_KINDS


@dataclass(frozen=True, kw_only=True, slots=True)
class Effort:
    """Contacts, time and money of the customer; what arrived in return, and what is still open.

    Money that was found was theirs before, and makes nothing good. Money of one currency that
    came back settles what was lost in it, and more than that leaves nothing open.
    """

    contacts: int
    by_customer: int
    minutes: int
    time: str
    money: tuple[str, ...]
    came_back: tuple[str, ...]
    still_open: tuple[str, ...]
    is_estimated: bool


class _Sum(NamedTuple):
    """What contacts and remedies with money in one currency, or with none, add up to."""

    currency: str
    contacts: int
    by_customer: int
    minutes: int
    money_minor: int
    back_minor: int
    is_estimated: bool


_SUMS = plain.Kept("""
    SELECT currency, sum(contacts)::int AS contacts, sum(by_customer)::int AS by_customer,
           sum(minutes)::int AS minutes, sum(money_minor)::bigint AS money_minor,
           sum(back_minor)::bigint AS back_minor, bool_or(estimated) AS is_estimated
      FROM (SELECT CASE WHEN money_minor > 0 THEN currency ELSE '' END AS currency, 1 AS contacts,
                   (direction = 'inbound')::int AS by_customer,
                   hold_minutes + talk_minutes + other_minutes AS minutes,
                   money_minor, 0 AS back_minor, estimated
              FROM records_contact WHERE case_id = %(case)s AND withdrawn_at IS NULL
             UNION ALL
            SELECT currency, 0, 0, 0, 0, amount_minor, false
              FROM records_remedy
             WHERE case_id = %(case)s AND outcome = 'arrived' AND source <> 'found'
               AND amount_minor > 0 AND kind = ANY(%(money)s)) AS both_sides
     GROUP BY 1 ORDER BY 1
""")


def read_effort(case_id: int) -> Effort:
    """The account of one case, in one query."""
    rows = plain.rows(_SUMS, _Sum, case=case_id, money=sorted(MONEY_KINDS))
    minutes = sum(row.minutes for row in rows)
    return Effort(
        contacts=sum(row.contacts for row in rows),
        by_customer=sum(row.by_customer for row in rows),
        minutes=minutes,
        time=spans.length(timedelta(minutes=minutes)),
        money=_words((row.money_minor, row.currency) for row in rows),
        came_back=_words((row.back_minor, row.currency) for row in rows),
        still_open=_words((row.money_minor - row.back_minor, row.currency) for row in rows),
        is_estimated=any(row.is_estimated for row in rows),
    )


def _words(sums: Iterable[tuple[int, str]]) -> tuple[str, ...]:
    return tuple(money.in_words(minor, currency) for minor, currency in sums if minor > 0)
