"""Putting a replayed log into the desk: what is open as cases, what is over onto the wall."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final, TypeVar

import numpy as np
from rich.console import Console
from rich.progress import track

from makegood.actions.intake import NoOwnerError
from makegood.actions.loading import Loaded, LoggedPromise, LoggedRequest, Owners, load_requests
from makegood.actions.past_promises import LoggedOutcome, keep_past
from makegood.doors.cli.replay_words import count, shown
from makegood.language.moments import in_words
from makegood.queries.replay.ledger import BROKEN, RULINGS, Ruling
from makegood.queries.replay.replaying import Replay
from makegood.queries.replay.times import NONE, moment
from makegood.rules.promises import Precision
from makegood.rules.severity import Severity

__all__ = ["NoOwnerError", "load_log", "open_requests"]

TOGETHER: Final = 500
Some = TypeVar("Some")
_PROMISED: Final = (Ruling.STILL_OPEN, *BROKEN)
_OVER: Final = (Ruling.KEPT, Ruling.CLOSED_LATE)


def load_log(replay: Replay, *, team: str, now: datetime) -> str:
    """Open a case for every request that was open at the log's end, and count what was over.

    Returns what was done.

    :raises NoOwnerError: if nobody can own them.
    """
    owners = Owners(team)
    loaded, over = Loaded(), 0
    # First what is over: once a request is a case, what is done in it is counted with the case.
    for done in _parts(past_outcomes(replay, now=now), "Counting what was over"):
        over += keep_past(done, team=owners.team, now=now)
    for part in _parts(open_requests(replay), "Loading cases"):
        loaded += load_requests(part, owners=owners, now=now)
    known = f" In the desk already: {count(loaded.known)}." if loaded.known else ""
    return (
        f"Cases opened: {count(loaded.cases)}, with promises of the log: {count(loaded.promises)}."
        f"{known} Promises that were over and came onto the wall: {count(over)}."
    )


def _parts(all_: Iterable[Some], says: str) -> Iterator[list[Some]]:
    """Some at once, with a bar that shows how far it is."""
    whole = list(all_)
    parts = [whole[i : i + TOGETHER] for i in range(0, len(whole), TOGETHER)]
    console = Console(stderr=True)
    hidden = not console.is_terminal
    return iter(track(parts, says, console=console, disable=hidden, transient=True))


def past_outcomes(replay: Replay, *, now: datetime) -> Iterator[LoggedOutcome]:
    """Every promise of the log that was kept or broken by a deed, as far as the log shows."""
    log, names = replay.log, _names(replay)
    for ledger in replay.ledgers:
        if (promised := ledger.promised) is None:
            continue
        for place in np.flatnonzero(ledger.has(*_OVER)).tolist():
            done_at = moment(int(ledger.done[place]))
            if done_at <= now:
                yield LoggedOutcome(
                    log=names,
                    external_id=shown(log.ids[place]),
                    name=shown(promised.name),
                    said_at=moment(int(log.opened[place])),
                    due_at=moment(int(promised.due[place])),
                    done_at=done_at,
                )


def _names(replay: Replay) -> str:
    return shown(", ".join(file.name for file in replay.log.files))


def open_requests(replay: Replay) -> Iterator[LoggedRequest]:
    """Every request that was open at the log's end, with the promises that were open with it."""
    log = replay.log
    names = _names(replay)
    for place in np.flatnonzero((log.closed == NONE) & ~log.ended).tolist():
        kind = shown(log.kinds.values[log.kinds.codes[place]])
        opened_at = moment(int(log.opened[place]))
        yield LoggedRequest(
            log=names,
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
            name=shown(promised.name),
            words=f"{shown(promised.name)}: {in_words(due_at, zone=zone)}",
            due_at=due_at,
            precision=precision,
        )
