"""Lists as files: they open anywhere, keep every word, and no cell is a formula."""

import csv
import io
from datetime import UTC, datetime

import pytest
from django.utils.translation import gettext
from hypothesis import example, given
from hypothesis import strategies as st

from makegood.doors.web.staff.csv_export import csv_response
from makegood.language import choice

NOW = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)


def _file(rows, *, header=("who", "what")) -> str:
    answer = csv_response("cases", header=header, rows=rows, now=NOW)
    return b"".join(answer.streaming_content).decode("utf-8")


def _read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_a_list_is_a_file_named_after_it_and_the_day():
    answer = csv_response("my word", header=("a",), rows=[], now=NOW)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="my word-2026-06-01.csv"'
    assert answer.headers["Content-Type"].startswith("text/csv; charset=utf-8")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_it_begins_with_the_mark_by_which_spreadsheets_know_utf_8_and_has_rfc_4180_lines():
    text = _file([["Zoë, of 3", 'says "no"'], ["two\r\nlines", None]])
    assert text == '\ufeffwho,what\r\n"Zoë, of 3","says ""no"""\r\n"two\r\nlines",\r\n'


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff20"])
def test_no_text_is_taken_for_a_formula(start):
    ((_, cell),) = _read(_file([["x", f'{start}HYPERLINK("http://evil","x")']]))[1:]
    assert cell.startswith("'")


def test_numbers_stay_numbers_and_moments_carry_their_offset():
    assert _read(_file([[-3, NOW]]))[1] == ["-3", "2026-06-01T09:00:00+00:00"]


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2), max_size=5))
@example([["a", "\x00="]])
def test_whatever_stands_in_a_list_can_be_read_back(rows):
    found = _read(_file(rows))[1:]
    assert len(found) == len(rows)
    for given_row, read_row in zip(rows, found, strict=True):
        for given_cell, read_cell in zip(given_row, read_row, strict=True):
            assert read_cell.removeprefix("'") == given_cell.replace("\x00", "").removeprefix("'")
            assert not read_cell.startswith(("=", "+", "-", "@"))


def test_rows_are_read_while_the_file_is_sent():
    read = []

    def rows():
        for number in range(1000):
            read.append(number)
            yield [number, "x"]

    content = csv_response("n", header=("a", "b"), rows=rows(), now=NOW).streaming_content
    first = next(iter(content))

    assert first.startswith("\ufeffa,b".encode())
    assert 0 < len(read) < 1000


def test_rows_speak_as_the_header_does_however_late_they_are_read_and_nobody_else_then_does():
    def rows():
        for _number in range(500):
            yield [gettext("yes"), choice.current()]

    with choice.speaking("de"):
        content = csv_response("n", header=(gettext("yes"), "b"), rows=rows(), now=NOW)
    before, chunks = choice.current(), []
    for chunk in content.streaming_content:
        chunks.append(chunk.decode())
        assert choice.current() == before != "de"

    assert len(chunks) > 1
    assert {tuple(row) for row in _read("".join(chunks))} == {("ja", "b"), ("ja", "de")}
