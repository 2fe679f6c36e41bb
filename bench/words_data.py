"""The labelled messages that capture and wording are measured on, if they are there."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from makegood.rules.timewords.moment import Frame

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
UTTERANCES = SHARED / "agent-utterances"
FRAME = Frame(now=datetime(2026, 6, 3, 10, tzinfo=UTC), zone=ZoneInfo("Europe/London"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Labelled:
    """A message, where it comes from, and what a person says about it."""

    id: str
    text: str
    source: str
    conversation: str
    label: str
    kind: str | None
    due: str | None
    quote: str | None
    lint: tuple[str, ...]

    @property
    def is_tracked(self) -> bool:
        """True if the company gave its word."""
        return self.label == "tracked"


def lines(path: Path) -> Iterator[dict]:
    with path.open(encoding="utf-8", errors="replace") as file:
        for line in file:
            yield json.loads(line)


def read_labelled(folder: Path = UTTERANCES) -> list[Labelled]:
    texts = {row["id"]: row["text"] for row in lines(folder / "utterances.jsonl")}
    keys = {row["id"]: row for row in lines(folder / "key.jsonl")}
    return [
        Labelled(
            id=row["id"],
            text=texts[row["id"]],
            source=keys[row["id"]]["source"],
            conversation=re.sub(r"#\d+$", "", keys[row["id"]]["ref"]),
            label=row["label"],
            kind=row["kind"],
            due=row["due"],
            quote=row["quote"],
            lint=tuple(row["lint"]),
        )
        for row in lines(folder / "labels.jsonl")
    ]
