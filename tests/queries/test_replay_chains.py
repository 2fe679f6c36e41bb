"""Closed is not fixed: a case that names another is followed to the end."""

import pytest

from makegood.queries.replay.chains import ChainReport, End
from replay_logs import at, replay, write_log

END = at("2026-02-01T00:00:00")


def case(number: int, closed: str, note: str, due: str = "2026-01-10T10:00:00") -> str:
    closed = f"2026-01-{closed}T10:00:00" if closed else ""
    return f'{number},2026-01-05T10:00:00,{due},{closed},Walk,"{note}"'


def chains_of(tmp_path, *rows: str) -> ChainReport:
    return replay(write_log(tmp_path, *rows), as_of=END).report.referred


@pytest.mark.parametrize(
    ("rows", "kept", "late", "not_fixed", "cannot_tell"),
    [
        ([case(1001, "06", "See case #1002"), case(1002, "08", "")], 1, 0, 0, 0),
        ([case(1001, "06", "See case #1002"), case(1002, "12", "")], 0, 1, 0, 0),
        ([case(1001, "06", "See case #1002"), case(1002, "", "")], 0, 0, 1, 0),
        ([case(1001, "06", "made safe. See case # 1009")], 0, 0, 0, 1),
        (
            [case(1001, "06", "see 1002"), case(1002, "07", "see SR# 1003"), case(1003, "", "")],
            0, 0, 2, 0,
        ),
        ([case(1001, "06", "see #1002"), case(1002, "07", "see #1001")], 0, 0, 0, 2),
    ],
    ids=["fixed", "fixed late", "still open", "not in the log", "two steps", "a circle"],
)  # fmt: skip
def test_the_end_of_a_chain_decides(tmp_path, rows, kept, late, not_fixed, cannot_tell):
    found = chains_of(tmp_path, *rows)

    assert (found.kept_to_the_end, found.fixed_late, found.not_fixed, found.cannot_tell) == (
        kept, late, not_fixed, cannot_tell,
    )  # fmt: skip
    assert found.kept_on_paper == found.linked


def test_chains_end_somewhere(tmp_path):
    found = chains_of(
        tmp_path,
        case(1001, "06", "see case 1002"),
        case(1002, "07", "referred to case 1003"),
        case(1003, "", ""),
        case(1004, "06", "see 1005"),
        case(1005, "06", "see 1004"),
        case(1006, "06", "see 1999"),
        case(1007, "06", "see #1008"),
        case(1008, "07", ""),
    )

    assert found.ends == {End.CLOSED: 1, End.OPEN: 2, End.MISSING: 1, End.CIRCLE: 2}
    assert found.longest == 2


@pytest.mark.parametrize(
    "note",
    ["see the 3rd floor", "see 20", "see attached photo 12", "see 2026-01-05", "see case #1001",
     "the bill is 1002 dollars", "foreseen 1002"],
)  # fmt: skip
def test_not_every_number_is_a_case(tmp_path, note):
    found = chains_of(tmp_path, case(1001, "06", note), case(1002, "", ""))

    assert found.linked == 0


def test_an_open_case_that_names_another_is_not_closed_by_it(tmp_path):
    assert chains_of(tmp_path, case(1001, "", "see case 1002"), case(1002, "", "")).linked == 0


def test_a_chain_to_an_older_case_was_not_done_before_it_was_asked_for(tmp_path):
    early = '1002,2026-01-01T10:00:00,,2026-01-02T10:00:00,Walk,""'

    found = chains_of(tmp_path, case(1001, "06", "see case 1002"), early)

    assert found.kept_to_the_end == 1


def test_duplicates_are_followed_apart(tmp_path):
    report = replay(
        write_log(tmp_path, case(1001, "06", "Duplicate of Case #1002"), case(1002, "", "")),
        as_of=END,
    ).report

    assert (report.referred.linked, report.duplicates.linked) == (0, 1)
    assert report.duplicates.not_fixed == 1
