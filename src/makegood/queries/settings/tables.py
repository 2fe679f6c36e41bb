"""A list of settings as a page shows it and a file takes it: heads, rows, and cells in words."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.functional import Promise as Lazy


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """What stands in one place of a list; `warns` says that something is wrong with it."""

    words: str
    sub: str = ""
    warns: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One thing of a list, by the key of its page."""

    key: str
    cells: tuple[Cell, ...]
    is_past: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """One list, or one page of it."""

    heads: tuple[str | Lazy, ...]
    rows: tuple[Row, ...]
    sought: str = ""
    number: int = 1
    has_more: bool = False

    @property
    def lines(self) -> tuple[tuple[Row, tuple[tuple[str | Lazy, Cell], ...]], ...]:
        """Each row, with its cells under their heads."""
        return tuple((row, tuple(zip(self.heads, row.cells, strict=True))) for row in self.rows)


def page_of(
    rows: Iterable[Row], *, heads: tuple[str | Lazy, ...], number: int, size: int, sought: str = ""
) -> Table:
    """A page of a list, from rows that were read to one beyond it."""
    found = tuple(rows)
    return Table(
        heads=heads,
        rows=found[:size],
        sought=sought,
        number=number,
        has_more=len(found) > size,
    )


def as_text(rows: Iterable[Row]) -> Iterator[list[str]]:
    """Rows for a file: each cell with what stands below it."""
    for row in rows:
        yield [f"{cell.words} ({cell.sub})" if cell.sub else cell.words for cell in row.cells]
