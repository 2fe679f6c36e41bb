"""Templates: their slots, and whether what they say needs a source of truth."""

import re
from collections.abc import Mapping
from typing import Final

from makegood.rules.capture.promises import capture
from makegood.rules.gate.statements import About, read
from makegood.rules.timewords.moment import Frame

SLOTS: Final = frozenset({"customer", "owner", "reference", "when", "amount"})
OF_FACTS: Final = frozenset({"when", "amount"})
"""Slots that only a fact of the case can fill."""

_SLOT: Final = re.compile(r"\{([^{}\n]{0,40})\}")
_AHEAD: Final = frozenset(
    {About.TIME, About.AMOUNT, About.STATE, About.ENTITLEMENT, About.UNDATED, About.CROWD}
)


class SlotError(ValueError):
    """A template with a slot that nothing can fill."""


def slots_of(text: str) -> tuple[str, ...]:
    """The slots of a template, each once and in order.

    :raises SlotError: if there is none of that name.
    """
    found = tuple(dict.fromkeys(_SLOT.findall(text)))
    for name in found:
        if name not in SLOTS:
            known = ", ".join(f"{{{slot}}}" for slot in sorted(SLOTS))
            raise SlotError(f"There is no slot {{{name}}}; use {known}.")
    return found


def speaks_ahead(text: str, *, frame: Frame) -> bool:
    """Whether a template says what is to come, or how things stand, and so can become untrue."""
    if OF_FACTS & set(slots_of(text)):
        return True
    plain = fill(text, {"customer": "Mr Taylor", "owner": "Laura", "reference": "R"})
    if capture(plain, frame=frame):
        return True
    return any(one.about in _AHEAD for one in read(plain, frame=frame, automatic=True).statements)


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its slots filled; what a customer is called opens no slot of its own."""
    return _SLOT.sub(lambda slot: values.get(slot[1], slot[0]), text)
