"""The root of the command line. It imports what a command needs when the command is wanted.

Every expected error becomes one line on standard error and a non-zero exit code.
"""

import importlib
import importlib.metadata
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

EXPECTED = {
    "django.core.exceptions.ImproperlyConfigured",
    "django.db.utils.OperationalError",
    "psycopg.OperationalError",
}
INTERRUPTED = 130  # what shells report after Ctrl-C
UNEXPECTED = 70  # EX_SOFTWARE of sysexits


@dataclass(frozen=True, kw_only=True, slots=True)
class Later:
    """A command of the doors, imported only when it is called."""

    name: str
    module: str
    help: str
    database_when: Callable[[list[str]], bool]
    function: str = ""

    def load(self) -> Callable[..., Any]:
        """Import its function."""
        name = self.function or self.name.split()[-1].replace("-", "_")
        function: Callable[..., Any] = getattr(importlib.import_module(self.module), name)
        return function

    def stand_in(self) -> Callable[[], None]:
        """Return something to show in the help instead."""

        def show() -> None: ...

        show.__doc__ = self.help
        return show


LATER = [
    Later(
        name="due",
        module="makegood.doors.cli.due",
        help="Compute a due time in a working calendar, and show how.",
        database_when=lambda _: False,
    ),
    Later(
        name="owed",
        module="makegood.doors.cli.owed",
        help="Say what is owed for a failure, by which rule, by when, and why.",
        database_when=lambda _: False,
    ),
    Later(
        name="replay",
        module="makegood.doors.cli.replay",
        help="Hold every promised date in a real request log to account.",
        database_when=lambda arguments: "--load" in arguments,
    ),
    Later(
        name="words",
        module="makegood.doors.cli.words",
        help="Find bad wording and promises in messages.",
        database_when=lambda _: False,
    ),
    Later(
        name="calendar",
        module="makegood.doors.cli.company",
        help="Store a working calendar in the desk.",
        database_when=lambda _: True,
    ),
    Later(
        name="person",
        module="makegood.doors.cli.company",
        help="Add a person who can own cases and sign in.",
        database_when=lambda _: True,
    ),
    Later(
        name="person export",
        module="makegood.doors.cli.people",
        help="Write all that the desk has of one customer into a file.",
        database_when=lambda _: True,
    ),
    Later(
        name="person erase",
        module="makegood.doors.cli.people",
        help="Take one customer's personal data out of everything.",
        database_when=lambda _: True,
    ),
    Later(
        name="export",
        module="makegood.doors.cli.export",
        help="Write everything that the desk has as JSON Lines and CSV.",
        database_when=lambda _: True,
    ),
    Later(
        name="import",
        module="makegood.doors.cli.importing",
        help="Bring in customers, assets and open cases of another system, or a whole company.",
        database_when=lambda _: True,
        function="import_",
    ),
    Later(
        name="retention",
        module="makegood.doors.cli.retention",
        help="Say for how long what is kept, set it, and say what would go.",
        database_when=lambda _: True,
    ),
    Later(
        name="admit",
        module="makegood.doors.cli.company",
        help="Help somebody who cannot sign in: a link for a new password, and no second step.",
        database_when=lambda _: True,
    ),
    Later(
        name="arrived",
        module="makegood.doors.cli.arrived",
        help="Record from a file of accounting which payments have reached their customers.",
        database_when=lambda _: True,
    ),
    Later(
        name="fees",
        module="makegood.doors.cli.fees",
        help="Record from a file of billing what customers were charged, to take off what is ours.",
        database_when=lambda _: True,
    ),
    Later(
        name="found",
        module="makegood.doors.cli.found",
        help="Push found property and unclaimed money from a file to the customers they belong to.",
        database_when=lambda _: True,
    ),
    Later(
        name="verify",
        module="makegood.doors.cli.verify",
        help="Check every law and every hash chain, or the file of one case.",
        database_when=lambda arguments: not any(a.startswith("--file") for a in arguments),
    ),
    Later(
        name="case-file",
        module="makegood.doors.cli.case_file",
        help="Write the file of one case for an ombudsman, as JSON and on paper.",
        database_when=lambda _: True,
    ),
]

app = typer.Typer(
    name="makegood",
    help="A service-recovery desk: who gave the company's word, for when, and what became of it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _show_version(wanted: bool) -> None:  # noqa: FBT001 - typer hands options over like this
    if wanted:
        typer.echo(f"makegood {importlib.metadata.version('makegood')}")
        raise typer.Exit


@app.callback()
def _root(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show it.")
    ] = False,
) -> None: ...


@app.command()
def up(
    *,
    sample: Annotated[bool, typer.Option("--sample", help="Load the sample company.")] = False,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Where the pages are.")] = 8000,
    clock: Annotated[bool, typer.Option(help="Run the clock too.")] = True,
    mcp: Annotated[bool, typer.Option("--mcp", help="Let AI agents in too, over HTTP.")] = False,
) -> None:
    """Run everything on this machine, and print the links.

    If it runs already, say where, and succeed.
    """
    from makegood.config.supervisor import run_everything  # noqa: PLC0415 - see the module

    run_everything(port=port, sample=sample, clock=clock, agents=mcp)


