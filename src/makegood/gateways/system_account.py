"""The account that runs a program for root, when the program refuses to run as root itself."""

import os
import pwd
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import TypedDict

SYSTEM_USER = "makegood"


class SystemAccountError(Exception):
    """No account can be had; the message says why and what to do."""


class RunAs(TypedDict):
    """What `subprocess` needs to run as somebody; None is ourselves."""

    user: int | None
    group: int | None
    extra_groups: list[int] | None


def find_account(files: Path) -> pwd.struct_passwd | None:
    """Return who owns these files, or the system user; None unless we are root.

    :raises SystemAccountError: if the system user is missing and cannot be made.
    """
    if os.geteuid() != 0:
        return None
    if files.exists() and files.stat().st_uid != 0:
        return pwd.getpwuid(files.stat().st_uid)
    return _system_user()


def run_as(account: pwd.struct_passwd | None) -> RunAs:
    """Return the arguments of `subprocess` that run a program as this account."""
    if account is None:
        return {"user": None, "group": None, "extra_groups": None}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def can_enter(folder: Path, *, account: pwd.struct_passwd) -> bool:
    """Tell whether the account can pass through every directory on the way to this one."""
    asked = subprocess.run(  # noqa: S603 - a fixed program
        ["/bin/sh", "-c", 'cd "$0"', folder],
        capture_output=True,
        check=False,
        cwd="/",
        **run_as(account),
    )
    return asked.returncode == 0


def give(folder: Path, *, account: pwd.struct_passwd | None) -> None:
    """Make a directory the account's own, closed to everybody else."""
    if account is not None:
        os.chown(folder, account.pw_uid, account.pw_gid, follow_symlinks=False)
    folder.chmod(0o700)


def let_through(folder: Path) -> None:
    """Let every account pass through this directory, not look into it; never through a home."""
    if str(folder) not in {account.pw_dir for account in pwd.getpwall()}:
        folder.chmod(folder.stat().st_mode | 0o011)


def _system_user() -> pwd.struct_passwd:
    """Return the system user; make it at first."""
    with suppress(KeyError):
        return pwd.getpwnam(SYSTEM_USER)
    program = shutil.which("useradd")
    if program is None:
        raise SystemAccountError(
            f"There is no `useradd` here to make the user {SYSTEM_USER}, who would run PostgreSQL"
            " for root: create that user, or start Makegood as an ordinary user."
        )
    options = ["--system", "--no-create-home", "--home-dir", "/nonexistent"]
    made = subprocess.run(  # noqa: S603 - a system program with fixed arguments
        [program, *options, "--shell", "/usr/sbin/nologin", SYSTEM_USER],
        capture_output=True,
        check=False,
        text=True,
    )
    if made.returncode != 0:
        raise SystemAccountError(
            f"The user {SYSTEM_USER}, who would run PostgreSQL for root, could not be made:"
            f" {made.stderr.strip()}"
        )
    return pwd.getpwnam(SYSTEM_USER)
