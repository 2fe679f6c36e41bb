"""How much work lay before a team when a request was opened, beside what it gets done."""

from typing import Final

import numpy as np

from makegood.rules.pace import Places
from makegood.rules.weekclock import WEEK, Moments

_LATELY: Final = 4 * WEEK
# From an eighth of what four weeks get done to sixteen times as much.
_LEAST, _MOST = -3, 4


def backlogs_of(team: Places, *, opened: Moments, closed: Moments) -> Places:
    """The backlog that each request found at its team, as a number of doublings from 0 up.

    It is what was open then beside what was closed in the four weeks before: how long the work at
    hand will take. Nothing that happened after the opening is looked at.

    :param opened: in order.
    :param closed: NEVER for those that are open.
    """
    found = np.zeros(len(team))
    order = np.argsort(team, kind="stable")
    for some in np.split(order, np.flatnonzero(np.diff(team[order])) + 1):
        came, gone = opened[some], np.sort(closed[some])
        done = np.searchsorted(gone, came)
        lately = done - np.searchsorted(gone, came - _LATELY)
        waiting = np.maximum(np.arange(len(some)) - done, 0)
        found[some] = np.log2((waiting + 1) / (lately + 1))
    return np.clip(np.round(found), _LEAST, _MOST).astype(np.int64) - _LEAST
