"""What somebody wrote just now, apart from their signature and what they quote; all is kept."""

import re
from dataclasses import dataclass
from typing import Final

LINES_MAX: Final = 1_500
LINE_MAX: Final = 500
_NAME = r"[^\n]{1,200}"
_WROTE: Final = (
    rf"On {_NAME} wrote:",
    rf"Am {_NAME} schrieb{_NAME}?:",
    rf"{_NAME} schrieb am {_NAME}:",
    rf"Le {_NAME} a écrit ?:",
    rf"El {_NAME} escribió:",
    rf"Il {_NAME} ha scritto:",
    rf"Op {_NAME} schreef {_NAME}:",
    rf"Em {_NAME} escreveu:",
    rf"W dniu {_NAME} pisze:",
    rf"Den {_NAME} skrev {_NAME}:",
)
_RULE = re.compile(
    r"-{3,}\s*(original message|ursprüngliche nachricht|message d'origine|mensaje original"
    r"|messaggio originale|oorspronkelijk bericht|mensagem original|forwarded message"
    r"|weitergeleitete nachricht)\s*-{3,}|_{20,}",
    re.IGNORECASE,
)
_FROM = re.compile(r"\*?(from|von|de|da|van|od|från|fra)\*?:\s*\S", re.IGNORECASE)
_HEAD = re.compile(
    r"\*?(sent|date|gesendet|datum|envoyé|enviado|inviato|verzonden|to|an|à|para|subject|betreff"
    r"|objet|asunto|oggetto|onderwerp)\*?:\s*\S",
    re.IGNORECASE,
)
_SAID = re.compile("|".join(_WROTE), re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Split:
    """The three parts of what a mail says; put together they are the whole of it."""

    words: str
    signature: str
    history: str


def split(text: str) -> Split:
    """Take a mail's text apart. What stands between quoted lines are words too.

    A mail that is nothing but quotes has no words; then all of it is shown as words.
    """
    lines = text.split("\n")
    end = _history_begins(lines[:LINES_MAX])
    own, history = lines[:end], lines[end:]
    sign = next((at for at, line in enumerate(own) if line in {"--", "-- "}), len(own))
    words, signature = own[:sign], own[sign:]
    if not any(line.strip() and not line.startswith(">") for line in words):
        return Split(words=text.strip(), signature="", history="")
    return Split(
        words="\n".join(words).strip(),
        signature="\n".join(signature).strip(),
        history="\n".join(history).strip(),
    )


def _history_begins(lines: list[str]) -> int:
    for at, line in enumerate(lines):
        bare = line.strip()
        if _RULE.fullmatch(bare) or _is_head(lines, at) or _is_said(lines, at):
            return at
    # What is quoted at the very end, without a word that introduces it.
    end = len(lines)
    while end and (not lines[end - 1].strip() or lines[end - 1].startswith(">")):
        end -= 1
    return end if any(line.startswith(">") for line in lines[end:]) else len(lines)


def _is_said(lines: list[str], at: int) -> bool:
    """Somebody wrote, on one line or on two as mail programs break it, and a quote follows."""
    one = lines[at].strip()
    two = " ".join(line.strip() for line in lines[at : at + 2])
    for said, after in ((one, at + 1), (two, at + 2)):
        if len(said) < LINE_MAX and _SAID.fullmatch(said):
            return _quote_follows(lines, after)
    return False


def _quote_follows(lines: list[str], after: int) -> bool:
    """Quoted lines, or none that are not: some programs do not mark them."""
    rest = [line for line in lines[after:] if line.strip()]
    return not rest or rest[0].startswith(">") or not any(line.startswith(">") for line in rest)


def _is_head(lines: list[str], at: int) -> bool:
    """The heads of a letter that is quoted below: From, and at once two of its brothers."""
    if not _FROM.match(lines[at].strip()):
        return False
    return sum(bool(_HEAD.match(line.strip())) for line in lines[at + 1 : at + 5]) >= 2  # noqa: PLR2004 - so that no sentence is taken for one
