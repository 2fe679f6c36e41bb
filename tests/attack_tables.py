"""The tables of the documentation that say which tests hold off an attack."""

import re
from pathlib import Path

TESTS = Path(__file__).resolve().parent


def table_of(page: str) -> str:
    """The part of a page of docs/ that names attacks."""
    return (TESTS.parent / "docs" / page).read_text().partition("## Attacks")[2]


def missing_tests(table: str) -> list[str]:
    """What a table names as a test, and is none.

    :raises AssertionError: if it names nothing.
    """
    named = re.findall(r"`(\w+/\w+)::(\w+)`", table)
    assert named, f"No test is named in: {table}"
    return [
        f"{path}::{name}"
        for path, name in named
        if f"def {name}(" not in (TESTS / f"{path}.py").read_text()
    ]
