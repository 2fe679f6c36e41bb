"""The company's policy in numbers: grace, silence limits and ladders by severity.

A promise takes a snapshot of its policy when it is made, so later edits move nothing that a
customer was told. The defaults are those of the evidence: silence limits of requirement R52
(P1 1 hour, P2 4 hours, P3 1 working day, P4 3 working days); the owner is warned at half of the
span and the executive hears of a P1 at 60 % of it (story 004).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from makegood.rules.escalation import LONGEST_WAIT, Ladder, Role, Rung
from makegood.rules.severity import Severity
from makegood.rules.workinghours import Amount, Unit, parse_amount


class PolicyError(ValueError):
    """A policy that cannot be used; the message says where, and what would be right."""


MOST_DAYS = 60
"""More than this is no question any more."""

ASK_AGAIN_AFTER = parse_amount("3 working days")
CLOSE_AFTER = parse_amount("5 working days")
_WHOLE_DAYS = {Unit.DAYS, Unit.WORKING_DAYS}


@dataclass(frozen=True, kw_only=True, slots=True)
class Policy:
    """What holds for one severity.

    `news_within`: how soon after a break the customer hears a new date, and the longest silence.
    `ask_again_after`: when a customer who was asked whether it is right, and said nothing, is
    asked once more; `close_after`: how long they then still have.

    :raises PolicyError: if the grace is negative or longer than anybody would wait, or if a
        customer would not have a day to answer.
    """

    grace: timedelta
    news_within: Amount
    ladder: Ladder
    ask_again_after: Amount = ASK_AGAIN_AFTER
    close_after: Amount = CLOSE_AFTER

    def __post_init__(self) -> None:
        check_patience(self.ask_again_after)
        check_patience(self.close_after)
        if not timedelta(0) <= self.grace <= LONGEST_WAIT:
            raise PolicyError(
                f"Its grace of {self.grace.total_seconds():.0f} seconds must be at least 0, or "
                f"promises would break before they fall due, and at most {LONGEST_WAIT.days} days."
            )


def check_patience(wait: Amount) -> None:
    """Refuse a time to answer that is none.

    :raises PolicyError: if it is not at least a whole day, or far too long.
    """
    if wait.unit not in _WHOLE_DAYS or wait.quantity > MOST_DAYS:
        raise PolicyError(
            f"A customer who is asked needs whole days to answer, 1 to {MOST_DAYS}; {wait} is not."
        )


def _ladder(*shares: tuple[float, Role], unheard: int, again: int) -> Ladder:
    return Ladder(
        rungs=tuple(Rung(share=share, role=role) for share, role in shares),
        unheard_after=timedelta(minutes=unheard),
        speak_again_after=timedelta(minutes=again),
    )


DEFAULT: Mapping[Severity, Policy] = {
    Severity.P1: Policy(
        grace=timedelta(minutes=1),
        news_within=parse_amount("1 hour"),
        ladder=_ladder(
            (0.25, Role.OWNER), (0.5, Role.LEAD), (0.6, Role.EXECUTIVE), unheard=10, again=30
        ),
    ),
    Severity.P2: Policy(
        grace=timedelta(minutes=5),
        news_within=parse_amount("4 hours"),
        ladder=_ladder((0.5, Role.OWNER), (0.75, Role.LEAD), unheard=30, again=120),
    ),
    Severity.P3: Policy(
        grace=timedelta(minutes=15),
        news_within=parse_amount("1 working day"),
        ladder=_ladder((0.5, Role.OWNER), (0.8, Role.LEAD), unheard=120, again=1440),
    ),
    Severity.P4: Policy(
        grace=timedelta(minutes=30),
        news_within=parse_amount("3 working days"),
        ladder=_ladder((0.5, Role.OWNER), (0.9, Role.LEAD), unheard=480, again=2880),
    ),
}


def to_snapshot(policy: Policy) -> dict[str, Any]:
    """The policy as plain JSON values, as it is kept on a promise."""
    return {
        "grace_seconds": int(policy.grace.total_seconds()),
        "news_within": str(policy.news_within),
        "ask_again_after": str(policy.ask_again_after),
        "close_after": str(policy.close_after),
        "unheard_after_seconds": int(policy.ladder.unheard_after.total_seconds()),
        "speak_again_after_seconds": int(policy.ladder.speak_again_after.total_seconds()),
        "rungs": [{"share": rung.share, "role": rung.role.value} for rung in policy.ladder.rungs],
    }


def from_snapshot(snapshot: Mapping[str, Any]) -> Policy:
    """The policy that a promise was made under; the reverse of `to_snapshot`.

    :raises PolicyError: if a value is missing or makes no sense.
    """
    try:
        return Policy(
            grace=timedelta(seconds=snapshot["grace_seconds"]),
            news_within=parse_amount(snapshot["news_within"]),
            ladder=Ladder(
                rungs=tuple(
                    Rung(share=float(rung["share"]), role=Role(rung["role"]))
                    for rung in snapshot["rungs"]
                ),
                unheard_after=timedelta(seconds=snapshot["unheard_after_seconds"]),
                speak_again_after=timedelta(seconds=snapshot["speak_again_after_seconds"]),
            ),
            # Promises of before these were known have a policy without them.
            ask_again_after=parse_amount(snapshot.get("ask_again_after", str(ASK_AGAIN_AFTER))),
            close_after=parse_amount(snapshot.get("close_after", str(CLOSE_AFTER))),
        )
    except KeyError as missing:
        raise PolicyError(f"The policy lacks {missing}.") from missing
    except (TypeError, ValueError, OverflowError) as wrong:
        # Ladders, amounts and policies refuse in sentences, Python in half ones.
        why = str(wrong).removesuffix(".")
        raise PolicyError(f"The policy cannot be used: {why}.") from wrong


def from_document(document: Mapping[str, Any]) -> dict[Severity, Policy]:
    """Policies by severity from a parsed TOML file with tables P1 to P4; the default fills gaps.

    Each table may give any key of `to_snapshot`; what it leaves out keeps the default.

    :raises PolicyError: naming the table and what is wrong with it.
    """
    unknown = sorted(set(document) - {severity.name for severity in Severity})
    if unknown:
        raise PolicyError(
            f"Unknown table {unknown[0]}; a policy file has the tables P1, P2, P3, P4."
        )
    return {
        severity: _from_table(severity, document.get(severity.name, {})) for severity in Severity
    }


def _from_table(severity: Severity, table: object) -> Policy:
    if not isinstance(table, Mapping):
        raise PolicyError(f"[{severity.name}] is not a table of keys and values.")
    default = to_snapshot(DEFAULT[severity])
    unknown = sorted(set(table) - set(default))
    if unknown:
        known = ", ".join(default)
        raise PolicyError(f"[{severity.name}] has an unknown key {unknown[0]}; known are {known}.")
    try:
        return from_snapshot(default | dict(table))
    except PolicyError as wrong:
        raise PolicyError(f"[{severity.name}] {wrong}") from wrong
