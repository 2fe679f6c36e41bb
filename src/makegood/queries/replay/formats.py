"""Which way a log writes its times: ISO, month first, day first, or with names of months."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from typing import Final

_TIMES: Final = (
    "",
    " %H:%M",
    " %H:%M:%S",
    " %H:%M:%S.%f",
    " %I:%M %p",
    " %I:%M:%S %p",
    "T%H:%M:%S",
)
# A year of two digits is tried first: read with four, it would be the year 15.
_MONTH_FIRST: Final = tuple(f"%m{sep}%d{sep}{year}" for sep, year in product("/.-", ("%y", "%Y")))
_DAY_FIRST: Final = tuple(f"%d{sep}%m{sep}{year}" for sep, year in product("/.-", ("%y", "%Y")))
_CLEAR: Final = (
    "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%d-%b-%y", "%d-%b-%Y", "%d/%b/%y", "%d/%b/%Y",
    "%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%b %d %Y", "%Y %b %d",
)  # fmt: skip
COMPACT: Final = ("%Y%m%d%H%M%S", "%Y%m%d%H%M")
MOST_TRIED: Final = 300
CANDIDATES: Final = COMPACT + tuple(
    day + time for day, time in product(_CLEAR + _MONTH_FIRST + _DAY_FIRST, _TIMES)
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Formats:
    """The formats besides ISO that a log's times are read with; and how sure that is."""

    patterns: tuple[str, ...] = ()
    note: str = ""


def choose(texts: Sequence[str]) -> Formats:
    """The formats that read something; of month first and day first, the one that reads more.

    Where both read all values, slashes mean month first, as in America, dots and hyphens day
    first, as elsewhere; the note says that nothing proves it.

    :param texts: different values, none of them in ISO.
    """
    some = texts[:: max(1, len(texts) // MOST_TRIED)]
    counts = {pattern: sum(_reads(pattern, text) for text in some) for pattern in CANDIDATES}
    month_first, day_first = (_read_by(counts, days) for days in (_MONTH_FIRST, _DAY_FIRST))
    if month_first == day_first:
        unwanted = tuple(
            day for day in _MONTH_FIRST + _DAY_FIRST if (day in _DAY_FIRST) == ("/" in day)
        )
    else:
        unwanted = _MONTH_FIRST if day_first > month_first else _DAY_FIRST
    patterns = tuple(
        pattern
        for pattern in CANDIDATES
        if counts.get(pattern) and not pattern.startswith(unwanted)
    )
    return Formats(patterns=patterns, note=_note(patterns, proven=month_first != day_first))


def _reads(pattern: str, text: str) -> bool:
    try:
        datetime.strptime(text, pattern)  # noqa: DTZ007 - only whether it fits
    except ValueError:
        return False
    return True


def _read_by(counts: Mapping[str, int], days: tuple[str, ...]) -> int:
    return sum(count for pattern, count in counts.items() if pattern.startswith(days))


def _note(patterns: Sequence[str], *, proven: bool) -> str:
    order = {_MONTH_FIRST: "month first", _DAY_FIRST: "day first"}
    read = [words for days, words in order.items() if any(p.startswith(days) for p in patterns)]
    if not read:
        return ""
    return (
        f"dates are read {' or '.join(read)}{'' if proven else '; no value in the log proves it'}"
    )
