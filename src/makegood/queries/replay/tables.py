"""Reading logs with Ibis on DuckDB: the one module that knows either.

Ibis and DuckDB are published without types; what leaves this module is numpy and plain values.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb
import ibis
import ibis.expr.datatypes as dt
import numpy as np
import numpy.typing as npt

from makegood.queries.replay.files import Form, LogError, Source, sample_rows
from makegood.queries.replay.formats import Formats
from makegood.queries.replay.times import NONE, Marks, Moments

Connection = Any  # ibis has no types
Expression = Any  # as Connection
Lines = npt.NDArray[np.int64]

SAMPLE_ROWS: Final = 2000
THREADS: Final = 2
LONGEST_LINE: Final = 16 << 20
_NOTHING: Final = ("", "null", "none", "n/a", "na", "nan", "nat", "?", "-", "--", "\\n")
_ZONED: Final = r"\d:\d\d(:\d\d(\.\d+)?)?\s*(Z|z|UTC|GMT|[+-]\d\d(:?\d\d)?)$"
_SECONDS: Final = r"^[12]\d{9}(\d{3})?$"
_CASE_NAME: Final = r"[^0-9#]{0,40}?#?\s*((?:[A-Za-z]{1,8}[-_]?)?\d[A-Za-z0-9_-]{2,})"
SEE: Final = r"(?i)\b(?:see|refer(?:red|s)?(?: to)?|continued (?:in|as|under))\b" + _CASE_NAME
DUPLICATE: Final = r"(?i)\bdup(?:licate)?\b" + _CASE_NAME


def _builtin(name: str, *, takes: tuple[Any, ...], gives: Any) -> Any:  # noqa: ANN401 - ibis has no types
    """A function of DuckDB that Ibis does not offer itself."""
    one, two = (lambda _: None), (lambda _, __: None)
    stand_in = one if len(takes) == 1 else two
    return ibis.udf.scalar.builtin(name=name, signature=(takes, gives))(stand_in)


_epoch_us = _builtin("epoch_us", takes=(dt.Timestamp("UTC"),), gives=dt.int64)
_try_strptime = _builtin("try_strptime", takes=(dt.string, dt.Array(dt.string)), gives=dt.timestamp)
_json_valid = _builtin("json_valid", takes=(dt.string,), gives=dt.boolean)
_json_keys = _builtin("json_keys", takes=(dt.string,), gives=dt.Array(dt.string))
_json_text = _builtin("json_extract_string", takes=(dt.string, dt.string), gives=dt.string)


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """A log inside DuckDB: each column as text, by its name."""

    connection: Connection
    rows: Expression
    columns: Mapping[str, Expression]
    lines: Expression = None

    @property
    def header(self) -> tuple[str, ...]:
        """The names of its columns."""
        return tuple(self.columns)


@dataclass(frozen=True, kw_only=True, slots=True)
class Coded:
    """A column of few different texts: `values[code]` for each row, -1 where there is none."""

    codes: npt.NDArray[np.int64]
    values: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class TimeColumn:
    """A column of times: wall times, which of them carry an offset, which are whole days."""

    walls: Moments
    zoned: Marks
    days: Marks
    unreadable: Mapping[int, str]


def connect() -> Connection:
    """A DuckDB in memory, on two threads, with its session in UTC."""
    connection = ibis.duckdb.connect(threads=THREADS)
    _ask(connection, "SET TimeZone = 'UTC'")
    _ask(connection, "SET enable_progress_bar = false")
    return connection


def samples_of(source: Source, *, connection: Connection) -> dict[str, tuple[str, ...]]:
    """Some values of each column that are not empty.

    :raises LogError: if the file turns out to be damaged.
    """
    if source.form is Form.CSV:
        rows = sample_rows(source, most=SAMPLE_ROWS)
        columns = {name: [row[place] for row in rows] for place, name in enumerate(source.header)}
    else:
        table = open_table(source, connection=connection)
        shown = table.rows.select(**table.columns).limit(SAMPLE_ROWS)
        columns = _fetched(shown, table).to_pydict()
    return {
        name: tuple(value for value in values if value and value.lower() not in _NOTHING)
        for name, values in columns.items()
    }


def open_table(source: Source, *, connection: Connection, only: Sequence[str] = ()) -> Table:
    """Read a log's columns (or only some) into DuckDB.

    :raises LogError: if the file turns out to be damaged.
    """
    opener = {Form.CSV: _open_csv, Form.JSON_LINES: _open_json, Form.PARQUET: _open_parquet}
    try:
        return opener[source.form](source, connection, only)
    except duckdb.Error as wrong:
        reason = str(wrong).strip().splitlines()[0].rstrip(".")
        raise LogError(f"{source.path} cannot be read: {reason}.") from wrong


def rejected(connection: Connection) -> int:
    """How many CSV lines the last reading could not use."""
    found = _ask(
        connection,
        "SELECT count(*) FROM reject_errors "
        "WHERE scan_id = (SELECT max(scan_id) FROM reject_scans)",
    )
    return int(found[0][0])


def row_count(table: Table) -> int:
    """How many rows it has."""
    return int(
        _fetched(table.rows.aggregate(rows=table.rows.count()), table).to_pylist()[0]["rows"]
    )


def json_lines(table: Table) -> tuple[Lines, Lines]:
    """Of a JSON lines log: the line of each row, and the lines that are no JSON object."""
    rows = _fetched(table.rows.select(place=table.rows.place).order_by("place"), table)
    line = table.lines.line.strip()
    bad = table.lines.filter(line.notnull() & (line != "") & ~_is_object(line))
    strange = _fetched(bad.select("place").order_by("place"), table)
    return rows.column("place").to_numpy() + 1, strange.column("place").to_numpy() + 1


def strange_times(table: Table, *, columns: Sequence[str]) -> list[str]:
    """A sample, over the whole log, of the times that are neither ISO nor seconds since 1970."""
    stride = max(1, row_count(table) // SAMPLE_ROWS)
    sampled = table.rows.filter(table.rows.rowid() % stride == 0)
    texts = [table.columns[name] for name in columns]
    strange = [
        sampled.filter(text.notnull() & _plain(text).isnull()).select(text=text) for text in texts
    ]
    found = ibis.union(*strange, distinct=True) if len(strange) > 1 else strange[0].distinct()
    return sorted(_fetched(found, table).column("text").to_pylist())


def fetch_times(table: Table, column: str, *, formats: Formats, otherwise: str = "") -> TimeColumn:
    """One column of times, in the rows' order."""
    text = table.columns[column]
    if otherwise:
        text = text.coalesce(table.columns[otherwise])
    digits = text.re_search(_SECONDS)
    wall = _plain(text)
    if formats.patterns:
        wall = wall.coalesce(_epoch_us(_try_strptime(text, list(formats.patterns)).cast(_UTC)))
    shown = table.rows.select(
        at=table.rows.rowid(),
        wall=wall,
        zoned=text.re_search(_ZONED) | digits,
        day=~text.contains(":") & ~digits & ~text.re_search(r"^\d{12,14}$|^\d{4}-\d\d-\d\dT\d"),
        strange=(text.notnull() & wall.isnull()).ifelse(text, ibis.null("string")),
    )
    found = _fetched(shown.order_by("at"), table)
    strange = found.column("strange")
    places = np.flatnonzero(strange.is_valid().to_numpy(zero_copy_only=False))
    return TimeColumn(
        walls=found.column("wall").fill_null(NONE).to_numpy(),
        zoned=_marks(found.column("zoned")),
        days=_marks(found.column("day")),
        unreadable={int(place): str(strange[place].as_py()) for place in places.tolist()},
    )


