"""What is set of the doors for other systems, as plain values: signal sources and partners."""

from collections.abc import Mapping
from typing import Any

from makegood.records.models import Partner, SignalSource

_HINT = 4


def read_source(key: str) -> Mapping[str, Any] | None:
    """How a platform is read."""
    row = SignalSource.objects.filter(pk=key).first()
    if row is None:
        return None
    return {
        "name": row.title,
        "says": row.says,
        "harm": row.harm,
        "places": dict(row.paths),
        "states": list(row.states),
        "back": list(row.back),
        "kinds": list(row.kinds),
        "retired": row.retired_at is not None,
    }


def read_partner(key: str) -> Mapping[str, Any] | None:
    """How a partner is followed; of its key only how it ends."""
    row = Partner.objects.filter(pk=key).first()
    if row is None:
        return None
    return {
        "name": row.name,
        "address": row.url,
        "jurisdiction": row.jurisdiction,
        "key": f"…{row.api_key[-_HINT:]}" if row.api_key else "",
        "codes": list(row.codes),
        "service": row.service_id,
        "since": row.since.isoformat(),
        "stopped": row.stopped_at is not None,
    }
