"""The messages that capture and wording are taught and measured on.

Labelled: those that came with labels. Judged: the rest of the same set, judged for this project by
the guide beside it (`words_judged.jsonl` holds no text). Written: our own (`words_written.txt`).
"""

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
JUDGED = Path(__file__).with_name("words_judged.jsonl")
WRITTEN = Path(__file__).with_name("words_written.txt")
OWN = "written"
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


def read_judged(folder: Path = UTTERANCES) -> list[Labelled]:
    texts = {row["id"]: row["text"] for row in lines(folder / "utterances.jsonl")}
    keys = {row["id"]: row for row in lines(folder / "key.jsonl")}
    return [_judged(row, texts[row["id"]], keys[row["id"]]) for row in lines(JUDGED)]


def _judged(row: dict, text: str, key: dict) -> Labelled:
    return Labelled(
        id=row["id"],
        text=text,
        source=key["source"],
        conversation=re.sub(r"#\d+$", "", key["ref"]),
        label="tracked" if row["tracked"] else "none",
        kind=row.get("kind"),
        due=text[slice(*row["due"])] if "due" in row else None,
        quote=None,
        lint=(),
    )


def read_written() -> list[Labelled]:
    """Our own messages: "+" or "-" and the text, with the words that say when in brackets."""
    found = []
    for number, line in enumerate(WRITTEN.read_text().splitlines(), start=1):
        if line.startswith("#"):
            continue
        mark, text = line.split(" ", maxsplit=1)
        due = re.search(r"\[([^]]*)\]", text)
        found.append(
            Labelled(
                id=f"w{number}",
                text=re.sub(r"[\[\]]", "", text),
                source=OWN,
                conversation=f"w{number}",
                label="tracked" if mark == "+" else "none",
                kind=None,
                due=due[1] if due else None,
                quote=None,
                lint=(),
            )
        )
    return found
