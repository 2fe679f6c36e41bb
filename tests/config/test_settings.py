"""Unsafe settings stop the program with one line and no traceback."""

import os
import subprocess
import sys

import pytest

SERVED = {
    "MAKEGOOD_SECRET_KEY": "s" * 50,
    "MAKEGOOD_ALLOWED_HOSTS": "desk.example.com",
    "MAKEGOOD_DATABASE_URL": "postgresql://ann@127.0.0.1:1/desk",
}


def run(*arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    kept = {name: text for name, text in os.environ.items() if not name.startswith("MAKEGOOD_")}
    return subprocess.run(
        [sys.executable, "-m", "makegood", *arguments],
        capture_output=True,
        check=False,
        env={**kept, "PYTHONPATH": os.pathsep.join(sys.path), **variables},
        text=True,
    )


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({}, "MAKEGOOD_ALLOWED_HOSTS is not set"),
        ({**SERVED, "MAKEGOOD_SECRET_KEY": ""}, "MAKEGOOD_SECRET_KEY is not set"),
        ({**SERVED, "MAKEGOOD_DEBUG": "1"}, "MAKEGOOD_DEBUG is refused"),
        (SERVED, "The database does not answer"),
        ({**SERVED, "MAKEGOOD_DATABASE_URL": "sqlite:///x"}, "must begin with postgresql://"),
    ],
)
def test_pages_are_not_served_with_unsafe_settings(variables: dict[str, str], said: str) -> None:
    ran = run("web", **variables)
    assert ran.returncode == 1
    assert said in ran.stderr
    assert ran.stderr.count("\n") == 1


def test_the_local_mode_listens_to_this_machine_alone() -> None:
    ran = run("web", "--host", "0.0.0.0", MAKEGOOD_LOCAL="1")  # noqa: S104 - refused
    assert ran.returncode == 1
    assert "does not listen at 0.0.0.0" in ran.stderr


def test_the_application_itself_is_never_local_unless_told() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", "import makegood.config.wsgi"],
        capture_output=True,
        check=False,
        env={"PYTHONPATH": os.pathsep.join(sys.path)},
        text=True,
    )
    assert "ImproperlyConfigured: MAKEGOOD_ALLOWED_HOSTS is not set" in ran.stderr


def test_cookies_travel_over_https_alone_where_the_desk_is_served() -> None:
    asked = "from makegood.config import settings as s; print(s.SESSION_COOKIE_SECURE, s.DEBUG)"
    ran = subprocess.run(
        [sys.executable, "-c", asked],
        capture_output=True,
        check=True,
        env={"PYTHONPATH": os.pathsep.join(sys.path), "MAKEGOOD_LOCAL": "0", **SERVED},
        text=True,
    )
    assert ran.stdout == "True False\n"


def test_help_is_quick_and_complete() -> None:
    shown = run("--help").stdout
    for command in ("up", "web", "clock", "migrate", "doctor", "due", "replay", "verify"):
        assert f" {command} " in shown


def test_an_unknown_command_is_an_error_without_a_traceback() -> None:
    ran = run("mend")
    assert ran.returncode == 2
    assert "Traceback" not in ran.stderr
