"""How sure it is that a sentence gives the company's word: weights over signals.

The weights are made by `bench/words_train.py` from labelled messages. Each belongs to a signal
with a name, so that every certainty can be explained; they hold no text.
"""

import json
import math
import pkgutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

# Too rare in the labels to be learned, but certain by meaning: another company's word is not ours,
# where a thing stands is no act, and what is borne in mind is not done.
_GIVEN: Final = {"other_company_acts": -5.0, "on_the_left": -3.0, "in_mind": -1.5}
_LIMIT: Final = 60.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Weights:
    """What each signal adds, and from where on a sentence is a promise."""

    bias: float
    threshold: float
    signals: Mapping[str, float]


@cache
def shipped_weights() -> Weights:
    """The weights that come with the package."""
    data = json.loads(pkgutil.get_data(__package__, "weights.json") or b"{}")
    return Weights(bias=data["bias"], threshold=data["threshold"], signals=data["signals"])


def certainty(signals: Iterable[str], *, weights: Weights) -> float:
    """Between 0 and 1: how likely a sentence with these signals is a promise."""
    total = weights.bias
    for name in signals:
        total += weights.signals.get(name, 0.0) + _GIVEN.get(name, 0.0)
    return 1 / (1 + math.exp(-max(-_LIMIT, min(_LIMIT, total))))
