"""Following another Open311 server: what to ask it for, how to read it, and what follows from it.

Each look asks for what changed since the last one, and a little before; each night everything is
asked for once more. So nothing is missed by a clock that is wrong, or by a change that came late.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from zoneinfo import ZoneInfo

OVERLAP: Final = timedelta(hours=2)
LONGEST_SPAN: Final = timedelta(days=90)
"""What the standard lets one ask for at once."""
WEEK: Final = timedelta(days=7)
EVERY: Final = timedelta(minutes=5)
LONGEST_PAUSE: Final = timedelta(hours=1)
NIGHT_HOUR: Final = 2
IDS_AT_ONCE: Final = 50
PAGE_SIZE: Final = 200
PAGES_MAX: Final = 50
NEW_MAX: Final = 500
"""So many new cases at one look; the next look takes the others."""
ROWS_MAX: Final = 1_000
_LINE: Final = 200
_LONGEST: Final = 4_000
_YEARS: Final = range(2000, 2100)


class UnreadableError(ValueError):
    """What a server answered is no list of service requests."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Theirs:
    """A service request as the other server shows it."""

    id: str
    is_open: bool
    notes: str
    service: str
    words: str
    address: str
    postcode: str
    requested_at: datetime
    updated_at: datetime
    expected_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Ours:
    """What we know of it: how we last saw it, and what is promised in their name.

    `given_at` is the date that they gave last; `live_until` is when it falls due, while nobody has
    settled it.
    """

    is_open: bool = True
    given_at: datetime | None = None
    live_until: datetime | None = None


class Step(StrEnum):
    """What follows from what another server shows."""

    PROMISE = "promise"
    """It gives a date: that is a promise of theirs."""
    MOVE = "move"
    """It gives another date in time: a revision, which counts once the customer was told."""
    CLAIM_DONE = "claim_done"
    """It is closed there: done, they say. Whether it is right, the customer says."""
    OPEN_AGAIN = "open_again"


@dataclass(frozen=True, kw_only=True, slots=True)
class Followed:
    """How a server is followed, as far as it decides on what to ask it next."""

    since: datetime
    seen_until: datetime | None
    caught_up_at: datetime | None
    zone: ZoneInfo


def steps(theirs: Theirs, ours: Ours, *, now: datetime) -> tuple[Step, ...]:
    """What follows from how a request stands there, given what we know of it."""
    if not theirs.is_open:
        return (Step.CLAIM_DONE,) if ours.is_open else ()
    again = () if ours.is_open else (Step.OPEN_AGAIN,)
    return (*again, *_of_the_date(theirs, ours, now=now))


def said_at(theirs: Theirs, ours: Ours, *, now: datetime) -> datetime:
    """When they gave a date: with the request, or the first one that we saw; a later one lately."""
    if ours.given_at is None:
        return min(theirs.requested_at, now)
    return min(theirs.updated_at, now)


def next_look(failures: int, *, now: datetime) -> datetime:
    """When to look again after so many failures in a row."""
    return now + min(EVERY * (1 << min(failures, 10)), LONGEST_PAUSE)


def is_catching_up(followed: Followed, *, now: datetime) -> bool:
    """Whether everything is to be asked for once more: at first, and once a night."""
    if followed.caught_up_at is None:
        return True
    local = now.astimezone(followed.zone)
    night = local.replace(hour=NIGHT_HOUR, minute=0, second=0, microsecond=0)
    if night > local:
        night -= timedelta(days=1)
    return followed.caught_up_at < night


def windows(followed: Followed, *, now: datetime) -> tuple[dict[str, str], ...]:
    """What to ask for: what has changed lately, or all that was reported in the longest span."""
    if not is_catching_up(followed, now=now) and followed.seen_until is not None:
        return ({"updated_after": _said(followed.seen_until - OVERLAP)},)
    return tuple(_weeks(max(followed.since, now - LONGEST_SPAN), now + timedelta(days=1)))


def by_ids(ids: Sequence[str]) -> tuple[dict[str, str], ...]:
    """What to ask for those that are still open here, however old they are."""
    batches = (ids[start : start + IDS_AT_ONCE] for start in range(0, len(ids), IDS_AT_ONCE))
    return tuple({"service_request_id": ",".join(batch)} for batch in batches)


def read(document: Any) -> tuple[tuple[Theirs, ...], int]:  # noqa: ANN401 - whatever came
    """The requests in an answer, and how many of its rows were none.

    :raises UnreadableError: if it is no list.
    """
    if isinstance(document, dict):  # some wrap the list in its name
        document = document.get("requests", document.get("service_requests"))
    if not isinstance(document, list):
        raise UnreadableError(UnreadableError.__doc__)
    found = [_read_one(row) for row in document[:ROWS_MAX]]
    good = tuple(one for one in found if one is not None)
    return good, len(document) - len(good)


def _weeks(first: datetime, end: datetime) -> Iterator[dict[str, str]]:
    """The newest comes first; a week at once, since a server may stop after a thousand."""
    while first < end:
        start = max(first, end - WEEK)
        yield {"start_date": _said(start), "end_date": _said(end)}
        end = start


def _of_the_date(theirs: Theirs, ours: Ours, *, now: datetime) -> tuple[Step, ...]:
    expected = theirs.expected_at
    if expected is None or expected <= theirs.requested_at:
        return ()
    if ours.live_until is not None:
        is_moved = expected != ours.given_at and now <= ours.live_until and now < expected
        return (Step.MOVE,) if is_moved else ()
    if ours.given_at is None:
        return (Step.PROMISE,)
    is_new = expected != ours.given_at or not ours.is_open
    return (Step.PROMISE,) if is_new and now < expected else ()


def _read_one(row: Any) -> Theirs | None:  # noqa: ANN401 - whatever came
    if not isinstance(row, dict):
        return None
    id_, status = _text(row, "service_request_id", _LINE), _text(row, "status", _LINE).lower()
    requested = _moment(row, "requested_datetime")
    if not id_ or "," in id_ or status not in {"open", "closed"} or requested is None:
        return None
    return Theirs(
        id=id_,
        is_open=status == "open",
        notes=_text(row, "status_notes", _LONGEST),
        service=_text(row, "service_name", _LINE) or _text(row, "service_code", _LINE),
        words=_text(row, "description", _LONGEST),
        address=_text(row, "address", _LINE) or _place(row),
        postcode=_text(row, "zipcode", 20),
        requested_at=requested,
        updated_at=_moment(row, "updated_datetime") or requested,
        expected_at=_moment(row, "expected_datetime"),
    )


def _text(row: Mapping[str, Any], name: str, longest: int) -> str:
    said = row.get(name)
    if isinstance(said, int) and not isinstance(said, bool):
        said = str(said) if abs(said) < 10**18 else ""
    if not isinstance(said, str):
        return ""
    printable = said.replace("\0", "").encode("utf-8", "replace").decode()
    return printable.strip()[:longest]


def _place(row: Mapping[str, Any]) -> str:
    try:
        lat, long = float(row.get("lat", "")), float(row.get("long", ""))
    except (TypeError, ValueError):
        return ""
    is_place = -90 <= lat <= 90 and -180 <= long <= 180  # noqa: PLR2004 - degrees
    return f"{lat:.6f}, {long:.6f}" if is_place else ""


def _moment(row: Mapping[str, Any], name: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(_text(row, name, _LINE))
        aware = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return aware if aware.year in _YEARS else None


def _said(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
