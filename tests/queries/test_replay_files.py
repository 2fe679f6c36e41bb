"""A log as it comes: what can be read is read, what cannot is refused in one sentence."""

import gzip
from pathlib import Path

import pytest

from makegood.queries.replay.files import LogError
from replay_logs import HEADER, read, write_log

ROW = "1,2026-01-05T10:00:00,2026-01-07T10:00:00,2026-01-06T10:00:00,Bin,done"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"PK\x03\x04 and so on", "zip archive or a spreadsheet"),
        (bytes(range(256)) * 40, "is not a text table"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 200, "is not a text table"),
        (b"   \n  \n", "is not a text table"),
        (b'[{"id": 1}]', "one JSON array"),
        (b"id,opened,due,closed\n", "no rows"),
        (b"id,place,words\n1,here,some\n", "name it with --opened"),
        (b"1,2026-01-05T10:00:00,2,3\n4,2026-01-05T10:00:00,5,6\n", "needs a header line"),
        (b"\x1f\x8bnot really", "holds no data"),
    ],
)
def test_what_cannot_be_replayed_is_refused_in_one_sentence(tmp_path, content, says):
    path = tmp_path / "strange.csv"
    path.write_bytes(content)

    with pytest.raises(LogError) as refusal:
        read(path)

    assert says in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(LogError, match=r"no file .*nowhere\.csv"):
        read(tmp_path / "nowhere.csv")


def test_a_folder_is_no_log(tmp_path):
    with pytest.raises(LogError, match="is a folder"):
        read(tmp_path)


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: text.encode(),
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.encode("utf-16"),
        lambda text: text.encode("cp1252"),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.replace("\n", "\r").encode(),
        lambda text: text.replace(",", ";").encode(),
        lambda text: text.replace(",", "\t").encode(),
        lambda text: gzip.compress(text.encode()),
        lambda text: text.rstrip("\n").encode(),
        lambda text: f"\n\n{text}\n\n".encode(),
    ],
    ids=["utf-8", "bom", "utf-16", "cp1252", "crlf", "cr", "semicolons", "tabs", "gzip",
         "no last line end", "blank lines"],
)  # fmt: skip
def test_the_same_log_is_read_from_any_usual_writing(tmp_path, encode):
    path = tmp_path / "log[1]*.csv"  # a name that DuckDB would take for a pattern
    rows = [ROW, ROW.replace("1,", "2,", 1).replace("Bin", "Straßenlaterne")]
    path.write_bytes(encode("\n".join([HEADER, *rows]) + "\n"))

    log = read(path)

    assert log.ids.tolist() == ["1", "2"]
    assert sorted(log.kinds.values[code] for code in log.kinds.codes) == ["Bin", "Straßenlaterne"]
    assert log.bad == ()


def test_single_strange_lines_do_not_change_how_the_others_are_read(tmp_path):
    path = tmp_path / "log.csv"
    rows = [ROW.replace("Bin", "Müll").encode(), ROW.replace("1,", "2,", 1).encode("ascii")]
    rows[1] = rows[1].replace(b"Bin", b"M\xfcll")
    path.write_bytes(b"\n".join([HEADER.encode(), *rows, b""]))

    log = read(path)

    assert set(log.kinds.values) == {"Müll", "(no kind)"}
    assert log.files[0].notes == ("1 lines are not UTF-8 and were read as Windows-1252",)


def test_a_download_that_broke_off_gives_the_rows_before(tmp_path):
    path = tmp_path / "log.csv.gz"
    rows = [
        f"{i},2026-01-05T10:00:00,,2026-01-06T10:{i % 60:02}:00,Bin,{i * i}" for i in range(999)
    ]
    whole = gzip.compress("\n".join([HEADER, *rows, ""]).encode())
    path.write_bytes(whole[: len(whole) // 2])

    log = read(path)

    assert 100 < len(log) < 999
    assert "cut off" in log.files[0].notes[0]


def test_a_column_named_twice_is_renamed_and_said(tmp_path):
    path = write_log(tmp_path, ROW + ",x", header=HEADER + ",opened")

    log = read(path)

    assert log.files[0].columns.opened.column == "opened"
    assert "more than once" in log.files[0].notes[0]


def test_json_lines_are_read_with_their_bad_lines_named(tmp_path):
    path = tmp_path / "log.jsonl"
    path.write_text(
        '{"id": 1, "created_at": "2026-01-05T10:00:00Z", "due_at": null, "type": "a \\"b\\""}\n'
        "\n"
        '{"id": 2, "created_at": 1767607200, "solved_at": "2026-01-05T12:00:00+02:00"}\n'
        "{broken\n"
        "[1, 2]\n"
        '{"id": "3", "created_at": "1767607200000"}\n'
    )

    log = read(path)

    assert log.ids.tolist() == ["1", "2", "3"]
    assert len(set(log.opened.tolist())) == 1
    assert [(row.line, row.what) for row in log.bad] == [
        (4, "is no JSON object"),
        (5, "is no JSON object"),
    ]
    assert log.clock.with_offset == 4


def test_parquet_is_read_with_its_own_types(tmp_path):
    import duckdb  # noqa: PLC0415 - only this test writes Parquet

    path = tmp_path / "log.parquet"
    duckdb.connect().execute(
        "COPY (SELECT 7 AS ticket_id, TIMESTAMP '2026-01-05 10:00:00' AS created_at, "
        "DATE '2026-01-07' AS due_date, TIMESTAMPTZ '2026-01-06 10:00:00+00' AS closed_at, "
        f"[1, 2] AS tags) TO '{path}' (FORMAT parquet)"
    )

    log = read(path, zone="America/New_York")

    assert log.ids.tolist() == ["7"]
    assert log.clock.with_offset == 1
    assert log.promised[0].in_days == 1


def test_damaged_parquet_is_refused(tmp_path):
    path = tmp_path / "log.parquet"
    path.write_bytes(b"PAR1 and nothing else PAR1")

    with pytest.raises(LogError, match=r"log\.parquet cannot be read"):
        read(path)


def test_files_of_one_log_are_put_together(tmp_path):
    one = write_log(tmp_path, ROW, name="one.csv")
    other = write_log(
        tmp_path,
        "9;06.01.2026 10:00;Lamp",
        header="ticket_id;created;type",
        name="other.csv",
    )

    with pytest.raises(LogError, match="promised dates per request"):
        read(one, other)

    log = read(
        one,
        write_log(
            tmp_path,
            "9;06.01.2026 10:00;;;Lamp",
            header="ticket_id;created;due_date;closed_at;type",
            name="third.csv",
        ),
    )
    assert log.ids.tolist() == ["1", "9"]


def test_the_scratch_files_are_gone_afterwards(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path / "scratch"))
    (tmp_path / "scratch").mkdir()
    monkeypatch.setattr("tempfile.tempdir", None)

    read(write_log(tmp_path, ROW))

    assert list(Path(tmp_path / "scratch").iterdir()) == []
