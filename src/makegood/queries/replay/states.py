"""Which of several rows with the same id counts, whatever order the rows come in.

In an event log each row is one state of a request: the last state counts, and the first promise.
Anywhere else a second row with the same id is a duplicate: one is used, the others are counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from makegood.queries.replay.times import NONE, Moments, Places

# An event log has several rows for most of its ids, with different times of change.
EVENTS_PER_ID: Final = 1.2


@dataclass(frozen=True, kw_only=True, slots=True)
class States:
    """The place of the row that counts for each id, and of its first state."""

    last: Places
    first: Places
    first_due: tuple[Moments, ...]
    moved: tuple[int, ...]
    is_event_log: bool
    spare: int


def choose_states(
    ids: Places,
    *,
    updated: Moments | None,
    closed: Sequence[Moments],
    due: Sequence[Moments],
    others: Sequence[npt.NDArray[np.int64]],
) -> States:
    """Choose one row per id.

    :param ids: a code per row; rows without an id have codes of their own.
    :param others: columns that only settle ties, so that the order of rows never matters.
    """
    when = np.zeros(len(ids), dtype=np.int64) if updated is None else updated
    order = np.lexsort((*others, *due, *closed, when, ids))
    ends = np.flatnonzero(np.diff(ids[order], append=-1))
    begins = np.concatenate([[0], ends[:-1] + 1]) if len(ends) else ends
    spare = len(ids) - len(ends)
    is_event_log = updated is not None and _are_events(ids[order], when[order], people=len(ends))
    last, first = order[ends], order[begins]
    firsts = tuple(_first_due(order, ids=ids, due=column) for column in due)
    return States(
        last=last,
        first=first if is_event_log else last,
        first_due=firsts if is_event_log else tuple(column[last] for column in due),
        moved=tuple(_moved(ids, due=column) for column in due) if is_event_log else (0,) * len(due),
        is_event_log=is_event_log,
        spare=spare,
    )


def _are_events(ids: Places, when: Moments, *, people: int) -> bool:
    """Whether rows of one id differ in when they changed (both in order)."""
    if len(ids) < EVENTS_PER_ID * people:
        return False
    same_id = ids[1:] == ids[:-1]
    changed = same_id & (when[1:] != when[:-1])
    return bool(changed.sum() * 2 > same_id.sum())


def _first_due(order: Places, *, ids: Places, due: Moments) -> Moments:
    """The earliest-said due time of each id, in the order of ids; NONE where it never had one."""
    given = order[due[order] != NONE]
    found, at = np.unique(ids[given], return_index=True)
    every = np.unique(ids)
    first = np.full(len(every), NONE, dtype=np.int64)
    first[np.searchsorted(every, found)] = due[given[at]]
    return first


def _moved(ids: Places, *, due: Moments) -> int:
    """How many ids had more than one due time."""
    given = due != NONE
    if not given.any():
        return 0
    pairs = np.unique(np.stack([ids[given], due[given]]), axis=1)
    _, counts = np.unique(pairs[0], return_counts=True)
    return int((counts > 1).sum())
