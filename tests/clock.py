"""A clock that tests can wind: it stops at each moment that something is due, and ticks."""

from datetime import datetime, timedelta
from typing import cast

from django.db import connection

from makegood.clockwork import ticks

JUST_AFTER = timedelta(milliseconds=1)
_EARLIEST = """
    SELECT least((SELECT min(judge_at) FROM records_promise WHERE outcome IS NULL),
                 (SELECT min(escalate_at) FROM records_promise WHERE outcome IS NULL),
                 (SELECT min(message_at) FROM records_promise WHERE outcome IS NULL),
                 (SELECT min(speak_again_at) FROM records_escalation),
                 (SELECT min(day_end_at) FROM records_team),
                 (SELECT min(look_at) FROM records_entitlement),
                 (SELECT min(look_at) FROM records_crew),
                 (SELECT min(look_at) FROM records_visit),
                 (SELECT min(act_at) FROM records_asking WHERE ended_at IS NULL),
                 (SELECT min(due_at) FROM records_approvalrequest WHERE decided_at IS NULL),
                 (SELECT min(pay_by) FROM records_remedy
                   WHERE outcome IS NULL AND late_minor > 0
                     AND NOT EXISTS (SELECT FROM records_remedy second
                                      WHERE second.late_for_id = records_remedy.id)))
"""


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

    def lapse(self, *, days: int) -> None:
        """Let days pass with one tick in each, where no moment within them matters.

        Whoever is told again and again of what nobody does costs hundreds of ticks otherwise.
        """
        for _day in range(days):
            self.skip(days=1)

    def skip(self, **duration: float) -> None:
        """Let time pass with one tick at its end, which does all that came due."""
        self.now += timedelta(**duration)
        ticks.tick(now=self.now)


def earliest_due() -> datetime | None:
    """The first moment at which a sweep has something to do."""
    with connection.cursor() as cursor:
        cursor.execute(_EARLIEST)
        (found,) = cursor.fetchone() or (None,)
    return cast("datetime | None", found)
