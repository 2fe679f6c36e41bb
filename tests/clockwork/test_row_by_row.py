"""A sweep goes through what is due a row at a time: none holds up another, whatever is wrong."""

from makegood.clockwork.row_by_row import each

ROWS = (1, 2, 3)


def test_a_row_that_fails_is_postponed_and_the_others_are_done():
    did, postponed = [], []

    assert each("visits", ROWS, _fails_at(2, did), postponed.append) == 2

    assert (did, postponed) == ([1, 3], [2])


def test_a_row_that_cannot_even_be_postponed_holds_up_no_other():
    did = []

    assert each("visits", ROWS, _fails_at(2, did), _fails_at(2, [])) == 2

    assert did == [1, 3]


def _fails_at(bad: int, did: list[int]):
    def act(row: int) -> None:
        if row == bad:
            raise ValueError("It breaks a law.")
        did.append(row)

    return act
