"""A clock that tests can wind: it stops at each moment that something is due, and ticks."""

from datetime import datetime, timedelta

from django.db.models import Min

from makegood.clockwork import ticks
from makegood.records.models import (
    ApprovalRequest,
    Asking,
    Entitlement,
    Escalation,
    Promise,
    Remedy,
    Team,
    Visit,
)

JUST_AFTER = timedelta(milliseconds=1)


class SimulatedClock:
    """Starts at a moment and moves only when told to."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def wait(self, **duration: float) -> datetime:
        """Let time pass."""
        return self.wait_until(self.now + timedelta(**duration))

    def wait_until(self, end: datetime) -> datetime:
        """Let time pass until a moment, stopping wherever the clockwork has something to do."""
        while self.now < end:
            due = earliest_due()
            step = max(due, self.now) + JUST_AFTER if due else end
            self.now = min(step, end)
            ticks.tick(now=self.now)
        return self.now


def earliest_due() -> datetime | None:
    """The first moment at which a sweep has something to do."""
    promises = Promise.objects.still_open().aggregate(Min("judge_at"), Min("escalate_at"))
    others = [
        Escalation.objects.aggregate(at=Min("speak_again_at"))["at"],
        Team.objects.aggregate(at=Min("day_end_at"))["at"],
        Entitlement.objects.aggregate(at=Min("look_at"))["at"],
        Visit.objects.aggregate(at=Min("look_at"))["at"],
        Asking.objects.filter(ended_at=None).aggregate(at=Min("act_at"))["at"],
        ApprovalRequest.objects.filter(decided_at=None).aggregate(at=Min("due_at"))["at"],
        Remedy.objects.filter(outcome=None, late_minor__gt=0, second=None).aggregate(
            at=Min("pay_by")
        )["at"],
    ]
    return min((at for at in [*promises.values(), *others] if at is not None), default=None)
