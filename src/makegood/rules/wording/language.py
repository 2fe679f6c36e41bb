"""Is a text English? The rules know no other language, and say so instead of staying silent."""

import re
from typing import Final

_WORD: Final = re.compile(r"[^\W\d_]+")
_ENOUGH: Final = 6
_READ: Final = 200
_SHARE: Final = 0.12
_ENGLISH: Final = frozenset(
    _WORD.findall(
        "the and to of a in is you that it for on are with this be have will we i your our not at "
        "by from was has can please thank they as or if were an been do us my but so no me all "
        "when what there which would could should had his her its up out about who how any more "
        "than"
    )
)
_OTHERS: Final = (
    frozenset(
        _WORD.findall(
            "der die das und ist nicht sie wir ich mit für auf ein eine zu den von ihre ihr es "
            "wird haben le la les et est nous vous pas pour que un une des du votre avec sur dans "
            "je ce qui el los las su por con para se en del lo usted está il che di per non sono "
            "het een van niet wij u op voor met zijn och att det som är inte på vi"
        )
    )
    - _ENGLISH
)


def is_english(folded: str) -> bool:
    """True for English and for texts too short to tell in Latin letters."""
    words = _WORD.findall(folded)[:_READ]
    if not words:
        return True
    latin = sum(word[0].isascii() or word[0] < "\u0250" for word in words)
    if latin * 2 < len(words):
        return False
    english = sum(word in _ENGLISH for word in words)
    other = sum(word in _OTHERS for word in words)
    if len(words) < _ENOUGH:
        return other <= english + 1
    return other <= english or english / len(words) > _SHARE * 2
