"""Lists as files: CSV that streams, opens in any spreadsheet, and cannot carry a formula."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header

from makegood.language import choice
from makegood.records import personal

Cell = str | int | float | datetime | None
Row = Sequence[Cell]

BYTE_ORDER_MARK: Final = "\ufeff"
# Spreadsheets take a cell that begins so for a formula; the wide forms count in some of them.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_ROWS_AT_ONCE: Final = 200


class _Line:
    """What `csv.writer` writes to: it hands each line back."""

    def write(self, line: str) -> str:
        return line


def csv_response(
    name: str, *, header: Sequence[str], rows: Iterable[Row], now: datetime
) -> StreamingHttpResponse:
    """A file of rows as RFC 4180 has it, in UTF-8 with a mark, named after the list and the day.

    Rows are read while the file is being sent, so they may be many; they speak as the header does.
    """
    chunks = _spoken(_chunks(header, rows), language=choice.current())
    file = f"{name}-{now:%Y-%m-%d}.csv"
    response = StreamingHttpResponse(chunks, content_type="text/csv; charset=utf-8; header=present")
    response.headers["Content-Disposition"] = str(content_disposition_header(True, file))  # noqa: FBT003 - Django's own: always a file to keep
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _spoken(chunks: Iterator[str], *, language: str) -> Iterator[str]:
    """Each chunk made in this language: the reader's is forgotten once the answer has begun."""
    while True:
        with choice.speaking(language):  # never across a yield: others answer in between
            chunk = next(chunks, None)
        if chunk is None:
            return
        yield chunk


def _chunks(header: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    writer = csv.writer(_Line())
    held = [BYTE_ORDER_MARK, writer.writerow([_safe(cell) for cell in header])]
    for row in rows:
        held.append(writer.writerow([_safe(cell) for cell in row]))
        if len(held) >= _ROWS_AT_ONCE:
            yield "".join(held)
            held = []
    yield "".join(held)


def _safe(cell: Cell) -> str | int | float:
    """A cell as it is written; text that would be taken for a formula gets an apostrophe."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.isoformat(timespec="seconds")
    if isinstance(cell, str):
        text: str = personal.told(cell.replace("\x00", ""))
        return f"'{text}" if text.startswith(_FORMULA) else text
    return cell
