"""What fields of the API take: moments with an offset, lines and words, numbers, currencies."""

from datetime import UTC, datetime
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

FIRST: Final = datetime(2000, 1, 1, tzinfo=UTC)
LAST: Final = datetime(2100, 1, 1, tzinfo=UTC)
BIGGEST: Final = 2**63 - 1
LONGEST_NAME: Final = 200
LONGEST_REASON: Final = 300
LONGEST_WORDS: Final = 5_000


def _as_text(given: Any) -> Any:  # noqa: ANN401 - whatever JSON gives
    if not isinstance(given, str) or "T" not in given.upper():
        raise ValueError("give a moment as RFC 3339 has it, such as 2026-06-01T17:00:00+01:00")
    return given


def _in_utc(given: datetime) -> datetime:
    if given.tzinfo is None:
        raise ValueError("give a moment with its offset, such as 2026-06-01T17:00:00+01:00")
    try:
        moment = given.astimezone(UTC)
    except OverflowError as wrong:
        raise ValueError("give a moment of this century") from wrong
    if not FIRST <= moment < LAST:
        raise ValueError("give a moment of this century")
    return moment


def _clean(given: str) -> str:
    if "\0" in given:
        raise ValueError("a text has no NUL characters")
    return given


def _filled(given: str) -> str:
    if not given.strip():
        raise ValueError("this is empty")
    return given


def _number(given: Any) -> Any:  # noqa: ANN401 - whatever JSON gives
    if isinstance(given, bool | str):
        raise ValueError("this is a whole number, not a text or a yes")  # noqa: TRY004 - of pydantic
    return given


Moment = Annotated[
    datetime,
    BeforeValidator(_as_text),
    AfterValidator(_in_utc),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""Aware, in UTC, of this century; text only, for a number would be read as seconds since 1970."""

_Clean = AfterValidator(_clean)
_Filled = AfterValidator(_filled)

Line = Annotated[str, Field(max_length=LONGEST_NAME), _Clean]
Name = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME), _Clean, _Filled]
Reason = Annotated[str, Field(min_length=1, max_length=LONGEST_REASON), _Clean, _Filled]
Words = Annotated[str, Field(max_length=LONGEST_WORDS), _Clean]
Said = Annotated[str, Field(min_length=1, max_length=LONGEST_WORDS), _Clean, _Filled]
Id = Annotated[int, Field(ge=1, le=BIGGEST)]
Short = Annotated[str, Field(max_length=40), _Clean]
Number = Annotated[int, BeforeValidator(_number), Field(ge=1, le=BIGGEST)]
"""An id in a body; one in an address is a text."""

Minutes = Annotated[int, BeforeValidator(_number), Field(ge=0, le=10_000)]
Minor = Annotated[int, BeforeValidator(_number), Field(ge=0, le=10**12)]
YesNo = Annotated[bool, Field(strict=True)]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Cursor = Annotated[str, Field(max_length=100, pattern=r"^[0-9A-Za-z._-]*$")]
Limit = Annotated[int, Field(ge=1, le=200)]
Reference = Annotated[str, Field(min_length=1, max_length=20, pattern=r"^[0-9A-Za-z-]+$")]
