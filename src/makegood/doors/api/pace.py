"""How often somebody may ask within a minute: counted in this process, and forgotten after it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from threading import Lock

MINUTE = timedelta(minutes=1)
KNOWN_MAX = 10_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Counted:
    """How somebody stands after a call: how many are left, and in how many seconds all are."""

    limit: int
    left: int
    seconds: int

    @property
    def is_too_fast(self) -> bool:
        """Whether this was one too many."""
        return self.left < 0

    def headers(self) -> dict[str, str]:
        """As the RateLimit headers of the HTTP working group say it."""
        return {
            "RateLimit-Policy": f'"minute";q={self.limit};w=60',
            "RateLimit": f'"minute";r={max(0, self.left)};t={self.seconds}',
        }


@dataclass(kw_only=True, slots=True)
class Pace:
    """Counts by whom, in windows of a minute."""

    per_minute: int
    _lock: Lock = field(default_factory=Lock)
    _since: datetime | None = None
    _counts: dict[str, int] = field(default_factory=dict)

    def count(self, who: str, *, now: datetime, limit: int | None = None) -> Counted:
        """Count one more of them, against their own limit if they have one."""
        with self._lock:
            if self._since is None or not timedelta(0) <= now - self._since < MINUTE:
                self._since, self._counts = now, {}
            if who not in self._counts and len(self._counts) >= KNOWN_MAX:
                who = ""  # very many at once share what is left
            count = self._counts[who] = self._counts.get(who, 0) + 1
            until = self._since + MINUTE - now
        allowed = self.per_minute if limit is None else limit
        return Counted(limit=allowed, left=allowed - count, seconds=ceil(until.total_seconds()))

    def is_too_fast(self, who: str, *, now: datetime) -> bool:
        """Count one more of them, and say whether that is too many."""
        return self.count(who, now=now).is_too_fast

    def forget(self) -> None:
        """Begin anew."""
        with self._lock:
            self._since, self._counts = None, {}
