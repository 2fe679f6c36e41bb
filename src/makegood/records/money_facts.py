"""The settings of money: who may give what, who is close to whom, and which schemes bind.

An authority and a use of a scheme are rows that end and begin anew; what is set is the place that
they stand in, which its key names.
"""

from typing import Any

from makegood.records.models import Authority, Conflict, SchemeUse
from makegood.rules import money

_OF_A_PERSON = "staff"


def authority_key(*, staff: int | None, role: str, currency: str, activity: str) -> str:
    """The key of what a person, or everybody of a role, may give."""
    of = f"{_OF_A_PERSON}/{staff}" if staff is not None else f"role/{role}"
    return f"{of}/{currency}/{activity}"


def place_of_authority(key: str) -> dict[str, Any]:
    """The reverse of `authority_key`, as columns."""
    kind, of, currency, activity = key.split("/")
    whose = {"staff_id": int(of), "role": ""} if kind == _OF_A_PERSON else {"staff_id": None}
    return {"role": of, **whose, "currency": currency, "activity": activity}


def conflict_key(*, staff: int, customer: int) -> str:
    """The key of a closeness."""
    return f"{staff}/{customer}"


def place_of_conflict(key: str) -> dict[str, int]:
    """The reverse of `conflict_key`, as columns."""
    staff, _slash, customer = key.partition("/")
    return {"staff_id": int(staff), "customer_id": int(customer)}


def scheme_key(*, scheme: str, on: str, function: str) -> str:
    """The key of a use of a scheme."""
    return f"{scheme}/{on}/{function}"


def place_of_scheme(key: str) -> dict[str, str]:
    """The reverse of `scheme_key`, as columns."""
    scheme, on, function = key.split("/")
    return {"scheme": scheme, "on": on, "function": function}


def read_authority(key: str) -> dict[str, Any] | None:
    """What may be given now; None if nothing."""
    row = Authority.objects.filter(**place_of_authority(key), ended_at=None).first()
    if row is None:
        return None
    return {
        "staff": row.staff_id,
        "role": row.role,
        "currency": row.currency,
        "activity": row.activity,
        "to_customer": _sum(row.per_case_minor, row.currency),
        "in_all": _sum(row.per_period_minor, row.currency),
        "period_days": row.period_days,
        "small": _sum(row.small_minor, row.currency),
    }


def read_conflict(key: str) -> dict[str, Any] | None:
    """Who is close to whom; None if they are not."""
    row = Conflict.objects.filter(**place_of_conflict(key)).first()
    return None if row is None else {"staff": row.staff_id, "customer": row.customer_id}


def read_scheme(key: str) -> dict[str, Any] | None:
    """How a scheme binds the company now; None if it does not."""
    row = SchemeUse.objects.filter(**place_of_scheme(key), ended_at=None).first()
    if row is None:
        return None
    return {
        "scheme": row.scheme,
        "on": row.on,
        "function": row.function,
        "facts": row.facts,
        "is_own": row.is_own,
    }


def _sum(minor: int, currency: str) -> str:
    return f"{money.plain(minor, currency)} {currency}"
