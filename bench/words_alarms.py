"""What the rules of wording hit in real messages: python -m bench.words_alarms [RULE...].

Without rules it counts hits by source. With rules it prints each distinct hit, to be read and
judged: a rule may block only if a reader finds at least 98 in 100 right.
"""

import csv
import gzip
import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from bench.words_data import SHARED
from makegood.rules.wording.check import check

CHATS = {
    "cucom": ("cucom-ecommerce/conversations-hash0.jsonl.gz", "role", "agent", "content"),
    "star": ("star-dialogues/dialogues-hash0.jsonl.gz", "who", "agent", "text"),
    "tau": (
        "tau-bench-airline-trajectories/trajectories-task-even.jsonl.gz",
        "role",
        "assistant",
        "text",
    ),
}
NOTES = {
    "boston": ("boston-311-2015/opened-2015-h1.csv.gz", "closure_reason"),
    "sf": ("sf-311-sample/hash0.csv.gz", "status_notes"),
}
SHORTEST_NOTE = 40  # shorter ones are codes, not messages


def opened(name: str) -> Iterator[str]:
    path: Path = SHARED / name
    with gzip.open(path, "rt", encoding="utf-8", errors="replace") as file:
        yield from file


def messages() -> Iterator[tuple[str, str]]:
    for source, (name, who, ours, text) in CHATS.items():
        for line in opened(name):
            for turn in json.loads(line)["turns"]:
                if turn[who] == ours:
                    yield source, turn[text]
    for source, (name, column) in NOTES.items():
        for row in csv.DictReader(opened(name)):
            if len(row[column]) > SHORTEST_NOTE:
                yield source, row[column]


def main() -> None:
    wanted = set(sys.argv[1:])
    counts, read = Counter(), Counter()
    seen: set[tuple[str, str]] = set()
    for source, text in messages():
        read[source] += 1
        for finding in check(text).findings:
            counts[finding.rule, source] += 1
            words = " ".join(text[finding.start : finding.end + 25].lower().split())
            if finding.rule in wanted and (finding.rule, words) not in seen:
                seen.add((finding.rule, words))
                around = text[max(0, finding.start - 60) : finding.end + 60]
                print(f"{finding.rule} {source}: {around!r}")
    print(f"{'rule':16}" + "".join(f"{source:>9}" for source in read))
    print(f"{'messages':16}" + "".join(f"{count:9}" for count in read.values()))
    for rule in sorted({rule for rule, _ in counts}):
        print(f"{rule:16}" + "".join(f"{counts[rule, source]:9}" for source in read))


if __name__ == "__main__":
    main()
