"""How many messages of 40 words one core checks, and reads for promises, in a second.

Counted in processor time, so that what else the machine does counts for little.
"""

import random
import time
from collections.abc import Callable
from typing import Final

from bench.words_alarms import messages
from bench.words_data import FRAME
from makegood.rules.capture.promises import capture
from makegood.rules.wording.check import check

FEWEST, MOST = 32, 48  # words of a message: 40 on average
COUNT, WARM = 1_500, 100
GOAL: Final = 1_000


def some_messages() -> list[str]:
    """Messages of about 40 words from all sources, the same in each run."""
    texts = [text for _, text in messages() if FEWEST <= len(text.split()) <= MOST]
    return random.Random(1).sample(texts, COUNT)


def per_second(texts: list[str], work: Callable[[str], object]) -> float:
    for text in texts[:WARM]:
        work(text)
    began = time.process_time()
    for text in texts:
        work(text)
    return len(texts) / (time.process_time() - began)


def show_speed() -> None:
    texts = some_messages()
    words = sum(len(text.split()) for text in texts) / len(texts)
    print(f"\nspeed, messages of {words:.0f} words a second on one core (goal {GOAL})")
    print(f"words checked     {per_second(texts, check):8.0f}")
    print(f"promises captured {per_second(texts, lambda text: capture(text, frame=FRAME)):8.0f}")


if __name__ == "__main__":
    show_speed()
