"""A clock that tests can wind: each minute that passes, the clockwork ticks once."""

from datetime import datetime, timedelta

from makegood.clockwork import ticks

TICK = timedelta(minutes=1)


class SimulatedClock:
    """Starts at a moment and moves only when told to."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def wait(self, **duration: float) -> datetime:
        """Let time pass, ticking each minute."""
        return self.wait_until(self.now + timedelta(**duration))

    def wait_until(self, end: datetime) -> datetime:
        """Let time pass until a moment, ticking each minute."""
        while self.now < end:
            self.now = min(self.now + TICK, end)
            ticks.tick(now=self.now)
        return self.now
