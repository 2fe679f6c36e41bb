"""`makegood words`: what in a message is badly worded, and what it promises, as JSON lines."""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

import typer

from makegood.queries.calendar_sources import zone_named
from makegood.rules.calendars import CalendarError, at_wall_time, local
from makegood.rules.capture.promises import Captured, capture
from makegood.rules.timewords.moment import Frame
from makegood.rules.wording.check import check
from makegood.rules.wording.findings import Context, Finding

_EXIT_BAD_INPUT: Final = 2
_KNOWN: Final = {field.name for field in fields(Context)}
_SWITCHES: Final = _KNOWN - {"owner", "true_dates"}


class WordsError(ValueError):
    """What was given cannot be read; the message says what to give instead."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """A text to look at, with what is known of its case."""

    id: str | int | None
    text: str
    context: Context


def words(
    *,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help='Read lines of {"id", "text", optional "context"}.')
    ] = False,
    now: Annotated[
        str | None, typer.Option("--now", help="ISO moment at which it was said; else this one.")
    ] = None,
    tz: Annotated[str, typer.Option("--tz", help="Time zone of the customer.")] = "UTC",
) -> None:
    """Read messages from standard input; print findings and promises, one JSON line for each."""
    try:
        zone = zone_named(tz)
        frame = Frame(now=_moment(now, zone=zone), zone=zone)
    except (WordsError, CalendarError) as wrong:
        typer.echo(" ".join(str(wrong).split()), err=True)
        raise typer.Exit(_EXIT_BAD_INPUT) from None
    raw = sys.stdin.buffer.read() if not jsonl else b""
    if not jsonl:
        text = raw.decode("utf-8", errors="replace")
        _answer(Message(id=None, text=text, context=Context()), frame=frame)
        return
    if _answer_lines(frame=frame) > 0:
        raise typer.Exit(_EXIT_BAD_INPUT)


def _answer_lines(*, frame: Frame) -> int:
    """Answer every good line of standard input, report the others; how many those were."""
    bad = 0
    for number, line in enumerate(sys.stdin.buffer, start=1):
        if not line.strip():
            continue
        try:
            message = _parse(line)
        except WordsError as wrong:
            typer.echo(f"Line {number}: {wrong}", err=True)
            bad += 1
            continue
        _answer(message, frame=frame)
    return bad


def _answer(message: Message, *, frame: Frame) -> None:
    checked = check(message.text, context=message.context, frame=frame)
    promises: tuple[Captured, ...] = ()
    if not message.context.inbound:
        promises = capture(message.text, frame=frame)
    answer: dict[str, Any] = {
        "id": message.id,
        "findings": [_finding(one) for one in checked.findings],
        "promises": [_promise(one, frame=frame) for one in promises],
    }
    if checked.notices:
        answer["notices"] = list(checked.notices)
    # Lone surrogates, which JSON can smuggle in, have no UTF-8; ASCII escapes carry them back.
    typer.echo(json.dumps(answer, ensure_ascii=True))


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "level": finding.level.value,
        "start": finding.start,
        "end": finding.end,
        "reason": finding.reason,
        "better": finding.better,
    }


def _promise(promise: Captured, *, frame: Frame) -> dict[str, Any]:
    return {
        "quote": promise.quote,
        "kind": promise.kind.value,
        "due_words": promise.due_words,
        "earliest": _written(promise.earliest, frame=frame),
        "due": _written(promise.due, frame=frame),
        "precision": promise.precision.value,
    }


def _written(moment: datetime | None, *, frame: Frame) -> str | None:
    return None if moment is None else local(moment, zone=frame.zone).isoformat()


def _moment(text: str | None, *, zone: ZoneInfo) -> datetime:
    if text is None:
        return datetime.now(UTC).replace(microsecond=0)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise WordsError(
            f'--now "{text}" is not an ISO moment; write one such as 2026-11-06T15:00+01:00.'
        ) from None
    aware = moment if moment.utcoffset() is not None else moment.replace(tzinfo=UTC)
    local(aware, zone=zone)  # refuses impossible years before they overflow
    return aware.astimezone(UTC) if moment.tzinfo else at_wall_time(moment, zone=zone)


def _parse(line: bytes) -> Message:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        raise WordsError('not JSON; write {"id": "1", "text": "..."}.') from None
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise WordsError('has no "text"; write {"id": "1", "text": "..."}.')
    if not isinstance(row.get("id"), str | int | None):
        raise WordsError('"id" must be words or a number.')
    return Message(id=row.get("id"), text=row["text"], context=_context(row.get("context")))


def _context(given: object) -> Context:
    if given is None:
        return Context()
    if not isinstance(given, dict):
        raise WordsError('"context" must be an object, such as {"our_fault": true}.')
    known: dict[str, Any] = {name: value for name, value in given.items() if name in _KNOWN}
    for name in _SWITCHES & known.keys():
        if not isinstance(known[name], bool):
            raise WordsError(f'"context.{name}" must be true or false.')
    if not isinstance(known.get("owner", ""), str):
        raise WordsError('"context.owner" must be a name.')
    if "true_dates" in known:
        known["true_dates"] = tuple(_dates(known["true_dates"]))
    return Context(**known)


def _dates(given: object) -> Iterator[date]:
    try:
        for text in given if isinstance(given, list) else [given]:
            yield date.fromisoformat(str(text))
    except (ValueError, TypeError):
        raise WordsError('"context.true_dates" must be days such as ["2026-06-12"].') from None
