"""A cluster of PostgreSQL with Makegood's schema in it, made once and copied by whoever tests.

Making it takes as long as hundreds of tests; copying it takes less than one. It is made anew when
the schema, what it is made with or PostgreSQL has changed, and lies in `build/`.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from makegood.gateways import system_account
from makegood.gateways.embedded_postgres import Server

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "build" / "databases"
MAKES_THE_SCHEMA = [
    ROOT / "requirements-dev.lock",
    ROOT / "src/makegood/gateways/embedded_postgres.py",
    *sorted((ROOT / "src/makegood/records").rglob("*.py")),
    *sorted((ROOT / "src/makegood/records").rglob("*.sql")),
    *sorted((ROOT / "src/makegood/rules").rglob("*.py")),  # choices and limits in constraints
]


def put_into(data_dir: Path, *, binaries: Path | None = None) -> None:
    """Lay a copy where a server of this directory finds its data; the directory may be new."""
    source = _kept(binaries)
    account = system_account.find_account(source)
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    home = data_dir / "postgresql"
    home.mkdir(mode=0o700)
    system_account.give(home, account=account)
    _copy(source, home / "pgdata")


def _kept(binaries: Path | None) -> Path:
    """Return the data directory to copy; make it if there is none of this schema."""
    KEPT.mkdir(parents=True, exist_ok=True)
    line = "own" if binaries is None else "given"
    wanted = KEPT / f"{line}-{_fingerprint(binaries)}"
    with _alone(KEPT / f"{line}.lock"):
        if not wanted.exists():
            for old in KEPT.glob(f"{line}-*"):
                shutil.rmtree(old)
            _make(wanted, binaries=binaries)
    return wanted


def _make(wanted: Path, *, binaries: Path | None) -> None:
    folder = Path(tempfile.mkdtemp(prefix="makegood-kept-"))
    server = Server(folder, throwaway=True, binaries=binaries)
    try:
        _migrate(server.start())
        server.stop()
        half = wanted.with_suffix(".half")
        shutil.rmtree(half, ignore_errors=True)
        _copy(server.pgdata, half)
        half.rename(wanted)
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _migrate(url: str) -> None:
    plain = {name: text for name, text in os.environ.items() if not name.startswith("MAKEGOOD_")}
    told = {
        "MAKEGOOD_DATABASE_URL": url,
        "MAKEGOOD_LOCAL": "1",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    done = subprocess.run(
        [sys.executable, "-m", "makegood", "migrate"],
        env=plain | told,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def _copy(source: Path, target: Path) -> None:
    """Copy with owners and rights, as PostgreSQL insists on them."""
    subprocess.run(["cp", "-a", str(source), str(target)], check=True)


def _fingerprint(binaries: Path | None) -> str:
    return _hash([str(binaries).encode(), *(path.read_bytes() for path in MAKES_THE_SCHEMA)])


def _hash(parts: Iterable[bytes]) -> str:
    found = hashlib.sha256()
    for part in parts:
        found.update(len(part).to_bytes(8, "big") + part)
    return found.hexdigest()[:16]


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Let one at a time make what all copy."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
