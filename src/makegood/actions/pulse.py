"""The pulse of the clock: each part says that it lives, over and over, in one row."""

from datetime import datetime

from makegood.records.models import ClockPulse


def beat(name: str, *, now: datetime, **detail: str | float) -> None:
    """Say that the part of this name finished a round at `now`."""
    ClockPulse.objects.bulk_create(
        [ClockPulse(name=name, at=now, detail=detail)],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["at", "detail"],
    )
