"""The file of one case for somebody outside the company, and how a stranger checks it.

Nothing but SHA-256 and JSON is needed: each entry's hash is that of the hash before it (32 zero
bytes for the first) followed by its body; words of people match the digest in their entry; and the
seal is the hash of everything else in the file, as canonical JSON.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from makegood.rules import timeline

FORMAT: Final = "makegood-case-file/1"
HOW_TO_CHECK: Final = (
    "Canonical JSON has sorted keys, no spaces and UTF-8.",
    "seal: the SHA-256 of the canonical JSON of this file without its member `seal`.",
    "timeline[n].hash: the SHA-256 of the 32 bytes of prev_hash, followed by body in UTF-8.",
    "timeline[n].prev_hash: 64 zeros for the first, else the hash of the entry before.",
    "timeline[n].words: with salt in front, its SHA-256 is what the body says under facts.words.",
    "An entry whose body names a digest and which has no words here: they were erased since.",
    "`makegood verify --file FILE` does all of this.",
)

Document = Mapping[str, Any]


class CaseFileError(ValueError):
    """A file that is no case file; the message says why, and what would be right."""


def seal(document: Document) -> str:
    """The seal of a file, whatever it says of its own seal."""
    rest = {name: value for name, value in document.items() if name != "seal"}
    return hashlib.sha256(timeline.canonical(rest).encode()).hexdigest()


def text(document: Document) -> str:
    """A file as it is handed over: for people to read too, and the same values in any spacing."""
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def read(text: str) -> Document:
    """A case file from its text.

    :raises CaseFileError: if it is none.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as wrong:
        raise CaseFileError("This is no JSON; give the file as it was exported.") from wrong
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise CaseFileError(f"This is no case file of the format {FORMAT}.")
    return document


def faults(document: Document) -> list[str]:
    """What is not as it was exported; an empty list means that all of it is.

    :raises CaseFileError: if something that is needed to check it is missing.
    """
    try:
        return list(_faults(document))
    except (KeyError, TypeError, ValueError, AttributeError) as wrong:
        raise CaseFileError("Its timeline lacks what is needed to check it.") from wrong


def _faults(document: Document) -> Iterator[str]:
    if document.get("seal") != seal(document):
        yield "the seal does not fit: something in this file was changed after it was exported"
    entries: Sequence[Document] = document["timeline"]
    chain = timeline.first_fault(
        (
            entry["seq"],
            entry["body"],
            bytes.fromhex(entry["prev_hash"]),
            bytes.fromhex(entry["hash"]),
        )
        for entry in entries
    )
    if chain:
        yield chain
    for entry in entries:
        yield from _entry_faults(entry)
    if entries and document["head"] != entries[-1]["hash"]:
        yield "the chain ends with another hash than the file says"


def _entry_faults(entry: Document) -> Iterator[str]:
    body = json.loads(entry["body"])
    says = (body["kind"], body["at"], body["recorded"], body["seq"])
    if says != (entry["kind"], entry["happened_at"], entry["recorded_at"], entry["seq"]):
        yield f"entry {entry['seq']} says something else than its body"
    if (words := entry.get("words")) is None:
        return
    salt = bytes.fromhex(entry["salt"])
    if timeline.digest_of_words(salt, words) != body["facts"].get("words"):
        yield f"the words of entry {entry['seq']} are not those that were written"
