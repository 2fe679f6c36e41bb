"""How somebody stands towards a customer: their authority and what was given, as the law counts it.

The same functions of the database that refuse a remedy beyond authority answer here, so that the
desk can never offer what the database would refuse. Whose role gives nothing has no authority,
whatever stands under their name and by whichever door they or their tokens come.
"""

from datetime import datetime
from typing import Final

from makegood.records import prepared
from makegood.rules.authority import Limits, Standing
from makegood.rules.remedies import Activity
from makegood.rules.roles import Right, roles_with

_GIVERS: Final = [role.value for role in roles_with(Right.GRANT_REMEDIES)]

_STANDING = """
    SELECT a.id IS NOT NULL
             AND (SELECT role FROM records_staff WHERE id = %(staff)s) = ANY(%(givers)s),
           a.per_case_minor, a.per_period_minor, a.period_days, a.small_minor,
           given_to_person(%(customer)s, %(currency)s, %(activity)s,
                    %(now)s - make_interval(days => coalesce(a.period_days, 1))),
           given_by(%(staff)s, %(currency)s, %(activity)s,
                    %(now)s - make_interval(days => coalesce(a.period_days, 1))),
           is_ones_own(%(staff)s, %(customer)s)
      FROM authority_of(%(staff)s, %(currency)s, %(activity)s, %(now)s) a
"""


def read_standing(
    *, staff: int, customer: int, currency: str, activity: Activity, now: datetime
) -> Standing:
    """What somebody may give a customer now, in one query."""
    given: dict[str, int | str | datetime | list[str]] = {
        "staff": staff,
        "customer": customer,
        "currency": currency,
        "activity": activity.value,
        "now": now,
        "givers": _GIVERS,
    }
    row = prepared.fetch_one(_STANDING, given)
    if row is None:
        return Standing(limits=None)
    held, per_case, per_period, days, small, to_customer, by_person, is_own = row
    limits = (
        Limits(
            per_case_minor=per_case,
            per_period_minor=per_period,
            period_days=days,
            small_minor=small,
        )
        if held
        else None
    )
    return Standing(
        limits=limits,
        to_customer_minor=int(to_customer),
        by_person_minor=int(by_person),
        is_own=is_own,
    )
