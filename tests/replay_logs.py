"""Small request logs for tests: written as text, replayed in one call."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from makegood.queries.replay.columns import Wanted
from makegood.queries.replay.log import Log, read_log
from makegood.queries.replay.replaying import Choices, Replay, replay_log

NOW = datetime(2026, 6, 1, tzinfo=UTC)
HEADER = "id,opened,due,closed,kind,note"


def write_log(folder: Path, *rows: str, header: str = HEADER, name: str = "log.csv") -> Path:
    """A CSV log with a header and some rows."""
    path = folder / name
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return path


def read(*paths: Path, zone: str = "UTC", as_of: datetime | None = None, **wanted: Any) -> Log:
    """A log, read."""
    return read_log(paths, wanted=Wanted(**wanted), zone=ZoneInfo(zone), as_of=as_of, now=NOW)


def replay(*paths: Path, zone: str = "UTC", as_of: datetime | None = None, **wanted: Any) -> Replay:
    """A log, replayed at the default policy."""
    choices = Choices(wanted=Wanted(**wanted), zone=ZoneInfo(zone), as_of=as_of)
    return replay_log(paths, choices=choices, now=NOW)


def at(text: str) -> datetime:
    """A moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
