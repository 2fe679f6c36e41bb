"""Static files as the pages serve them: under names that change with their content, compressed.

They are gathered from the package and its libraries when the pages start, once for each version:
nothing that is built lies in the repository or in the wheel, and nobody has to remember a step.
"""

import hashlib
import importlib.metadata
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from makegood.config.environment import STATIC_ROOT_VARIABLE, find_data_dir

SOURCES = Path(__file__).resolve().parent.parent / "doors" / "web" / "static"
LIBRARIES = ("django", "django-allauth", "django-htmx", "whitenoise")
_LENGTH = 16


class StaticFilesError(Exception):
    """The static files cannot be gathered; the message says what Django said."""


def provide(*, data_dir: Path | None = None) -> Path:
    """Gather the files of this version if that was not done before; tells the processes to come.

    :raises StaticFilesError: if they cannot be gathered.
    """
    folder = _folder(data_dir or find_data_dir()) / _version()
    if not folder.is_dir():
        half = Path(tempfile.mkdtemp(prefix=".half-", dir=folder.parent))
        try:
            _gather(half)
            half.chmod(0o755)
            with suppress(OSError):  # another process was faster, with the same files
                half.rename(folder)
        finally:
            shutil.rmtree(half, ignore_errors=True)
    os.environ[STATIC_ROOT_VARIABLE] = str(folder)
    return folder


def _folder(data_dir: Path) -> Path:
    """Beside the data; on a machine that keeps none, somewhere for the time being."""
    try:
        (data_dir / "static").mkdir(mode=0o755, parents=True, exist_ok=True)
        return data_dir / "static"
    except OSError:
        return Path(tempfile.mkdtemp(prefix="makegood-static-"))


def _version() -> str:
    """A name for what would be gathered: it changes with every file and library."""
    digest = hashlib.sha256()
    for name in LIBRARIES:
        digest.update(f"{name} {importlib.metadata.version(name)}\n".encode())
    for path in sorted(path for path in SOURCES.rglob("*") if path.is_file()):
        digest.update(f"{path.relative_to(SOURCES)}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:_LENGTH]


def _gather(folder: Path) -> None:
    """In a process of its own: Django is to be made ready for that folder, and not here yet."""
    command = [sys.executable, "-m", "makegood.config.manage", "collectstatic", "--no-input"]
    done = subprocess.run(  # noqa: S603 - our own interpreter and module
        command,
        env={**os.environ, STATIC_ROOT_VARIABLE: str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        last = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
        raise StaticFilesError(f"The static files cannot be gathered: {''.join(last)}")
