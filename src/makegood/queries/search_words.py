"""What somebody typed, as the database reads it: once for a page, for no row has to read it again.

The function `search_query` (0005_finding.sql) takes longer than to look at a row's words; asked in
the filter itself, it would run for every row that is looked at.
"""

from typing import NamedTuple

from makegood.queries import plain
from makegood.rules.sought import Sought


class _Read(NamedTuple):
    """A query for words as text, such as `'laura' & 'tay':*`."""

    query: str


_QUERY = "SELECT search_query(%(words)s, %(phone)s)::text AS query"


def read_query(asked: Sought) -> str:
    """The text of a `tsquery`, in one query."""
    return plain.rows(_QUERY, _Read, words=asked.words, phone=asked.phone)[0].query
