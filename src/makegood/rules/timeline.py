"""The hash chain of a case's timeline: how an entry is written down, and how a chain is checked.

An entry's body is canonical JSON (sorted keys, no spaces, UTF-8). Its hash is SHA-256 over the
hash of the entry before (32 zero bytes for the first) and the body. Words of people stand beside
the body, which holds only their salted digest, so that they can be erased and the chain still
verifies. The idea is Haber and Stornetta's (How to Time-Stamp a Digital Document, 1991).
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

GENESIS = bytes(32)


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """Where a case's chain ends: the place and hash of its last entry."""

    seq: int = 0
    hash: bytes = GENESIS


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One link, ready to be written."""

    case: int
    seq: int
    kind: str
    happened_at: datetime
    recorded_at: datetime
    body: str
    prev_hash: bytes
    hash: bytes

    @property
    def head(self) -> Head:
        """The chain's end once this entry is written."""
        return Head(seq=self.seq, hash=self.hash)


def link(
    head: Head,
    *,
    case: int,
    kind: str,
    at: datetime,
    recorded: datetime,
    facts: Mapping[str, Any],
) -> Entry:
    """The entry that follows `head`: `facts` are plain JSON values and hold no personal words."""
    seq = head.seq + 1
    body = canonical(
        {
            "at": at.isoformat(),
            "case": case,
            "facts": dict(facts),
            "kind": kind,
            "recorded": recorded.isoformat(),
            "seq": seq,
        }
    )
    return Entry(
        case=case,
        seq=seq,
        kind=kind,
        happened_at=at,
        recorded_at=recorded,
        body=body,
        prev_hash=head.hash,
        hash=digest(head.hash, body),
    )


def canonical(value: Mapping[str, Any]) -> str:
    """JSON text that is the same for the same values."""
    return _ENCODER.encode(value)


def digest(prev_hash: bytes, body: str) -> bytes:
    """The hash that chains `body` to what came before."""
    return hashlib.sha256(prev_hash + body.encode()).digest()


def digest_of_words(salt: bytes, words: str) -> str:
    """What an entry keeps of people's words: a digest that says nothing once the salt is gone."""
    return hashlib.sha256(salt + words.encode()).hexdigest()


def first_fault(entries: Iterable[tuple[int, str, bytes, bytes]]) -> str | None:
    """What is wrong with a case's chain, in one sentence, or None.

    :param entries: (seq, body, prev_hash, hash) in order of seq.
    """
    head = Head()
    for seq, body, prev_hash, hash_ in entries:
        if seq != head.seq + 1:
            return f"entry {head.seq + 1} is missing"
        if prev_hash != head.hash:
            return f"entry {seq} does not follow entry {head.seq}"
        if hash_ != digest(prev_hash, body):
            return f"entry {seq} is not what was written"
        head = Head(seq=seq, hash=hash_)
    return None


_ENCODER = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
)
