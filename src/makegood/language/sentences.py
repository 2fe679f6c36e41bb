"""Sentences that were made in English, where no language is known, in the one that is spoken now.

Rules and actions refuse in English, and some sentences of theirs are kept with the records. The
catalogue holds each as it stands in the code, with its gaps named; here a sentence is recognised
by it, and what stands in the gaps is put into the translation.
"""

import re
from functools import lru_cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from django.conf import settings
from django.utils.translation import pgettext, pgettext_lazy

from makegood.language import choice

CONTEXT = "sentence"
_GAP = re.compile(r"%\((\w+)\)s")
# What stands in the gaps is said as it is (names, dates), but for these words.
_WORDS = {
    "kept": pgettext_lazy("word in a sentence", "kept"),
    "broken": pgettext_lazy("word in a sentence", "broken"),
    "released": pgettext_lazy("word in a sentence", "released"),
    "replaced": pgettext_lazy("word in a sentence", "replaced"),
    "owner": pgettext_lazy("word in a sentence", "owner"),
    "lead": pgettext_lazy("word in a sentence", "lead"),
    "head": pgettext_lazy("word in a sentence", "head"),
    "executive": pgettext_lazy("word in a sentence", "executive"),
}
_Sentence = tuple[re.Pattern[str], str]


def said(english: str) -> str:
    """The sentence in the language that is spoken now; as it is if nobody has translated it."""
    code = choice.current()
    if code.startswith("en"):
        return english
    plain = " ".join(english.split())
    whole = pgettext(CONTEXT, plain)
    return whole if whole != plain else _with_gaps(plain, code) or english


def begun(text: str) -> str:
    """A text that may begin with a sentence of ours, and goes on with somebody's own words."""
    return " ".join(part for part in parted(text) if part)


def parted(text: str) -> tuple[str, str]:
    """The sentence of ours with which a text begins, and the own words with which it goes on."""
    ours, stop, rest = text.partition(". ")
    return (said(f"{ours}."), rest) if stop else (said(text), "")


def _with_gaps(plain: str, code: str) -> str | None:
    for pattern, translation in _sentences(code):
        if found := pattern.fullmatch(plain):
            gaps = {name: _gap(text) for name, text in found.groupdict().items()}
            return translation % gaps
    return None


def _gap(text: str) -> str:
    return str(_WORDS[text]) if text in _WORDS else pgettext(CONTEXT, text)


@lru_cache
def _sentences(code: str) -> tuple[_Sentence, ...]:
    """The sentences with gaps, those with the most words of their own first."""
    known = [
        (str(message.id), str(message.string))
        for root in settings.LOCALE_PATHS
        for message in _read(Path(root) / code / "LC_MESSAGES" / "django.mo")
        # Babel leaves the context of a compiled message in bytes.
        if message.context in {CONTEXT, CONTEXT.encode()} and _GAP.search(str(message.id))
    ]
    known.sort(key=lambda pair: -len(_GAP.sub("", pair[0])))
    return tuple((_pattern(english), translation) for english, translation in known)


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_mo(file)


def _pattern(english: str) -> re.Pattern[str]:
    parts = _GAP.split(english)
    written = [
        f"(?P<{part}>.+?)" if place % 2 else re.escape(part.replace("%%", "%"))
        for place, part in enumerate(parts)
    ]
    return re.compile("".join(written), re.DOTALL)
