"""Binding the company by a scheme, and no longer."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from makegood.actions.changes import Keeper
from makegood.records.models import SchemeUse, Thing
from makegood.records.money_facts import place_of_scheme
from makegood.records.settings_facts import Facts


@transaction.atomic
def use_scheme(
    scheme: str,
    *,
    on: str,
    facts: Mapping[str, Any],
    now: datetime,
    function: str = "",
    is_own: bool = False,
) -> SchemeUse:
    """Ask this scheme when a promise of that kind has broken, or on "case"; the use before ends."""
    SchemeUse.objects.filter(scheme=scheme, on=on, function=function, ended_at=None).update(
        ended_at=now
    )
    return SchemeUse.objects.create(
        scheme=scheme, on=on, function=function, facts=dict(facts), is_own=is_own, since=now
    )


def _write(key: str | None, facts: Facts | None, now: datetime) -> str:
    """Bind the company from now on, on other terms than before; None ends it."""
    place = place_of_scheme(str(key))
    if facts is None:
        SchemeUse.objects.filter(**place, ended_at=None).update(ended_at=now)
    else:
        use_scheme(
            place["scheme"],
            on=place["on"],
            function=place["function"],
            facts=facts["facts"],
            is_own=facts["is_own"],
            now=now,
        )
    return str(key)


SCHEMES: Final = Keeper(thing=Thing.SCHEME, write=_write)
