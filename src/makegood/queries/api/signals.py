"""What became of a signal, as other systems see it."""

from dataclasses import dataclass
from datetime import datetime

from makegood.records.models import Signal


@dataclass(frozen=True, kw_only=True, slots=True)
class SignalOut:
    """A signal: what it was read as, and the case that it opened or joined."""

    id: int
    outcome: str
    case: str | None
    device: str
    state: str
    meaning: str
    at: datetime
    why: str
    seen_before: bool


def shown(row: Signal, *, seen_before: bool) -> SignalOut:
    """A signal, as it is shown."""
    return SignalOut(
        id=row.pk,
        outcome=row.end,
        case=row.case.reference if row.case else None,
        device=row.device,
        state=row.state,
        meaning=row.meaning,
        at=row.happened_at,
        why=row.why,
        seen_before=seen_before,
    )
