"""Putting a replayed log's open requests into the desk."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

import numpy as np
from rich.console import Console
from rich.progress import track

from makegood.actions.intake import NoOwnerError
from makegood.actions.loading import Loaded, LoggedPromise, LoggedRequest, Owners, load_requests
from makegood.doors.cli.replay_words import count, shown
from makegood.language.moments import in_words
from makegood.queries.replay.ledger import BROKEN, RULINGS, Ruling
from makegood.queries.replay.replaying import Replay
from makegood.queries.replay.times import NONE, moment
from makegood.rules.promises import Precision
from makegood.rules.severity import Severity

__all__ = ["NoOwnerError", "load_open_requests", "open_requests"]

TOGETHER: Final = 50
_PROMISED: Final = (Ruling.STILL_OPEN, *BROKEN)


def load_open_requests(replay: Replay, *, team: str, now: datetime) -> str:
    """Open a case for every request that was open at the log's end; returns what was done.

    :raises NoOwnerError: if nobody can own them.
    """
    owners = Owners(team)
    requests = list(open_requests(replay))
    parts = [requests[i : i + TOGETHER] for i in range(0, len(requests), TOGETHER)]
    console = Console(stderr=True)
    hidden = not console.is_terminal
    loaded = Loaded()
    for part in track(parts, "Loading cases", console=console, disable=hidden, transient=True):
        loaded += load_requests(part, owners=owners, now=now)
    known = f" {count(loaded.known)} were in the desk already." if loaded.known else ""
    return (
        f"Opened {count(loaded.cases)} cases with {count(loaded.promises)} promises of the log."
        f"{known}"
    )


def open_requests(replay: Replay) -> Iterator[LoggedRequest]:
    """Every request that was open at the log's end, with the promises that were open with it."""
    log = replay.log
    names = shown(", ".join(file.name for file in log.files))
    for place in np.flatnonzero((log.closed == NONE) & ~log.ended).tolist():
        kind = shown(log.kinds.values[log.kinds.codes[place]])
        opened_at = moment(int(log.opened[place]))
        yield LoggedRequest(
            source=f"log {names}",
            party=names,
            external_id=shown(log.ids[place]),
            kind=kind,
            opened_at=opened_at,
            zone=log.clock.zone.key,
            severity=Severity(int(log.severities[place])),
            promises=tuple(_promises(replay, place)),
            raw={"id": log.ids[place], "kind": kind, "opened": opened_at.isoformat()},
        )


def _promises(replay: Replay, place: int) -> Iterator[LoggedPromise]:
    zone = replay.log.clock.zone
    for ledger in replay.ledgers:
        promised = ledger.promised
        if promised is None or RULINGS[ledger.rulings[place]] not in _PROMISED:
            continue
        if promised.done[place] != NONE:
            continue
        due_at = moment(int(promised.due[place]))
        precision = Precision.DATE if promised.days[place] else Precision.INSTANT
        yield LoggedPromise(
            words=f"{shown(promised.name)}: {in_words(due_at, zone=zone)}",
            due_at=due_at,
            precision=precision,
        )
