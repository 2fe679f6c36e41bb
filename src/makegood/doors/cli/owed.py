"""`makegood owed`: what is owed for a failure, by which rule, by when, and why, as JSON lines."""

import json
import sys
from collections.abc import Iterator
from decimal import Decimal
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Any, Final, NoReturn, TextIO

import typer

from makegood.doors.cli.owed_words import describe, line_of_json, list_of
from makegood.queries.holidays import HolidaysError
from makegood.queries.schemes.answering import Shelf, answers
from makegood.queries.schemes.reading import PackFileError, read_pack, read_packs, shipped_packs
from makegood.rules.calendars import CalendarError
from makegood.rules.schemes.facts import SchemeError
from makegood.rules.schemes.packs import Pack

_EXIT_BAD_INPUT: Final = 2
_LONGEST_LINE: Final = 100_000
_LARGEST: Final = 50_000_000
_DEEP: Final = "It is nested too deeply to be facts."


class OwedError(ValueError):
    """Input that holds no facts; the message says what would be right."""


def owed(
    source: Annotated[
        str, typer.Argument(metavar="[FILE]", help="Facts as JSON; - is standard input.")
    ] = "-",
    *,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="One failure on each line.")] = False,
    scheme: Annotated[
        str | None, typer.Option(help="Answer by this scheme; otherwise by all that apply.")
    ] = None,
    pack: Annotated[
        list[Path] | None,
        typer.Option(
            envvar="MAKEGOOD_SCHEMES",
            help="A pack of your own, as TOML, or a folder of them; can be repeated.",
        ),
    ] = None,
    calendar: Annotated[
        str | None, typer.Option(help="Holidays to count by, such as AU-NSW, not the pack's own.")
    ] = None,
    list_schemes: Annotated[bool, typer.Option("--list", help="Show the schemes.")] = False,
    describe_scheme: Annotated[
        str | None,
        typer.Option("--describe", metavar="SCHEME", help="Show the facts that a scheme needs."),
    ] = None,
    check: Annotated[
        Path | None, typer.Option(help="Check a pack of your own, and explain each mistake.")
    ] = None,
) -> None:
    """Say what is owed for failures, by which rule and version, to be paid by when, and why."""
    try:
        if check is not None:
            _check(check)
            return
        shelf = _shelf(pack or [], calendar=calendar)
        if list_schemes:
            typer.echo(list_of(shelf.packs.values()))
        elif describe_scheme is not None:
            typer.echo(describe(shelf.pack(describe_scheme)))
        elif jsonl:
            _answer_lines(source, shelf, scheme=scheme)
        else:
            _answer_document(source, shelf, scheme=scheme)
    except BrokenPipeError:
        raise  # the reader has gone, as with `| head`, which is no mistake of the input
    except (SchemeError, OwedError, CalendarError, HolidaysError, OSError) as wrong:
        _refuse(wrong)


def _refuse(wrong: Exception) -> NoReturn:
    text = str(wrong)
    if isinstance(wrong, OSError) and wrong.filename is not None:
        text = f"{wrong.filename}: {wrong.strerror}."
    typer.echo(" ".join(text.split()), err=True)
    raise typer.Exit(_EXIT_BAD_INPUT) from None


def _shelf(paths: list[Path], *, calendar: str | None) -> Shelf:
    packs = dict(shipped_packs())
    for path in paths:
        packs |= read_packs(path)
    return Shelf(packs=packs, calendar=calendar)


def _check(path: Path) -> None:
    try:
        pack = read_pack(path)
    except PackFileError as wrong:
        for mistake in wrong.mistakes:
            typer.echo(f"{path}, {mistake}", err=True)
        raise typer.Exit(_EXIT_BAD_INPUT) from None
    typer.echo(_is_right(path, pack))
    for value in pack.uncovered:
        typer.echo(
            f"Note: no rule covers {pack.chooser} {value}; the answer will be that nothing is owed:"
            f" {pack.otherwise}."
        )


def _is_right(path: Path, pack: Pack) -> str:
    counted = (
        (pack.facts, "facts"),
        (pack.versions, "versions"),
        ((*pack.rules, *pack.more_rules), "rules"),
    )
    parts = ", ".join(f"{len(things)} {name}" for things, name in counted)
    return f"{path} is right: {pack.id} has {parts}."


# ---- reading ----------------------------------------------------------------------------------


def _answer_document(source: str, shelf: Shelf, *, scheme: str | None) -> None:
    with _opened(source) as stream:
        document = _parsed(stream.read(_LARGEST + 1))
    failures = document if isinstance(document, list) else [document]
    wrong = 0
    for number, failure in enumerate(failures, start=1):
        where = f"failure {number}" if isinstance(document, list) else ""
        wrong += not _answered(failure, shelf, scheme=scheme, where=where)
    if wrong:
        raise typer.Exit(_EXIT_BAD_INPUT)


def _answer_lines(source: str, shelf: Shelf, *, scheme: str | None) -> None:
    wrong = 0
    with _opened(source) as stream:
        for number, line in _lines(stream):
            where = f"line {number}"
            try:
                failure = _parsed(line)
            except OwedError as bad:
                typer.echo(f"{where}: {bad}", err=True)
                wrong += 1
            else:
                wrong += not _answered(failure, shelf, scheme=scheme, where=where)
    if wrong:
        raise typer.Exit(_EXIT_BAD_INPUT)


def _lines(stream: TextIO) -> Iterator[tuple[int, str]]:
    """Each line that is not empty, with its number. One that is too long comes cut, once."""
    number = 1
    while line := stream.readline(_LONGEST_LINE + 1):
        whole = line
        while not whole.endswith("\n"):
            whole = stream.readline(_LONGEST_LINE + 1)
            if not whole:
                break
        if line.strip():
            yield number, line
        number += 1


def _opened(source: str) -> TextIO:
    if source != "-":
        return Path(source).open(encoding="utf-8-sig", errors="replace")
    # A copy of the descriptor would outlive us; a wrapper over the buffer is enough.
    return TextIOWrapper(sys.stdin.buffer, encoding="utf-8-sig", errors="replace")


def _parsed(text: str) -> Any:  # noqa: ANN401 - whatever JSON holds
    if not text.strip():
        raise OwedError('There are no facts; give JSON such as {"scheme": "eu261", ...}.')
    try:
        return json.loads(text, parse_float=Decimal, object_pairs_hook=_no_twins)
    except json.JSONDecodeError as bad:
        raise OwedError(
            f"It is not JSON: {bad.msg} at line {bad.lineno}, column {bad.colno}."
        ) from None
    except RecursionError:
        raise OwedError(_DEEP) from None
    except ValueError as bad:
        raise OwedError(f"It is not JSON: {str(bad).rstrip('.')[:120]}.") from None


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise OwedError("A fact is given twice; which of them is meant cannot be known.")
    return found


# ---- answering --------------------------------------------------------------------------------


def _answered(failure: Any, shelf: Shelf, *, scheme: str | None, where: str) -> bool:  # noqa: ANN401 - whatever JSON holds
    """Print what is owed. Returns False, and says why, if nothing could be said."""
    try:
        found = answers(_object(failure), shelf, scheme=scheme)
    except (SchemeError, OwedError, CalendarError, HolidaysError) as wrong:
        text = " ".join(str(wrong).split())
        typer.echo(f"{where}: {text}" if where else text, err=True)
        return False
    for answer in found:
        typer.echo(line_of_json(answer, identity=failure.get("id")))
    return True


def _object(failure: object) -> dict[str, Any]:
    if isinstance(failure, dict):
        return failure
    raise OwedError('The facts must be an object such as {"failure": "delay"}.')
