"""Service requests as XML, which every server of GeoReport v2 speaks, read as plain rows.

A document that declares anything of its own is refused: without declarations there are no
entities, so that nothing grows, and nothing is fetched. Only a list, its rows and their fields
are read; what lies deeper is not.
"""

from typing import Final, NoReturn
from xml.parsers import expat

ROOTS: Final = {"service_requests", "requests"}
ROWS: Final = {"request", "service_request"}
_ROOT, _ROW, _FIELD = 1, 2, 3

Row = dict[str, str]


class XmlError(ValueError):
    """This is no list of service requests as XML."""


def is_xml(body: bytes) -> bool:
    """Whether it begins as XML does, in whatever letters."""
    return body[:64].lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n").startswith(b"<")


def read(body: bytes) -> list[Row]:
    """The rows of a document, each with its fields as text.

    Letters that are not of the charset that it says cost themselves, and not the document.

    :raises XmlError: if it is none, or declares a type or entities.
    """
    try:
        return _Reading().rows_of(body)
    except XmlError:
        if _is_utf8(body):
            raise
    return _Reading("utf-8").rows_of(body.decode("utf-8", "replace").encode())


class _Reading:
    """One document being read, an element after the other."""

    def __init__(self, charset: str | None = None) -> None:
        self._depth = 0
        self._rows: list[Row] = []
        self._row: Row | None = None
        self._name = ""
        self._said: list[str] = []
        parser = expat.ParserCreate(charset)
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._hear
        self._parser = parser

    def rows_of(self, body: bytes) -> list[Row]:
        """All rows of a document."""
        try:
            self._parser.Parse(body, True)  # noqa: FBT003 - that it ends here; it has no name
        except (expat.ExpatError, ValueError, LookupError) as wrong:
            raise XmlError(XmlError.__doc__) from wrong
        return self._rows

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        self._depth += 1
        own = name.rpartition(":")[2]
        if self._depth == _ROOT and own not in ROOTS:
            raise XmlError(XmlError.__doc__)
        if self._depth == _ROW:
            self._row = {} if own in ROWS else None
        if self._depth == _FIELD:
            self._name, self._said = own, []

    def _hear(self, words: str) -> None:
        if self._depth == _FIELD and self._row is not None:
            self._said.append(words)

    def _end(self, _name: str) -> None:
        if self._depth == _FIELD and self._row is not None:
            self._row.setdefault(self._name, "".join(self._said).strip())
        if self._depth == _ROW and self._row is not None:
            self._rows.append(self._row)
        self._depth -= 1


def _refuse(*_declared: object) -> NoReturn:
    raise XmlError(XmlError.__doc__)


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True