@app.command()
def web(
    *,
    host: Annotated[str, typer.Option(help="Address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8000,
    workers: Annotated[int, typer.Option(min=1, help="Processes that answer.")] = 2,
) -> None:
    """Serve the pages. Start as many as you like, on as many machines as you like."""
    from makegood.config.web import serve  # noqa: PLC0415 - see the module

    serve(host=host, port=port, workers=workers)


@app.command()
def live(
    *,
    host: Annotated[str, typer.Option(help="Address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8001,
) -> None:
    """Tell open pages what changed. Without it, pages look by themselves once a minute."""
    from makegood.config.live import serve  # noqa: PLC0415 - see the module

    serve(host=host, port=port)


@app.command()
def mcp(
    *,
    url: Annotated[
        str, typer.Option(envvar="MAKEGOOD_URL", help="Where the desk is.")
    ] = "http://127.0.0.1:8000",
    http: Annotated[bool, typer.Option("--http", help="Over HTTP, not standard input.")] = False,
    host: Annotated[str, typer.Option(help="Address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8002,
    name: Annotated[
        list[str] | None, typer.Option(help="By which names others call it, such as a.example.")
    ] = None,
) -> None:
    """Let AI agents ask and act within their token (MCP), by the desk's own API."""
    from makegood.config import agents  # noqa: PLC0415 - see the module

    if http:
        agents.serve_http(address=url, host=host, port=port, names=tuple(name or ()))
    else:
        agents.serve_stdio(address=url)


@app.command()
def follow(
    *,
    name: Annotated[str, typer.Argument(help="Which partner; without one, each.")] = "",
    everything: Annotated[
        bool, typer.Option("--all", help="All that was reported lately, not what changed.")
    ] = False,
) -> None:
    """Look once at the Open311 servers that are followed, and say what it came to."""
    from makegood.config.upkeep import open_database  # noqa: PLC0415 - see the module

    open_database(must_be_migrated=True)
    from makegood.config.following_cli import follow_once  # noqa: PLC0415 - as above

    follow_once(name, is_all=everything)


@app.command()
def clock() -> None:
    """Run the clock. Start as many as you like, on as many machines as you like."""
    from makegood.config.clock import run_clock  # noqa: PLC0415 - see the module

    run_clock()


@app.command()
def migrate() -> None:
    """Bring the tables of the database up to date."""
    from makegood.config.upkeep import migrate_database, open_database  # noqa: PLC0415 - as above

    open_database()
    migrate_database()
    typer.echo("The database is up to date.")


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="A new file; only you will be able to read it.")],
) -> None:
    """Write the whole desk into one file, while it goes on working."""
    from makegood.config.backup_cli import back_up_to  # noqa: PLC0415 - see the module

    back_up_to(file)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="What makegood backup wrote.")],
) -> None:
    """Load a backup into a new desk, check every law, and say what was found."""
    from makegood.config.backup_cli import restore_from  # noqa: PLC0415 - see the module

    restore_from(file)


@app.command()
def doctor() -> None:
    """Say what is configured, reachable and wrong."""
    from makegood.config.doctor import examine  # noqa: PLC0415 - see the module

    findings = examine()
    for finding in findings:
        typer.echo(str(finding))
    if any(finding.is_wrong for finding in findings):
        raise typer.Exit(code=1)


def main() -> None:
    """Run the command line; explain an error in one line, never with a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "makegood.config.settings")
    # Our matrices are small: threads would spend more on waiting for each other than they save.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        _register(sys.argv[1:])
        app()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        # The reader has gone, as with `| head`. Keep Python from complaining at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except Exception as error:
        if os.environ.get("MAKEGOOD_TRACEBACK"):
            raise
        _explain(error)


def _register(arguments: list[str]) -> None:
    """Add the doors' commands: the one that is called for real, the others for the help."""
    words = [word for word in arguments if not word.startswith("-")]
    names = {command.name for command in LATER}
    wanted = " ".join(words[:2]) if " ".join(words[:2]) in names else " ".join(words[:1])
    for command in LATER:
        if command.name != wanted:
            if command.name != wanted.split(" ")[0]:
                app.command(command.name)(command.stand_in())
            continue
        if command.database_when(arguments):
            _make_ready(for_help="--help" in arguments)
        _place(command)


def _make_ready(*, for_help: bool) -> None:
    """Make the database reachable; help needs what the command is made of, and no database."""
    import django  # noqa: PLC0415 - costs a second

    from makegood.config.upkeep import open_database  # noqa: PLC0415 - as above

    if for_help:
        django.setup()
    else:
        open_database(must_be_migrated=True)


def _place(command: Later) -> None:
    """Put a command where its words lead to it: one of two words stands in a group."""
    group, _, name = command.name.rpartition(" ")
    if not group:
        app.command(name)(command.load())
        return
    inside = typer.Typer(name=group, no_args_is_help=True)
    inside.callback()(lambda: None)
    inside.command(name)(command.load())
    app.add_typer(inside)


def _explain(error: Exception) -> None:
    if isinstance(error, OSError) and error.filename is not None:
        text, code = f"{error.filename}: {error.strerror}", 1
    elif isinstance(error, OSError) or _is_expected(error):
        text, code = " ".join(str(error).split()), 1
    else:
        words = " ".join(str(error).split())
        text = f"{type(error).__name__}: {words} (MAKEGOOD_TRACEBACK=1 shows where)"
        code = UNEXPECTED
    sys.stderr.write(f"makegood: {text}\n")
    sys.exit(code)


def _is_expected(error: Exception) -> bool:
    kinds = {f"{kind.__module__}.{kind.__qualname__}" for kind in type(error).__mro__}
    return type(error).__module__.startswith("makegood.") or not kinds.isdisjoint(EXPECTED)
