"""How much work each request found before it."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from makegood.rules.backlogs import backlogs_of
from makegood.rules.pace import NEVER
from makegood.rules.weekclock import DAY, MONDAY

ROWS = st.lists(st.tuples(st.integers(0, 2), st.integers(1, 60)), min_size=1, max_size=40)


def moments(rows):
    opened = MONDAY + np.arange(len(rows), dtype=np.int64) * DAY
    return opened, opened + np.array([days for _, days in rows], dtype=np.int64) * DAY


def test_a_backlog_doubles_with_what_is_open_and_halves_with_what_gets_done():
    opened = MONDAY + np.array([0, 1, 2, 3, 5, 40], dtype=np.int64) * DAY
    closed = np.array([NEVER, NEVER, NEVER, opened[3] + DAY, NEVER, NEVER])

    found = backlogs_of(np.zeros(6, dtype=np.int64), opened=opened, closed=closed)

    assert found.tolist() == [3, 4, 5, 5, 4, 5]


def test_each_team_has_a_backlog_of_its_own():
    team = np.array([0, 0, 0, 1], dtype=np.int64)
    opened = MONDAY + np.arange(4, dtype=np.int64) * DAY

    found = backlogs_of(team, opened=opened, closed=np.full(4, NEVER))

    assert found.tolist() == [3, 4, 5, 3]


@given(ROWS, ROWS)
def test_what_comes_later_never_changes_a_backlog(rows, later):
    opened, closed = moments(rows + later)
    team = np.array([team for team, _ in rows + later], dtype=np.int64)
    known = len(rows)
    open_still = np.where(closed[:known] < opened[known - 1], closed[:known], NEVER)

    found = backlogs_of(team, opened=opened, closed=closed)

    then = backlogs_of(team[:known], opened=opened[:known], closed=open_still)
    assert (found[:known] == then).all()
