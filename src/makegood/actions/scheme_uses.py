"""Binding the company by a scheme, and no longer."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from makegood.records.models import SchemeUse


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


def stop_using(use_id: int, *, now: datetime) -> None:
    """The scheme binds the company no longer."""
    SchemeUse.objects.filter(pk=use_id, ended_at=None).update(ended_at=now)
