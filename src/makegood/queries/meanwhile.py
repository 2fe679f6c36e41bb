"""What others did to a case while somebody was writing."""

import json
from typing import Any

from makegood.records.models import TimelineEntry

QUIET = ("escalated", "escalation_acknowledged")
"""Tellings change nothing for the customer."""

DOERS = {"handover_accepted": "to", "handover_declined": "to"}
"""Where an entry names who did it, if not under "by"."""

CONSEQUENCES = {"promise_made", "promise_kept"}
"""What nobody did by hand follows from an act that stands there too."""


def changed_by_others(case_id: int, *, since: int, reader: int) -> frozenset[int]:
    """The places on the timeline after `since` that are not the reader's own doing."""
    rows = TimelineEntry.objects.filter(case=case_id, seq__gt=since).exclude(kind__in=QUIET)
    entries = [(row.seq, row.kind, json.loads(row.body)["facts"]) for row in rows]
    return frozenset(
        seq for seq, kind, facts in entries if _is_of_others(kind, facts, reader=reader)
    )


def _is_of_others(kind: str, facts: dict[str, Any], *, reader: int) -> bool:
    by = facts.get(DOERS.get(kind, "by"))
    if by is None:
        return kind not in CONSEQUENCES
    return bool(by != reader)
