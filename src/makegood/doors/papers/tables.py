"""Tables on paper: a row of any height has room, since a tall one is printed in pieces."""

from collections.abc import Iterator, Sequence
from typing import Final

from reportlab.lib import colors
from reportlab.lib.units import mm
from reportlab.platypus import LongTable, Paragraph, TableStyle

TALLEST_PIECE: Final = 80 * mm
"""A taller row is printed in pieces of this height, which run over pages; others stay whole."""

GAP: Final = 4
"""Between two columns, in points."""

RULE: Final = colors.HexColor("#bbbbbb")


def table(
    rows: Sequence[Sequence[Paragraph]], *, head: Sequence[Paragraph], widths: Sequence[float]
) -> LongTable:
    """A table with a line below each row; its head, if it has one, stands on each page."""
    cells: list[list[Paragraph | str]] = [list(head)] if head else []
    ends = [0] if head else []
    for row in rows:
        cells += [[cell or "" for cell in piece] for piece in _pieces(row, widths)]
        ends.append(len(cells) - 1)
    made = LongTable(cells or [[""]], colWidths=list(widths), repeatRows=1 if head else 0)
    style = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), GAP),
        *(("LINEBELOW", (0, end), (-1, end), 0.25, RULE) for end in ends),
    ]
    made.setStyle(TableStyle(style))
    return made


def _pieces(
    row: Sequence[Paragraph | None], widths: Sequence[float]
) -> Iterator[Sequence[Paragraph | None]]:
    """A row as rows that each have room on a page: nearly always one."""
    while any(cell is not None for cell in row):
        parts = [_split(cell, width - GAP) for cell, width in zip(row, widths, strict=True)]
        yield [first for first, _later in parts]
        row = [later for _first, later in parts]


def _split(cell: Paragraph | None, width: float) -> tuple[Paragraph | None, Paragraph | None]:
    """As much of a cell as one piece holds, and what remains of it."""
    if cell is None or cell.wrap(width, TALLEST_PIECE)[1] <= TALLEST_PIECE:
        return cell, None
    first, later = cell.split(width, TALLEST_PIECE)
    return first, later
