"""How requests are grouped by what is known of them at their opening."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from makegood.rules.traits import Known, history_of
from makegood.rules.weekclock import DAY, MONDAY

ROWS = st.lists(
    st.tuples(*(st.integers(0, 2) for _ in range(6)), st.sampled_from([0, DAY, 30 * DAY])),
    min_size=1,
    max_size=40,
)


def known(rows) -> Known:
    columns = [np.array([row[i] for row in rows], dtype=np.int64) for i in range(7)]
    names = ("kind", "team", "place", "channel", "detail", "hour", "due")
    return Known(**dict(zip(names, columns, strict=True)))


def history(rows):
    opened = MONDAY + np.arange(len(rows)) * DAY
    return history_of(known(rows), opened=opened, closed=opened + DAY)


@given(ROWS)
def test_requests_share_a_cell_if_and_only_if_all_that_is_known_is_alike(rows):
    cells = history(rows).past.cells.tolist()

    for cell, row in zip(cells, rows, strict=True):
        for other, its in zip(cells, rows, strict=True):
            assert (cell == other) == (row == its)


@given(ROWS)
def test_every_trait_puts_every_cell_into_one_group(rows):
    found = history(rows)

    for trait in found.traits:
        assert len(trait.groups) == len(set(found.past.cells.tolist()))


@given(ROWS)
def test_traits_that_are_not_fine_never_tell_cells_of_a_block_apart(rows):
    found = history(rows)

    for trait in found.traits:
        pairs = set(zip(found.past.blocks.tolist(), trait.groups.tolist(), strict=True))
        if not trait.fine:
            assert len(pairs) == len(set(found.past.blocks.tolist()))


@given(ROWS, ROWS)
def test_later_requests_never_change_the_groups_of_earlier_ones(rows, later):
    one, other = history(rows), history(rows + later)

    assert (other.past.cells[: len(rows)] == one.past.cells).all()
    for trait, longer in zip(one.traits, other.traits, strict=True):
        assert (longer.groups[: len(trait.groups)] == trait.groups).all()


def test_the_fine_traits_come_last():
    fine = [trait.fine for trait in history([(0,) * 7]).traits]

    assert fine == sorted(fine)
