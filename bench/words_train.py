"""Learns the weights of capture from labelled messages: python -m bench.words_train.

Reads labels.jsonl, utterances.jsonl and key.jsonl of a folder, writes weights.json into the
package. Logistic regression over sentences; the same input gives the same weights.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bench.words_data import FRAME, UTTERANCES, Labelled, read_labelled
from makegood.rules.capture.model import BUCKETS, GRAM_VALUE, Weights, buckets_of
from makegood.rules.capture.sentences import Sentence, read_sentences
from makegood.rules.wording.prose import fold, without_quotes

TARGET = Path(__file__).resolve().parents[1] / "src/makegood/rules/capture/weights.json"
STEPS, PACE, DECAY = 200, 0.05, 3.0
PROMISE_WEIGHT = 2.0
THRESHOLD = 0.4


def sentences_of(message: Labelled) -> list[Sentence]:
    return read_sentences(fold(without_quotes(message.text)), frame=FRAME)


def promised(message: Labelled, read: Sequence[Sentence]) -> list[Sentence]:
    """The sentences that hold the quote of a tracked message."""
    quote = message.quote or ""
    start = message.text.lower().find(quote.lower())
    held = [one for one in read if one.start < start + len(quote) and start < one.end]
    return held or list(read)


def vector(sentence: Sentence, names: dict[str, int]) -> np.ndarray:
    row = np.zeros(len(names) + BUCKETS + 1)
    for name in sentence.signals:
        if name in names:
            row[names[name]] = 1
    for bucket in buckets_of(sentence.folded):
        row[len(names) + bucket] = GRAM_VALUE
    row[-1] = 1
    return row


def train(messages: Sequence[Labelled], read: Sequence[list[Sentence]]) -> Weights:
    names = {
        name: place
        for place, name in enumerate(sorted({n for some in read for s in some for n in s.signals}))
    }
    rows, truths, counts = [], [], []
    for message, some in zip(messages, read, strict=True):
        taken = promised(message, some) if message.is_tracked else some
        for sentence in taken:
            rows.append(vector(sentence, names))
            truths.append(float(message.is_tracked))
            counts.append(PROMISE_WEIGHT / len(taken) if message.is_tracked else 1.0)
    fitted = fit(np.array(rows), np.array(truths), np.array(counts))
    return Weights(
        bias=float(fitted[-1]),
        threshold=THRESHOLD,
        signals={name: round(float(fitted[place]), 4) for name, place in names.items()},
        grams=tuple(round(float(value), 4) for value in fitted[len(names) : -1]),
    )


def fit(rows: np.ndarray, truths: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Logistic regression with a pull towards zero, by Adam from zero."""
    weights = np.zeros(rows.shape[1])
    first, second = np.zeros_like(weights), np.zeros_like(weights)
    pull = np.full(rows.shape[1], DECAY)
    pull[-1] = 0.01
    for step in range(1, STEPS + 1):
        guess = 1 / (1 + np.exp(-rows @ weights))
        slope = rows.T @ (counts * (guess - truths)) + pull * weights
        first = 0.9 * first + 0.1 * slope
        second = 0.99 * second + 0.01 * slope * slope
        size = np.sqrt(second / (1 - 0.99**step)) + 1e-8
        weights -= PACE * first / (1 - 0.9**step) / size
    return weights


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else UTTERANCES
    messages = read_labelled(folder)
    weights = train(messages, [sentences_of(message) for message in messages])
    data = {
        "bias": round(weights.bias, 4),
        "threshold": weights.threshold,
        "signals": dict(weights.signals),
        "grams": list(weights.grams),
    }
    TARGET.write_text(json.dumps(data, separators=(",", ":")) + "\n")
    print(f"learned from {len(messages)} messages; wrote {TARGET.name}")


if __name__ == "__main__":
    main()
