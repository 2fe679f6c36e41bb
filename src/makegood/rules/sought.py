"""What somebody types to find something: its words, made ready for a search, and its number.

Any text gives something to search for, if only nothing. The index does the same to what it holds
(`search_plain` in 0005_finding.sql): letters and digits count, whatever stands between them.
"""

import re
import unicodedata
from dataclasses import dataclass

LONGEST = 100
SHORTEST = 2
PHONE_DIGITS_MIN = 4
APOSTROPHES = "'\N{RIGHT SINGLE QUOTATION MARK}"
SEPARATORS = r"!#$%&()*+,-./:;<=>?@[\]^_`{|}~"
_BETWEEN = str.maketrans(dict.fromkeys(SEPARATORS, " ") | dict.fromkeys(APOSTROPHES))
_EXCEPT = re.compile(r'(?:^|(?<=\s))-(?=[\w"])')
_PHONE = re.compile(r"[\d\s()+./-]+", re.ASCII)
_LEFT_OUT = "\N{WORD JOINER}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Sought:
    """What is sought. `words` may hold "a phrase", `-without` and `or`; `phone` is as typed."""

    typed: str
    words: str
    phone: str

    @property
    def is_too_short(self) -> bool:
        """Whether it is not worth a search yet."""
        return sum(char.isalnum() for char in self.words) < SHORTEST


def read(typed: str) -> Sought:
    """Read what was typed; what no index can hold is left out."""
    clean = " ".join(_clean(typed)[:LONGEST].split())
    marked = _EXCEPT.sub(_LEFT_OUT, clean)
    words = marked.translate(_BETWEEN).replace(_LEFT_OUT, "-")
    return Sought(typed=clean, words=" ".join(words.split()), phone=_phone(clean))


def _clean(typed: str) -> str:
    """Without control characters, halves of characters and our own marks; composed."""
    kept = (
        char if unicodedata.category(char) not in {"Cc", "Cs", "Cf", "Cn"} else " "
        for char in typed
    )
    return unicodedata.normalize("NFC", "".join(kept))


def _phone(text: str) -> str:
    digits = sum(char.isascii() and char.isdigit() for char in text)
    return text if digits >= PHONE_DIGITS_MIN and _PHONE.fullmatch(text) else ""
