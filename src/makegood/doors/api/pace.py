"""How often somebody may ask within a minute: counted in this process, and forgotten after it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

MINUTE = timedelta(minutes=1)
KNOWN_MAX = 10_000


@dataclass(kw_only=True, slots=True)
class Pace:
    """Counts by whom, in windows of a minute."""

    per_minute: int
    _lock: Lock = field(default_factory=Lock)
    _since: datetime | None = None
    _counts: dict[str, int] = field(default_factory=dict)

    def is_too_fast(self, who: str, *, now: datetime) -> bool:
        """Count one more of them, and say whether that is too many."""
        with self._lock:
            if self._since is None or not timedelta(0) <= now - self._since < MINUTE:
                self._since, self._counts = now, {}
            if who not in self._counts and len(self._counts) >= KNOWN_MAX:
                who = ""  # very many at once share what is left
            count = self._counts[who] = self._counts.get(who, 0) + 1
        return count > self.per_minute

    def forget(self) -> None:
        """Begin anew."""
        with self._lock:
            self._since, self._counts = None, {}
