"""`makegood replay`: hold every promised date in a real request log to account."""

import io
import json
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final, NoReturn
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from makegood.doors.cli.replay_html import as_page
from makegood.doors.cli.replay_text import print_report
from makegood.doors.cli.replay_words import shown
from makegood.queries.calendar_sources import zone_named
from makegood.queries.replay.columns import Wanted
from makegood.queries.replay.documents import range_lines, to_document
from makegood.queries.replay.files import LogError
from makegood.queries.replay.ledger import Policies
from makegood.queries.replay.replaying import Choices, Replay, replay_log
from makegood.rules import policy as policies
from makegood.rules.calendars import CalendarError, at_wall_time
from makegood.rules.policy import PolicyError

_EXIT_BAD_INPUT: Final = 2
_WIDTH_WITHOUT_TERMINAL: Final = 110


class ReplayError(ValueError):
    """What was asked cannot be replayed; the message says what to give instead."""


def replay(  # noqa: PLR0913 - each option of the command is an argument
    logs: Annotated[
        list[Path],
        typer.Argument(help="CSV, gzipped CSV, Parquet or JSON lines; several make one log."),
    ],
    *,
    opened: Annotated[str, typer.Option(help="Column: when a request was opened.")] = "",
    due: Annotated[
        list[str] | None, typer.Option(help="Column: the promised date. May be repeated.")
    ] = None,
    closed: Annotated[
        list[str] | None,
        typer.Option(help="Column: when it was done; once, or once for each --due."),
    ] = None,
    kind: Annotated[str, typer.Option(help="Column: the kind of request.")] = "",
    id_: Annotated[str, typer.Option("--id", help="Column: the request's id.")] = "",
    note: Annotated[str, typer.Option(help="Column: the closing note.")] = "",
    flag: Annotated[str, typer.Option(help="Column: the log's own on-time flag.")] = "",
    status: Annotated[str, typer.Option(help="Column: open or closed, in words.")] = "",
    priority: Annotated[str, typer.Option(help="Column: read as P1 to P4; else all are P3.")] = "",
    updated: Annotated[str, typer.Option(help="Column: when a row's state was reached.")] = "",
    tz: Annotated[str, typer.Option("--tz", help="Zone of times without an offset.")] = "UTC",
    as_of: Annotated[
        str, typer.Option(help="ISO moment at which the log ends; else its latest moment.")
    ] = "",
    policy: Annotated[
        Path | None, typer.Option(help="TOML file: a policy to compare with the default.")
    ] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write the whole report as JSON.")
    ] = None,
    html: Annotated[Path | None, typer.Option(help="Write the report as one page.")] = None,
    ranges: Annotated[
        Path | None, typer.Option(help="Write every date range as JSON lines.")
    ] = None,
    load: Annotated[bool, typer.Option("--load", help="Put it into the desk too.")] = False,
    team: Annotated[
        str, typer.Option(help="Who owns loaded cases; else the team of whoever came first.")
    ] = "",
) -> None:
    """Hold every promised date in a real request log to account, and say what became of it."""
    now = datetime.now(UTC)
    wanted = Wanted(
        opened=opened,
        due=tuple(due or ()),
        closed=tuple(closed or ()),
        kind=kind,
        id=id_,
        note=note,
        flag=flag,
        status=status,
        priority=priority,
        updated=updated,
    )
    try:
        zone = zone_named(tz)
        choices = Choices(
            wanted=wanted, zone=zone, as_of=_as_of(as_of, zone=zone), policies=_policies(policy)
        )
        with _progress() as say:
            found = replay_log(logs, choices=choices, now=now, progress=say)
            _write(json_file, (json.dumps(to_document(found.report, now=now), indent=1),))
            _write(html, (as_page(found, now=now),) if html else ())
            _write(ranges, range_lines(found))
    except (LogError, PolicyError, CalendarError, ReplayError) as wrong:
        _refuse(wrong)
    print_report(found.report, console=_console())
    if load:
        _load(found, team=team, now=now)


def _load(found: Replay, *, team: str, now: datetime) -> None:
    # Late: the desk's records can only be imported where Django is set up.
    from makegood.doors.cli.replay_load import (  # noqa: PLC0415
        NoOwnerError,
        load_log,
    )

    try:
        done = load_log(found, team=team, now=now)
    except NoOwnerError as nobody:
        _refuse(nobody)
    typer.echo(f"\n{done}")


def _as_of(text: str, *, zone: ZoneInfo) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ReplayError(
            f'--as-of "{text}" is not an ISO moment; write one such as 2016-01-12T22:22.'
        ) from None
    if moment.utcoffset() is None:
        moment = at_wall_time(moment, zone=zone)
    return moment.astimezone(UTC)


def _policies(path: Path | None) -> Mapping[str, Policies]:
    both: dict[str, Policies] = {"the default policy": policies.DEFAULT}
    if path is not None:
        try:
            document = tomllib.loads(path.read_text(encoding="utf-8"))
            both[f"the policy in {path.name}"] = policies.from_document(document)
        except OSError as refused:
            raise ReplayError(f"{path} cannot be read: {refused.strerror}.") from refused
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
            raise ReplayError(f"{path} is not a TOML file: {wrong}.") from wrong
        except PolicyError as wrong:
            raise ReplayError(f"{path}: {wrong}") from wrong
    return both


def _write(path: Path | None, texts: Iterable[str]) -> None:
    """Write texts as lines; nothing where no file is asked for."""
    if path is None:
        return
    try:
        with path.open("w", encoding="utf-8") as file:
            file.writelines(f"{text}\n" for text in texts)
    except OSError as refused:
        raise ReplayError(f"{path} cannot be written: {refused.strerror}.") from refused


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """Say on a terminal what is being done, and for how long it has been; elsewhere be silent."""
    columns = SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn()
    console = Console(stderr=True)
    hidden = not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=hidden) as bar:
        task = bar.add_task("Starting")
        yield lambda step: bar.update(task, description=shown(step))


def _console() -> Console:
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal that knows ASCII alone shows "?"
    console = Console(highlight=False)
    wide = Console(highlight=False, width=_WIDTH_WITHOUT_TERMINAL)
    return console if console.is_terminal else wide


def _refuse(wrong: Exception) -> NoReturn:
    typer.echo(shown(" ".join(str(wrong).split())), err=True)
    raise typer.Exit(_EXIT_BAD_INPUT) from None
