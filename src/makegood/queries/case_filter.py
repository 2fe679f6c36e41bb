"""What a list of cases is narrowed to, and how it is sorted; as pages have it in their address."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum
from typing import Any
from urllib.parse import parse_qs, urlencode

from makegood.rules import sought
from makegood.rules.severity import Function, Severity

WAITING_HOURS = (1, 4, 24, 72, 168)
_ID_DIGITS = 18
_YEARS = range(2000, 2100)


class State(StrEnum):
    """How a case stands."""

    OPEN = "open"
    AT_RISK = "at_risk"
    BROKEN = "broken"
    ASKED = "asked"
    CLOSED = "closed"
    ALL = "all"


class Sort(StrEnum):
    """What comes first."""

    SEVERITY = "severity"
    DUE = "due"
    NEWEST = "newest"


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseFilter:
    """The filters; their names are those in the address."""

    q: str = ""
    state: State = State.OPEN
    owner: int | None = None
    team: int | None = None
    severity: tuple[int, ...] = ()
    function: str = ""
    since: date | None = None
    until: date | None = None
    broke: bool = False
    waiting: int | None = None
    imported: int | None = None
    sort: Sort = Sort.SEVERITY

    @property
    def is_open_only(self) -> bool:
        """Whether closed cases are left out."""
        return self.state not in {State.CLOSED, State.ALL}

    def without(self, name: str) -> "CaseFilter":
        """The same without one filter."""
        return replace(self, **{name: getattr(NONE, name)})

    def address(self, **more: str) -> str:
        """The part of an address that says all this, and `more`."""
        given = {
            field.name: value
            for field in fields(self)
            if (value := getattr(self, field.name)) != getattr(NONE, field.name)
        }
        plain = [(name, text) for name, value in given.items() for text in _plain(value)]
        return urlencode([*plain, *((name, text) for name, text in more.items() if text)])


NONE = CaseFilter()


def read(given: Mapping[str, Sequence[str]]) -> tuple[CaseFilter, tuple[str, ...]]:
    """Read the filters of an address, and the names of those that make no sense."""
    values: dict[str, Any] = {}
    misread = []
    for name, reader in _READERS.items():
        texts = [text for text in given.get(name, ()) if text.strip()]
        if not texts:
            continue
        try:
            values[name] = reader(texts)
        except ValueError:
            misread.append(name)
    return CaseFilter(**values), tuple(misread)


def read_address(address: str) -> tuple[CaseFilter, tuple[str, ...]]:
    """Read the filters of an address in one piece."""
    return read(parse_qs(address))


def _plain(value: object) -> list[str]:
    if isinstance(value, tuple):
        return [str(int(part)) for part in value]
    if isinstance(value, bool):
        return ["1"]
    return [value.isoformat() if isinstance(value, date) else str(value)]


def _id(texts: Sequence[str]) -> int:
    text = texts[0]
    if not (text.isascii() and text.isdigit() and len(text) <= _ID_DIGITS):
        raise ValueError(text)
    return int(text)


def _day(texts: Sequence[str]) -> date:
    day = date.fromisoformat(texts[0])
    if day.year not in _YEARS:
        raise ValueError(texts[0])
    return day


def _severities(texts: Sequence[str]) -> tuple[int, ...]:
    chosen = {Severity(_id([text])).value for text in texts}
    return () if chosen == {level.value for level in Severity} else tuple(sorted(chosen))


def _waiting(texts: Sequence[str]) -> int:
    hours = _id(texts)
    if hours not in WAITING_HOURS:
        raise ValueError(texts[0])
    return hours


_READERS: Mapping[str, Callable[[Sequence[str]], Any]] = {
    "q": lambda texts: sought.read(texts[0]).typed,
    "state": lambda texts: State(texts[0]),
    "owner": _id,
    "team": _id,
    "severity": _severities,
    "function": lambda texts: Function(texts[0]).value,
    "since": _day,
    "until": _day,
    "broke": lambda texts: bool(_id(texts)),
    "waiting": _waiting,
    "imported": _id,
    "sort": lambda texts: Sort(texts[0]),
}
