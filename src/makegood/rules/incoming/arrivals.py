"""Dates of orders in the plain words of a supplier: a line that names one order and one date.

Read strictly: a line with a date that says anything else is not guessed at, and a person looks.
"""

import re
from dataclasses import dataclass
from typing import Final

LINES_MAX: Final = 2_000
_DATE: Final = r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?:Z|[+-]\d{2}:\d{2})?)?"
_LINE: Final = re.compile(
    r"\s*[-*]?\s*(?:(?:purchase\s+)?order|bestellung|po)?\s*(?:no\.?|nr\.?|number|nummer)?\s*[#:]?\s*"
    r"(?P<number>(?=\S*\d)[A-Za-z0-9][A-Za-z0-9./_-]{0,59}?)\s*[:,;]?\s+"
    r"(?:(?:is|now|expected|due|arrives|arriving|comes|delivery|eta|on|by|wird|kommt|trifft|ein|am|"
    r"erwartet|liefertermin|jetzt|bis)\s*:?\s+)*"
    rf"(?P<eta>{_DATE})\s*[.!]?\s*",
    re.IGNORECASE,
)
# What does not come at all, or at no known time, is not passed over because it has no date.
_ENDS: Final = re.compile(
    r"\b(?:cancel\w*|discontinu\w*|stornier\w*|storno|abgesagt|entf(?:ä|ae)llt|unavailable|"
    r"(?:no longer|not) (?:be )?(?:available|deliver\w*|suppl\w*)|out of stock|back-?order\w*|"
    r"nicht (?:mehr )?(?:lieferbar|verf(?:ü|ue)gbar|vorr(?:ä|ae)tig))\b",
    re.IGNORECASE,
)
_ANY_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrival:
    """An order as its supplier names it, and when it comes, as it was written."""

    number: str
    eta: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrivals:
    """What a mail says: what could be read, and the lines of orders that could not."""

    read: tuple[Arrival, ...]
    unread: tuple[str, ...]


def read_lines(text: str) -> Arrivals:
    """The orders and dates of a text, line by line.

    Lines without a date say nothing of orders, unless one does not come at all.
    """
    read, unread = [], []
    for line in text.splitlines()[:LINES_MAX]:
        if not _ANY_DATE.search(line):
            if _ENDS.search(line) and any(sign.isdigit() for sign in line):
                unread.append(line[:200])
            continue
        found = _LINE.fullmatch(line[:300])
        if found is None or _ANY_DATE.match(found["number"]):
            unread.append(line[:200])
        else:
            read.append(Arrival(number=found["number"], eta=found["eta"].replace(" ", "T")))
    return Arrivals(read=tuple(read), unread=tuple(unread))
