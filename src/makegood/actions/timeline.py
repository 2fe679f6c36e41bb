"""Writing the timeline: one more link on a case's chain. The caller holds the case's lock."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from makegood.actions import acting
from makegood.records.models import TimelineEntry, TimelineText
from makegood.rules import timeline


def append(
    *,
    case_id: int,
    kind: str,
    at: datetime,
    now: datetime,
    facts: Mapping[str, Any],
    words: str = "",
) -> timeline.Entry:
    """Append what happened at `at` and is recorded at `now`.

    `words` of people are kept beside the entry, which holds their salted digest only.
    """
    salt = secrets.token_bytes(16)
    with_digest = dict(facts)
    if (token := acting.token()) is not None:
        with_digest["token"] = token
    if words:
        with_digest["words"] = timeline.digest_of_words(salt, words)
    entry = timeline.link(
        _head(case_id), case=case_id, kind=kind, at=at, recorded=now, facts=with_digest
    )
    _write(entry)
    if words:
        TimelineText.objects.create(case_id=case_id, seq=entry.seq, salt=salt, words=words)
    return entry


def _head(case_id: int) -> timeline.Head:
    last = (
        TimelineEntry.objects.filter(case_id=case_id)
        .order_by("-seq")
        .values_list("seq", "hash")
        .first()
    )
    return timeline.Head(seq=last[0], hash=bytes(last[1])) if last else timeline.Head()


def _write(entry: timeline.Entry) -> None:
    TimelineEntry.objects.create(
        case_id=entry.case,
        seq=entry.seq,
        kind=entry.kind,
        happened_at=entry.happened_at,
        recorded_at=entry.recorded_at,
        body=entry.body,
        prev_seq=entry.seq - 1 or None,
        prev_hash=entry.prev_hash,
        hash=entry.hash,
    )
