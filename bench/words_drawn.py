"""Messages drawn from the logs and chats themselves, and judged for this project.

`words_drawn.jsonl` holds no text: of each message its source, a digest to find it by, and what a
person said about it by the guide of the labelled messages, before any weights had seen it.
"""

import csv
import gzip
import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

from bench.words_data import SHARED, Labelled, lines

DRAWN = Path(__file__).with_name("words_drawn.jsonl")
_BOSTON = (
    "boston-311-2015/opened-2015-h1",
    "boston-311-2011/opened-2011-07-to-10",
    "boston-311-2015-2024-closed-sample/opened-2015-2019",
)
_CHATS = {
    "cucom": "cucom-ecommerce/conversations-hash0",
    "star": "star-dialogues/dialogues-hash0",
    "tau-airline": "tau-bench-airline-trajectories/trajectories-task-even",
}
_STATUS = re.compile(
    r"^\s*(?:Case Closed\.?\s*(?:Closed date ?: ?[^A-Za-z]*)?)?(?:(?:Internal Case|Case (?:Noted"
    r"|Resolved|Invalid|Scheduled|Referred to External Agency)))?\s*(?=\S)"
)
_KEPT = 16


def digest(text: str) -> str:
    """What a drawn message is found by."""
    return hashlib.sha256(text.encode()).hexdigest()[:_KEPT]


def read_drawn(path: Path = DRAWN) -> list[Labelled]:
    """The drawn messages with their texts.

    :raises LookupError: if a message is not in the data any more.
    """
    rows = list(lines(path))
    wanted = {row["digest"] for row in rows}
    texts = {key: found for *found, key in messages() if key in wanted}
    if lost := wanted - texts.keys():
        raise LookupError(f"{len(lost)} drawn messages are not in {SHARED}: they are other files.")
    return [_labelled(row, *texts[row["digest"]]) for row in rows]


def messages() -> Iterator[tuple[str, str, str, str]]:
    """Every message of the sources: source, conversation, text, digest."""
    for source, conversation, text in (*_chats(), *_notes()):
        plain = text.strip()
        yield source, conversation, plain, digest(plain)


def _labelled(row: dict, source: str, conversation: str, text: str) -> Labelled:
    return Labelled(
        id=row["digest"],
        text=text,
        source=source,
        conversation=conversation,
        label="tracked" if row["tracked"] else "none",
        kind=None,
        due=text[slice(*row["due"])] if "due" in row else None,
        quote=None,
        lint=(),
    )


def _chats() -> Iterator[tuple[str, str, str]]:
    for source, name in _CHATS.items():
        with gzip.open(SHARED / f"{name}.jsonl.gz", "rt", errors="replace") as file:
            for line in file:
                talk = json.loads(line)
                for turn in talk["turns"]:
                    if (turn.get("who") or turn.get("role")) in {"agent", "assistant"}:
                        text = turn.get("text") or turn.get("content") or ""
                        yield source, str(talk["id"]), text


def _notes() -> Iterator[tuple[str, str, str]]:
    for name in _BOSTON:
        for row in _table(name):
            text = _STATUS.sub("", row["closure_reason"] or "", count=1)
            yield "boston-311-closure-note", row["case_id"], text
    for row in _table("sf-311-sample/hash0"):
        yield "sf-311-status-note", row["case_id"], row["status_notes"] or ""


def _table(name: str) -> Iterator[dict]:
    with gzip.open(SHARED / f"{name}.csv.gz", "rt", errors="replace") as file:
        yield from csv.DictReader(file)
