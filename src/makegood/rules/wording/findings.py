"""What the check of a message says: findings with their place, and what it was told of the case."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Level(StrEnum):
    """How much a finding weighs: E stops a message, W warns, I is a hint."""

    BLOCK = "E"
    WARN = "W"
    HINT = "I"


@dataclass(frozen=True, kw_only=True, slots=True)
class Context:
    """What is known of the case. None means not known, and then a rule warns at most."""

    our_fault: bool | None = None
    grant: bool | None = None
    has_authority: bool | None = None
    access_needed: bool | None = None
    we_can_act: bool | None = None
    linked_change: bool | None = None
    evidence_held: bool | None = None
    urgent: bool | None = None
    open_case: bool | None = None
    owner: str | None = None
    inbound: bool = False
    legal: bool = False
    true_dates: tuple[date, ...] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One objection: which rule, how strong, where in the text, why, and what is better."""

    rule: str
    level: Level
    start: int
    end: int
    reason: str
    better: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """What was found, and remarks where a text could not be checked fully."""

    findings: tuple[Finding, ...] = ()
    notices: tuple[str, ...] = ()
