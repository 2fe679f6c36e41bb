"""Text that can be kept and shown: HTML without its tags, and nothing that is not a character."""

import re
import unicodedata
from html import unescape
from typing import Final

_SKIPPED: Final = frozenset({"script", "style", "head", "title", "template", "noscript", "svg"})
_BREAKS: Final = frozenset(
    {"br", "p", "div", "tr", "li", "ul", "ol", "table", "blockquote", "hr"}
    | {f"h{level}" for level in range(1, 7)}
)
_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_TAG = re.compile(r"/?[a-zA-Z][a-zA-Z0-9]*")


def tame(text: str, *, keep_lines: bool = False) -> str:
    """Without controls, half characters and marks that turn the direction of writing.

    PostgreSQL holds no NUL, and an invisible mark can make a name look like another one.
    """
    kept = "\n\t" if keep_lines else "\t"
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        char if char in kept or unicodedata.category(char) not in _HIDDEN else _instead(char)
        for char in text
    )


def _instead(char: str) -> str:
    return " " if char == "\n" else ""


def from_html(html: str) -> str:
    """The words of a page, in one walk over it: no tag that is left open makes it slow."""
    words: list[str] = []
    skipping = ""
    first, *rest = html.split("<")
    words.append(first)
    for piece in rest:
        tag, _close, text = piece.partition(">")
        name = _name(tag)
        if skipping:
            skipping = "" if name == f"/{skipping}" else skipping
            words.append("" if skipping else text)
            continue
        if name in _SKIPPED and not tag.endswith("/"):
            skipping = name
            continue
        words.append(("\n" if name.strip("/") in _BREAKS else " " if name else "") + text)
    lines = (" ".join(line.split()) for line in unescape("".join(words)).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _name(tag: str) -> str:
    found = _TAG.match(tag)
    return found.group().lower() if found else ""
