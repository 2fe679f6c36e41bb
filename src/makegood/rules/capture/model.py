"""How sure it is that a sentence gives the company's word: weights over signals and word pairs.

The weights are made by `bench/words_train.py` from labelled messages. Word pairs are only known
by a hash, so that the weights hold no text.
"""

import json
import math
import pkgutil
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

BUCKETS: Final = 512
GRAM_VALUE: Final = 0.3  # a word pair counts less than a signal that we can explain
# Too rare in the labels to be learned, but certain by meaning: another company's word is not ours.
_GIVEN: Final = {"other_company_acts": -5.0}
_WORD: Final = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+|\?")


@dataclass(frozen=True, kw_only=True, slots=True)
class Weights:
    """What each signal and each bucket of words adds, and from where on it is a promise."""

    bias: float
    threshold: float
    signals: Mapping[str, float]
    grams: tuple[float, ...]


@cache
def shipped_weights() -> Weights:
    """The weights that come with the package."""
    data = json.loads(pkgutil.get_data(__package__, "weights.json") or b"{}")
    return Weights(
        bias=data["bias"],
        threshold=data["threshold"],
        signals=data["signals"],
        grams=tuple(data["grams"]),
    )


def buckets_of(sentence: str) -> frozenset[int]:
    """The buckets of the words and word pairs of a folded sentence; numbers all look alike."""
    words = ["<", *("#" if word[0].isdigit() else word for word in _WORD.findall(sentence)), ">"]
    return frozenset(zlib.crc32(gram.encode()) % BUCKETS for gram in _grams(words))


def _grams(words: list[str]) -> Iterator[str]:
    yield from words
    for place in range(len(words) - 1):
        yield f"{words[place]} {words[place + 1]}"


def certainty(signals: Mapping[str, float], *, buckets: frozenset[int], weights: Weights) -> float:
    """Between 0 and 1: how likely the sentence is a promise."""
    total = weights.bias + sum(weights.signals.get(name, 0.0) for name in signals)
    total += sum(value for name, value in _GIVEN.items() if name in signals)
    total += GRAM_VALUE * sum(weights.grams[bucket] for bucket in buckets)
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, total))))
