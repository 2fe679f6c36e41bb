"""The timeline in the file of a case: each link of the chain, and what was promised then."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from makegood.queries import case_timeline
from makegood.records.models import Case, Promise, TimelineEntry, TimelineText

_SETTLES = frozenset(
    {"promise_kept", "promise_broken", "promise_released", "promise_replaced", "done_late"}
)
_Row = dict[str, Any]


def read_entries(
    case: Case,
    promises: Iterable[Promise],
    *,
    names: Mapping[int, str],
    now: datetime,
) -> list[_Row]:
    """Every entry with its link of the chain; three queries and those of the sentences."""
    words = {row.seq: row for row in TimelineText.objects.filter(case=case)}
    sentences = case_timeline.read_sentences(
        case.pk,
        names=names,
        speakers={row.pk: row.speaker_name for row in promises},
        now=now,
        zone=ZoneInfo(case.customer.zone),
    )
    open_then: list[int] = []
    found: list[_Row] = []
    for row in TimelineEntry.objects.filter(case=case).order_by("seq"):
        body = json.loads(row.body)
        _follow(open_then, row.kind, body["facts"])
        entry: _Row = {
            "seq": row.seq,
            "kind": row.kind,
            "happened_at": body["at"],
            "recorded_at": body["recorded"],
            "sentence": sentences.get(row.seq, ""),
            "promised_then": list(open_then),
            "body": row.body,
            "prev_hash": bytes(row.prev_hash).hex(),
            "hash": bytes(row.hash).hex(),
        }
        found.append(entry | _words(words.get(row.seq)))
    return found


def _words(said: TimelineText | None) -> _Row:
    """What people wrote, with what its hash is made of; nothing once it was erased."""
    return {"words": said.words, "salt": bytes(said.salt).hex()} if said is not None else {}


def _follow(open_then: list[int], kind: str, facts: Mapping[str, Any]) -> None:
    """Keep the list of promises that were open once an entry was written."""
    promise = facts.get("promise")
    if kind == "promise_made" and promise is not None:
        open_then.append(promise)
    elif kind in _SETTLES and promise in open_then:
        open_then.remove(promise)
    elif kind == "kept_taken_back" and facts.get("again") is not None:
        open_then.append(facts["again"])