def fetch_codes(table: Table, column: str) -> Coded:
    """One column of texts, coded, in the rows' order."""
    shown = table.rows.select(at=table.rows.rowid(), text=table.columns[column])
    found = _fetched(shown.order_by("at"), table).column("text")
    coded = found.combine_chunks().dictionary_encode()
    return Coded(
        codes=coded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64),
        values=tuple(coded.dictionary.to_pylist()),
    )


def fetch_links(table: Table, column: str, *, pattern: str) -> dict[int, str]:
    """The case that each note names by a pattern, by the row's place."""
    note = table.columns[column]
    named = table.rows.mutate(at=table.rows.rowid(), named=note.re_extract(pattern, 1))
    found = named.filter(named.named.fill_null("") != "").select("at", "named")
    columns = _fetched(found, table).to_pydict()
    return dict(zip(columns["at"], columns["named"], strict=True))


_UTC: Final = "timestamp('UTC')"


def _ask(connection: Connection, sql: str) -> list[tuple[Any, ...]]:  # SQL's values have any type
    # Fetched to the end: DuckDB takes no further work while a result is unfinished.
    return list(connection.raw_sql(sql).fetchall())


def _fetched(expression: Expression, table: Table) -> Any:  # noqa: ANN401 - pyarrow has no types
    return table.connection.to_pyarrow(expression)


