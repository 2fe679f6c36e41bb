"""Learns the weights of capture from labelled messages: python -m bench.words_train.

Reads the messages of `words_data`, writes weights.json into the package. Logistic regression over
sentences; the same input gives the same weights. In a message that gives the company's word, but
whose label does not say where, it is in the sentence that the weights find most likely.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from bench.words_data import FRAME, Labelled, read_judged, read_labelled, read_written
from bench.words_drawn import read_drawn
from makegood.rules.capture.model import Weights
from makegood.rules.capture.sentences import Sentence, read_sentences
from makegood.rules.wording.prose import fold, without_quotes

TARGET = Path(__file__).resolve().parents[1] / "src/makegood/rules/capture/weights.json"
STEPS, PACE, DECAY, NO_DECAY = 250, 0.05, 3.0, 0.01
PROMISE_WEIGHT = 2.0
THRESHOLD = 0.48
SEEN_AT_LEAST = 2
ROUNDS = 2


def read_all() -> dict[str, list[Labelled]]:
    """All that the weights are learned from, by who labelled it."""
    return {
        "labelled": read_labelled(),
        "judged": read_judged(),
        "drawn": read_drawn(),
        "written": read_written(),
    }


def sentences_of(message: Labelled) -> list[Sentence]:
    return read_sentences(fold(without_quotes(message.text)), frame=FRAME)


def train(messages: Sequence[Labelled], read: Sequence[list[Sentence]]) -> Weights:
    names = names_in(read)
    rows = [matrix(some, names) for some in read]
    fitted: np.ndarray | None = None
    for _ in range(ROUNDS):
        examples = list(_examples(messages, read, rows, fitted))
        table, truths, counts = (np.array(column) for column in zip(*examples, strict=True))
        fitted = fit(table, truths, counts)
    if fitted is None:
        raise ValueError("nothing to learn from")
    return Weights(
        bias=round(float(fitted[-1]), 4),
        threshold=THRESHOLD,
        signals={name: round(float(fitted[place]), 4) for name, place in names.items()},
    )


def names_in(read: Sequence[list[Sentence]]) -> dict[str, int]:
    """The signals that occur more than once, each with its column."""
    counts = Counter(name for some in read for sentence in some for name in sentence.signals)
    kept = sorted(name for name, count in counts.items() if count >= SEEN_AT_LEAST)
    return {name: place for place, name in enumerate(kept)}


def matrix(read: Sequence[Sentence], names: Mapping[str, int]) -> np.ndarray:
    table = np.zeros((len(read), len(names) + 1))
    for row, sentence in enumerate(read):
        table[row, [names[name] for name in sentence.signals if name in names]] = 1
        table[row, -1] = 1
    return table


def _examples(
    messages: Sequence[Labelled],
    read: Sequence[list[Sentence]],
    rows: Sequence[np.ndarray],
    fitted: np.ndarray | None,
) -> Iterator[tuple[np.ndarray, float, float]]:
    """Sentences, whether each is a promise, and how much it counts."""
    for message, some, table in zip(messages, read, rows, strict=True):
        ahead = [place for place, sentence in enumerate(some) if sentence.signals]
        if message.is_tracked and ahead:
            ahead = _promised(message, some, ahead) or _likeliest(table, ahead, fitted)
        for place in ahead:
            weight = PROMISE_WEIGHT / len(ahead) if message.is_tracked else 1.0
            yield table[place], float(message.is_tracked), weight


def _promised(message: Labelled, read: Sequence[Sentence], ahead: list[int]) -> list[int]:
    """The sentences that hold the label's quote, or its words that say when."""
    quote = message.quote or message.due
    if quote is None:
        return []
    start = message.text.lower().find(quote.lower())
    end = start + len(quote)
    return [place for place in ahead if read[place].start < end and start < read[place].end]


def _likeliest(table: np.ndarray, ahead: list[int], fitted: np.ndarray | None) -> list[int]:
    if fitted is None:
        return ahead
    return [max(ahead, key=lambda place: float(table[place] @ fitted))]


def fit(rows: np.ndarray, truths: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Logistic regression with a pull towards zero, by Adam from zero."""
    weights = np.zeros(rows.shape[1])
    first, second = np.zeros_like(weights), np.zeros_like(weights)
    pull = np.full(rows.shape[1], DECAY)
    pull[-1] = NO_DECAY
    for step in range(1, STEPS + 1):
        guess = 1 / (1 + np.exp(-rows @ weights))
        slope = rows.T @ (counts * (guess - truths)) + pull * weights
        first = 0.9 * first + 0.1 * slope
        second = 0.99 * second + 0.01 * slope * slope
        size = np.sqrt(second / (1 - 0.99**step)) + 1e-8
        weights -= PACE * first / (1 - 0.9**step) / size
    return weights


def main() -> None:
    messages = [message for some in read_all().values() for message in some]
    weights = train(messages, [sentences_of(message) for message in messages])
    data = {
        "bias": weights.bias,
        "threshold": weights.threshold,
        "signals": {name: value for name, value in weights.signals.items() if value},
    }
    TARGET.write_text(json.dumps(data, separators=(",", ":")) + "\n")
    print(f"learned from {len(messages)} messages; wrote {TARGET.name}")


if __name__ == "__main__":
    main()
