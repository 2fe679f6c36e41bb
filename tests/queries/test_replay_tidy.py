"""The careful look at CSV files: bad lines are named, and cost nothing but themselves."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from examples import examples
from makegood.queries.replay.files import open_log
from makegood.queries.replay.tidy import LONGEST_ROW, tidy
from replay_logs import HEADER, read, write_log

GOOD = "{},2026-01-05T10:00:00,2026-01-07T10:00:00,2026-01-06T10:00:00,Bin,done"
FIELDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"], include_characters="\n"),
    max_size=8,
)


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        ("2,2026-01-05T10:00:00,", "has 3 fields where the header has 6"),
        (GOOD.format(2) + ",more", "has 7 fields where the header has 6"),
        (HEADER, "repeats the header"),
        (GOOD.format(2).replace("2026-01-05", "soon"), 'opened is no time: "soonT10:00:00"'),
        (GOOD.format(2).replace("2026-01-07", "0001-01-07"), "due lies outside the years"),
        (GOOD.format(2).replace("2026-01-06", "2025-01-06"), "closed lies before opened"),
        (GOOD.format(2).replace("2026-01-06", "2031-01-06"), "closed lies in the future"),
        ("2,,2026-01-07T10:00:00,2026-01-06T10:00:00,Bin,done", "opened is empty"),
        (GOOD.format(2).replace("2026-01-07T10:00:00", "2026-02-30"), "due is no time"),
        ('2,2026-01-05T10:00:00,,,Bin,"and so on', "opens a quote and never closes it"),
    ],
)
def test_a_bad_line_is_named_with_its_reason_and_the_others_are_used(tmp_path, bad, says):
    path = write_log(tmp_path, GOOD.format(1), bad, *(GOOD.format(i) for i in range(3, 300)))

    log = read(path)

    assert [(row.line, says in row.reason) for row in log.bad] == [(3, True)], log.bad
    assert len(log) == 298
    assert log.rows_read == 299


def test_notes_over_several_lines_do_not_shift_the_lines_after_them(tmp_path):
    note = '1,2026-01-05T10:00:00,,,Bin,"first\nsecond ""quoted"", third\n"'
    path = write_log(tmp_path, note, "", GOOD.format(2), "3,soon,,,Bin,", GOOD.format(4))

    log = read(path)

    assert log.ids.tolist() == ["1", "2", "4"]
    assert [(row.line, row.what) for row in log.bad] == [(7, "opened is no time")]


def test_empty_fields_beyond_the_header_are_no_fault(tmp_path):
    log = read(write_log(tmp_path, GOOD.format(1) + ",,", GOOD.format(2) + ","))

    assert len(log) == 2
    assert log.bad == ()


def test_a_lost_quote_costs_only_its_own_line(tmp_path):
    lost = '5,2026-01-05T10:00:00,,,Bin,"a 6" pipe'
    quoted = '6,2026-01-05T10:00:00,,,Bin,"all, well"'
    rows = [GOOD.format(i) for i in range(10, 10 + 2 * LONGEST_ROW)]

    log = read(write_log(tmp_path, GOOD.format(1), lost, GOOD.format(2), *rows, quoted))

    assert {row.line for row in log.bad} <= {3}
    assert len(log) >= len(rows) + 3


@settings(max_examples=examples(25))
@given(st.lists(st.lists(FIELDS, min_size=3, max_size=3), min_size=1, max_size=12))
def test_whatever_is_written_as_csv_is_read_back_with_its_lines(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("tidy")
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(["one", "two", "three"])
    starts = []
    for row in rows:
        starts.append(text.getvalue().count("\n") + 1)
        writer.writerow(row)
    path = folder / "log.csv"
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
    (folder / "scratch").mkdir()

    tidied = tidy(open_log(path, scratch=folder / "scratch"))

    assert tidied.flaws == ()
    assert tidied.lines.tolist() == starts
    with tidied.path.open(encoding="utf-8", newline="") as copy:
        assert list(csv.reader(copy))[1:] == rows
