"""The letters of a printed file: a font of the machine, or else the one that comes along.

Letters that the font has not are written as the plain letters they are made of; the JSON of the
same file has every letter as it was typed.
"""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import reportlab
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

_OURS: Final = Path(reportlab.__file__).parent / "fonts"
_PLACES: Final = (
    (Path("/usr/share/fonts/truetype/dejavu"), "DejaVuSans.ttf", "DejaVuSans-Bold.ttf"),
    (Path("/usr/share/fonts/dejavu"), "DejaVuSans.ttf", "DejaVuSans-Bold.ttf"),
    (Path("/usr/share/fonts/dejavu-sans-fonts"), "DejaVuSans.ttf", "DejaVuSans-Bold.ttf"),
    (_OURS, "Vera.ttf", "VeraBd.ttf"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Letters:
    """A font and its bold, by the names under which they are registered."""

    plain: str
    bold: str
    has: frozenset[int]

    def fit(self, text: str) -> str:
        """The text in letters that this font has."""
        return "".join(self._fit(letter) for letter in text)

    def _fit(self, letter: str) -> str:
        if ord(letter) in self.has or letter in "\n\t":
            return letter
        parts = unicodedata.normalize("NFKD", letter)
        kept = "".join(part for part in parts if ord(part) in self.has)
        return kept or ("" if unicodedata.category(letter).startswith("C") else "?")


@lru_cache
def letters() -> Letters:
    """The best font there is."""
    for place, plain, bold in _PLACES:
        if (place / plain).is_file() and (place / bold).is_file():
            try:
                return _register(place / plain, place / bold)
            except (TTFError, OSError):  # a font that cannot be read is none
                continue
    return Letters(plain="Helvetica", bold="Helvetica-Bold", has=frozenset(range(32, 127)))


def _register(plain: Path, bold: Path) -> Letters:
    font = TTFont("makegood", str(plain))
    pdfmetrics.registerFont(font)
    pdfmetrics.registerFont(TTFont("makegood-bold", str(bold)))
    pdfmetrics.registerFontFamily(
        "makegood", normal="makegood", bold="makegood-bold", italic="makegood",
        boldItalic="makegood-bold",
    )  # fmt: skip
    return Letters(plain="makegood", bold="makegood-bold", has=frozenset(font.face.charToGlyph))
