"""Whoever runs a desk finds every setting of its environment on one page, and none that is gone."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "configuration.md"
NAME = re.compile(r"\bMAKEGOOD_[A-Z][A-Z0-9_]*[A-Z0-9]\b")


def test_every_setting_stands_on_its_page_and_every_one_there_is_read():
    read = _names(*(ROOT / "src").rglob("*.py"))

    assert read > {"MAKEGOOD_DATA", "MAKEGOOD_SUPPLIERS"}
    assert _names(PAGE) == read


def test_no_other_page_names_a_setting_that_is_not_there():
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]

    assert _names(*pages) <= _names(PAGE)


def _names(*files: Path) -> set[str]:
    return {name for file in files for name in NAME.findall(file.read_text())}
