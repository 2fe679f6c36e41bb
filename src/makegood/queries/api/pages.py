"""Pages of long lists for other systems: by a cursor, so that what is added moves nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Model, QuerySet

Item = TypeVar("Item")
Row = TypeVar("Row", bound=Model)
_DIGITS = 18


class CursorError(ValueError):
    """A cursor that no list gave out; begin at its first page."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Page(Generic[Item]):
    """Some of a list, and the cursor of what follows, if anything does."""

    items: tuple[Item, ...]
    next: str | None


def page(
    rows: QuerySet[Row],
    show: Callable[[list[Row]], list[Item]],
    *,
    cursor: str,
    limit: int,
    newest_first: bool = True,
) -> Page[Item]:
    """The rows after a cursor, by their ids.

    :raises CursorError: if no list gave out such a cursor.
    """
    if cursor:
        place = _place(cursor)
        rows = rows.filter(pk__lt=place) if newest_first else rows.filter(pk__gt=place)
    read = list(rows.order_by("-pk" if newest_first else "pk")[: limit + 1])
    shown = read[:limit]
    more = len(read) > limit
    return Page(items=tuple(show(shown)), next=str(shown[-1].pk) if more else None)


def _place(cursor: str) -> int:
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) <= _DIGITS):
        raise CursorError(CursorError.__doc__)
    return int(cursor)
