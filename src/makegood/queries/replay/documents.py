"""A report as plain values for JSON, and the ranges as one line each."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, Final

from makegood.queries.replay.columns import Columns
from makegood.queries.replay.replaying import Replay
from makegood.queries.replay.report import Report
from makegood.queries.replay.times import moment

# Raised when a key changes its meaning or goes away; new keys may come at any time.
VERSION: Final = 1


def to_document(report: Report, *, now: datetime) -> dict[str, Any]:
    """The whole report: every field and derived figure, rates as shares, spans as seconds."""
    return {"makegood_replay": VERSION, "made_at": now.isoformat(), **_plain(report)}


def range_lines(replay: Replay) -> Iterator[str]:
    """Every range that was given, as JSON lines in the order of asking, in the log's zone."""
    log, asks = replay.log, replay.asks
    zone = log.clock.zone
    ids = log.ids[asks.places].tolist()
    asked = asks.asked.tolist()
    spans = [
        (a.level, a.given.tolist(), a.earliest.tolist(), a.latest.tolist()) for a in asks.answers
    ]
    for i, (id_, at) in enumerate(zip(ids, asked, strict=True)):
        for level, given, earliest, latest in spans:
            if given[i]:
                yield json.dumps(
                    {
                        "id": id_,
                        "asked_at": moment(at).astimezone(zone).isoformat(),
                        "level": level,
                        "earliest": moment(earliest[i]).astimezone(zone).isoformat(),
                        "latest": moment(latest[i]).astimezone(zone).isoformat(),
                    },
                    ensure_ascii=False,
                )


def _plain(value: Any) -> Any:  # noqa: ANN401 - any field of a report
    if isinstance(value, Columns):
        return [_plain(choice) for choice in value.choices]
    if is_dataclass(value) and not isinstance(value, type):
        names = [field.name for field in fields(value)] + _derived(type(value))
        return {name: _plain(getattr(value, name)) for name in names}
    if isinstance(value, Mapping):
        return {str(_plain(key)): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return _plain_leaf(value)


def _plain_leaf(value: Any) -> Any:  # noqa: ANN401 - as `_plain`
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    return value


def _derived(kind: type) -> list[str]:
    return [name for name, member in vars(kind).items() if isinstance(member, property)]
