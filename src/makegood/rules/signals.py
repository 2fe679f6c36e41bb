"""What a device's signal says, read from the JSON of its platform, and whether it is news.

Where which fact stands is a place such as `data.device.serial` or `$.items[0]['device id']`. A
failure that only comes and goes is told as that once, and then counted.
"""

import hashlib
import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

UNSTEADY_WITHIN: Final = timedelta(hours=1)
TOLD_MAX: Final = 2
"""So many changes within that time are told one by one; the third is told as coming and going."""

LONGEST_FACT: Final = 200
_STEP: Final = re.compile(
    r"\.?(?P<name>[^.\[\]'\"$\s][^.\[\]]*)|\[(?P<at>\d{1,6})\]|\['(?P<key>[^']+)'\]"
)
_YEARS: Final = range(2000, 2100)
_SECONDS_MAX: Final = 10**11  # beyond it, a number of a moment counts milliseconds


class SignalError(ValueError):
    """Base of what is wrong with a signal, or with where its facts are sought."""


class PlaceError(SignalError):
    """A place in JSON is written as data.device.serial, or data.items[0]."""


class UnknownDeviceError(SignalError):
    """No asset in use has this id: register it, or mend its id."""


class SeveralDevicesError(SignalError):
    """Several assets in use have this id: one id is for one asset."""


class NoObjectError(SignalError):
    """A signal is a JSON object."""


class UnreadableSignalError(SignalError):
    """A signal that does not say what is needed; the message says what is missing and where."""


class Meaning(StrEnum):
    """What a signal says of its device."""

    LOST = "lost"
    BACK = "back"
    OTHER = "other"


class Step(StrEnum):
    """What is to be done about a signal of a known device."""

    REPORT = "report"
    TELL_BACK = "tell_back"
    TELL_UNSTEADY = "tell_unsteady"
    COUNT = "count"
    NOTE = "note"


@dataclass(frozen=True, kw_only=True, slots=True)
class Reader:
    """How one platform writes: where each fact stands, and which states mean what.

    Without `kinds` all its signals count; else only those of these kinds.
    """

    paths: Mapping[str, str]
    lost: tuple[str, ...]
    back: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """One signal, read."""

    id: str
    asset: str
    state: str
    meaning: Meaning
    kind: str = ""
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Past:
    """What is known of the device: its last change, changes told of late, and an open case."""

    meaning: Meaning | None = None
    at: datetime | None = None
    told: tuple[datetime, ...] = ()
    is_open: bool = False


def check_place(place: str) -> tuple[str | int, ...]:
    """The steps of a place in JSON.

    :raises PlaceError: if it is not written as one.
    """
    rest, steps = place.strip().removeprefix("$"), []
    while rest:
        found = _STEP.match(rest)
        if found is None:
            raise PlaceError(f"{place[:60]} is no place; write it as data.device.serial.")
        steps.append(int(found["at"]) if found["at"] else found["name"] or found["key"])
        rest = rest[found.end() :]
    if not steps:
        raise PlaceError(PlaceError.__doc__)
    return tuple(steps)


def read(document: Any, reader: Reader, *, envelope: str = "") -> Reading:  # noqa: ANN401 - whatever JSON holds
    """Read a signal; `envelope` is its id where a CloudEvent has given one.

    :raises UnreadableSignalError: if its device or its state is not where it should be, or a
        moment is no moment.
    """
    state = _needed(document, reader, "state")
    kind = _fact(document, reader, "kind")
    return Reading(
        id=envelope or _fact(document, reader, "id") or digest(document),
        asset=_needed(document, reader, "asset"),
        state=state,
        kind=kind,
        meaning=_meaning(state, kind, reader),
        at=_moment(_at(document, reader.paths.get("at", ""))),
    )