def _text(column: Expression) -> Expression:
    """Without surrounding blanks; NULL where it says nothing."""
    stripped = column.strip()
    return stripped.lower().isin(_NOTHING).ifelse(ibis.null("string"), stripped)


def _plain(text: Expression) -> Expression:
    """ISO times, and seconds or milliseconds since 1970."""
    return ibis.cases(
        (text.re_search(r"^\d{4}-\d{1,2}-\d{1,2}"), _epoch_us(text.try_cast(_UTC))),
        (text.re_search(_SECONDS), _since_1970(text)),
    )


def _since_1970(digits: Expression) -> Expression:
    number = digits.try_cast("int64")
    return (digits.length() > 10).ifelse(number * 1_000, number * 1_000_000)  # noqa: PLR2004 - digits of seconds


def _marks(column: Any) -> Marks:  # noqa: ANN401 - pyarrow has no types
    return np.asarray(column.fill_null(False).to_numpy(), dtype=np.bool_)  # noqa: FBT003 - pyarrow's


def _plain_name(source: Source) -> Path:
    """A link without the characters that DuckDB takes for a pattern of names."""
    link = source.scratch / f"{len(list(source.scratch.iterdir()))}-log"
    link.symlink_to(source.readable.resolve())
    return link


def _open_csv(source: Source, connection: Connection, only: Sequence[str]) -> Table:
    names = {name: f"c{place}" for place, name in enumerate(source.header)}
    view = connection.read_csv(
        str(_plain_name(source)),
        columns=dict.fromkeys(names.values(), "VARCHAR"),
        delim=source.delimiter,
        quote='"',
        escape='"',
        header=True,
        store_rejects=True,
        **_reading(source),
    )
    return _kept(connection, {name: view[names[name]] for name in only or names}, view=view)


def _open_parquet(source: Source, connection: Connection, only: Sequence[str]) -> Table:
    view = connection.read_parquet(str(_plain_name(source)))
    return _kept(
        connection, {name: view[name].cast("string") for name in only or view.columns}, view=view
    )


def _open_json(source: Source, connection: Connection, only: Sequence[str]) -> Table:
    view = connection.read_csv(
        str(_plain_name(source)),
        columns={"line": "VARCHAR"},
        delim="\x01",
        quote="",
        escape="",
        header=False,
        null_padding=True,
        strict_mode=False,
        **_reading(source),
    )
    raw = connection.create_table(ibis.util.gen_name("lines"), view, temp=True)
    lines = raw.mutate(place=raw.rowid())
    objects = lines.filter(_is_object(lines.line.strip()))
    names = only or _json_names(objects, connection)
    if not names:
        raise LogError(f"{source.path} holds no JSON object with a name in it.")
    return _kept(
        connection,
        {name: _json_text(objects.line, _json_path(name)) for name in names},
        view=objects,
        lines=lines,
    )


def _reading(source: Source) -> dict[str, Any]:  # DuckDB's options have any type
    return {
        "compression": "gzip" if source.compressed else "none",
        "max_line_size": LONGEST_LINE,
    }


def _is_object(line: Expression) -> Expression:
    return line.startswith("{") & _json_valid(line)


def _json_names(objects: Expression, connection: Connection) -> list[str]:
    """The keys of all objects, in the order of their first coming."""
    keys = objects.select("place", name=_json_keys(objects.line).unnest())
    first = keys.group_by("name").aggregate(first=keys.place.min()).order_by("first", "name")
    names: list[str] = connection.to_pyarrow(first).column("name").to_pylist()
    return names


def _json_path(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'$."{escaped}"'


def _kept(
    connection: Connection,
    texts: Mapping[str, Expression],
    *,
    view: Expression,
    lines: Expression = None,
) -> Table:
    """The rows held in memory, so that the file is read once, in its own order."""
    clean = {f"c{i}": _text(text) for i, text in enumerate(texts.values())}
    if lines is not None:
        clean["place"] = view.place
    rows = connection.create_table(ibis.util.gen_name("rows"), view.select(**clean), temp=True)
    columns = {name: rows[f"c{i}"] for i, name in enumerate(texts)}
    return Table(connection=connection, rows=rows, columns=columns, lines=lines)
