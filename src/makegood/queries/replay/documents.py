"""A report as plain values for JSON, and the ranges as one line each."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta, timezone
from enum import Enum
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np

from makegood.queries.replay.columns import Columns
from makegood.queries.replay.replaying import Replay
from makegood.queries.replay.report import Report
from makegood.queries.replay.times import SECOND, Moments, walls_of

# Raised when a key changes its meaning or goes away; new keys may come at any time.
VERSION: Final = 1


def to_document(report: Report, *, now: datetime) -> dict[str, Any]:
    """The whole report: every field and derived figure, rates as shares, spans as seconds."""
    return {"makegood_replay": VERSION, "made_at": now.isoformat(), **_plain(report)}


def range_lines(replay: Replay) -> Iterator[str]:
    """Every range that was given, as JSON lines by level and asking, in the log's zone."""
    log, asks = replay.log, replay.asks
    zone = log.clock.zone
    ids = [json.dumps(id_, ensure_ascii=False) for id_ in log.ids[asks.places].tolist()]
    asked = _written(asks.asked, zone=zone)
    for answers in asks.answers:
        given = np.flatnonzero(answers.given)
        earliest = _written(answers.earliest[given], zone=zone)
        # The whole second that it ends in: a deed in that second is no later than it.
        latest = _written(-(-answers.latest[given] // SECOND) * SECOND, zone=zone)
        for i, begins, ends in zip(given.tolist(), earliest, latest, strict=True):
            yield (
                f'{{"id": {ids[i]}, "asked_at": "{asked[i]}", "level": {answers.level}, '
                f'"earliest": "{begins}", "latest": "{ends}"}}'
            )


def _written(moments: Moments, *, zone: ZoneInfo) -> list[str]:
    """Moments in ISO with the offset of a zone, to the second; columns at once, for speed."""
    walls = walls_of(moments, zone=zone)
    offsets, which = np.unique(walls - moments, return_inverse=True)
    ends = [_offset(offset) for offset in offsets.tolist()]
    texts = np.datetime_as_string(walls.astype("M8[us]"), unit="s").tolist()
    return [text + ends[i] for text, i in zip(texts, which.tolist(), strict=True)]


def _offset(micros: int) -> str:
    shown = datetime(2000, 1, 1, tzinfo=timezone(timedelta(microseconds=micros))).isoformat()
    return shown.removeprefix("2000-01-01T00:00:00")


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
