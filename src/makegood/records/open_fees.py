"""Fees that a failure of ours came before, and that nobody has taken off: each with its case.

One rule for the desk and for who raises them. Of several open cases of a customer, a fee belongs
to the failure that came last before it.
"""

from typing import NamedTuple

from django.db import connection

_OPEN = """
    SELECT fee, "case", reference, title, customer, what, amount_minor, currency
      FROM (SELECT DISTINCT ON (f.id) f.id AS fee, k.id AS "case", k.owner_id, k.reference, k.title,
                   c.name AS customer, f.what, f.amount_minor, f.currency, f.charged_at
              FROM records_fee f
              JOIN records_case k ON k.customer_id = f.customer_id
              JOIN records_customer c ON c.id = f.customer_id
             WHERE f.customer_id IN (
                       SELECT customer_id FROM records_fee WHERE id = ANY(%(fees)s)
                       UNION SELECT customer_id FROM records_case
                              WHERE id = %(case)s OR owner_id = %(owner)s AND closed_at IS NULL)
               AND k.closed_at IS NULL AND NOT k.is_canary AND f.charged_at >= k.failed_at
               AND NOT EXISTS (SELECT FROM records_remedy r
                                WHERE r.fee_id = f.id AND r.outcome IS DISTINCT FROM 'released')
               AND NOT EXISTS (SELECT FROM records_approvalrequest q
                                WHERE q.fee_id = f.id AND q.decided_at IS NULL)
             ORDER BY f.id, k.failed_at DESC, k.id) charged
     WHERE fee = ANY(%(fees)s) OR owner_id = %(owner)s OR "case" = %(case)s
     ORDER BY charged_at, fee
"""


class OpenFee(NamedTuple):
    """A fee that should be taken off, on the case that caused it."""

    fee: int
    case: int
    reference: str
    title: str
    customer: str
    what: str
    amount_minor: int
    currency: str


def read(
    *, fees: list[int] | None = None, owner: int | None = None, case: int | None = None
) -> list[OpenFee]:
    """Those of some fees, of the cases of an owner, or of one case; the oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, {"fees": fees or [], "owner": owner, "case": case})
        return [OpenFee(*row) for row in cursor.fetchall()]
