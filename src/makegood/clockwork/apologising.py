"""The sweep of apologies: what nobody has said within the hour goes by letter."""

from datetime import datetime

from makegood.actions import apologies
from makegood.clockwork.row_by_row import each

BATCH = 25
"""Few, as each asks the gate: what else falls due waits meanwhile."""


def sweep_apologies(*, now: datetime) -> int:
    """Say sorry by letter where nobody has. Returns how many letters were written."""
    written: list[object] = []
    each(
        "apologies",
        apologies.due(now=now, limit=BATCH),
        lambda message: written.append(apologies.write(message, now=now)),
        lambda _message: None,
    )
    return sum(letter is not None for letter in written)
