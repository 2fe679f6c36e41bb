"""Dates of orders in a supplier's words: strictly read, and never guessed at."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.rules.incoming.arrivals import Arrival, read_lines


@pytest.mark.parametrize(
    ("line", "number", "eta"),
    [
        ("PO-7 2026-06-05", "PO-7", "2026-06-05"),
        ("Order PO-7: 2026-06-05", "PO-7", "2026-06-05"),
        ("Order no. 4711 arrives on 2026-06-05.", "4711", "2026-06-05"),
        ("- Purchase order #A/12 is now expected by 2026-06-05T14:00", "A/12", "2026-06-05T14:00"),
        ("Bestellung Nr. 4711 kommt am 2026-06-05", "4711", "2026-06-05"),
        ("PO 4711, ETA: 2026-06-05 14:00", "4711", "2026-06-05T14:00"),
    ],
)
def test_a_line_with_one_order_and_one_date_is_read(line, number, eta):
    found = read_lines(f"Good morning,\n{line}\nKind regards")

    assert found.read == (Arrival(number=number, eta=eta),)
    assert found.unread == ()


@pytest.mark.parametrize(
    "line",
    [
        "Order PO-7 is not expected before 2026-06-05",
        "Order PO-7 moves from 2026-06-05 to 2026-06-09",
        "We hope for 2026-06-05",
        "2026-06-01 2026-06-05",
        "Orders PO-7 and PO-8 arrive 2026-06-05",
    ],
)
def test_a_date_that_says_anything_else_is_left_to_a_person(line):
    found = read_lines(line)

    assert found.read == ()
    assert found.unread == (line,)


@given(st.text(max_size=300))
def test_whatever_is_written_is_read_or_left(text):
    found = read_lines(text)

    assert all(each.number and each.eta for each in found.read)