def digest(document: Any) -> str:  # noqa: ANN401 - whatever JSON holds
    """A name for a signal that has none: the same words are the same signal."""
    whole = json.dumps(document, sort_keys=True, ensure_ascii=True)
    return f"sha256:{hashlib.sha256(whole.encode()).hexdigest()}"


def cleaned(value: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    """The same without what PostgreSQL cannot keep: NUL, halves of characters, endless numbers."""
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-8", "replace").decode()
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, list):
        return [cleaned(each) for each in value]
    if isinstance(value, dict):
        return {cleaned(name): cleaned(each) for name, each in value.items()}
    return value


def step(meaning: Meaning, past: Past, *, at: datetime) -> Step:
    """What to do about a signal of a device with this past.

    What comes late does not undo what is known since: a failure that had ended when it is heard
    of is noted, and no case opens for it. Nothing here ever closes a case.
    """
    if meaning is Meaning.OTHER or (past.at is not None and at < past.at):
        return Step.NOTE
    if not past.is_open:
        return Step.REPORT if meaning is Meaning.LOST else Step.NOTE
    if meaning is past.meaning:
        return Step.COUNT
    return _told(meaning, past.told, at=at)


def _told(meaning: Meaning, told: Iterable[datetime], *, at: datetime) -> Step:
    lately = sum(at - UNSTEADY_WITHIN < each <= at for each in told)
    if lately > TOLD_MAX:
        return Step.COUNT
    if lately == TOLD_MAX:
        return Step.TELL_UNSTEADY
    return Step.REPORT if meaning is Meaning.LOST else Step.TELL_BACK


def _meaning(state: str, kind: str, reader: Reader) -> Meaning:
    if reader.kinds and kind.casefold() not in _folded(reader.kinds):
        return Meaning.OTHER
    if state.casefold() in _folded(reader.lost):
        return Meaning.LOST
    return Meaning.BACK if state.casefold() in _folded(reader.back) else Meaning.OTHER


def _folded(words: Iterable[str]) -> set[str]:
    return {word.casefold() for word in words}


def _needed(document: Any, reader: Reader, name: str) -> str:  # noqa: ANN401 - as in `read`
    if found := _fact(document, reader, name):
        return found
    place = reader.paths.get(name, "")
    if name == "asset":
        raise UnreadableSignalError(f"It names no device: there is nothing at {place}.")
    raise UnreadableSignalError(f"It names no state: there is nothing at {place}.")


def _fact(document: Any, reader: Reader, name: str) -> str:  # noqa: ANN401 - as in `read`
    found = _at(document, reader.paths.get(name, ""))
    if isinstance(found, bool):
        return "true" if found else "false"
    if not isinstance(found, str | int | float):
        return ""
    return str(cleaned(str(found))).strip()[:LONGEST_FACT]


def _at(document: Any, place: str) -> Any:  # noqa: ANN401 - as in `read`
    if not place:
        return None
    found = document
    for each in check_place(place):
        if isinstance(each, int):
            found = found[each] if isinstance(found, list) and each < len(found) else None
        else:
            found = found.get(each) if isinstance(found, dict) else None
    return found


def _moment(given: Any) -> datetime | None:  # noqa: ANN401 - as in `read`
    if given is None or given == "":
        return None
    try:
        found = _of_number(given) if isinstance(given, int | float) else _of_text(str(given))
        moment = found.astimezone(UTC)
    except (ValueError, OverflowError, OSError) as wrong:
        raise UnreadableSignalError(
            "Its moment is none that can be read; 2026-06-01T09:00:00Z would be one."
        ) from wrong
    if moment.year not in _YEARS:
        raise UnreadableSignalError("Its moment is not of this century.")
    return moment


def _of_number(given: float) -> datetime:
    return datetime.fromtimestamp(given / 1000 if abs(given) > _SECONDS_MAX else given, UTC)


def _of_text(given: str) -> datetime:
    found = datetime.fromisoformat(given)
    if found.tzinfo is None:
        raise ValueError(given)
    return found
