"""Packs as TOML files: those that come with the program, and a company's own."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from makegood.queries.calendar_sources import office_of
from makegood.queries.holidays import HolidaysError
from makegood.queries.schemes.airports import airport_of
from makegood.queries.schemes.lines import line_of
from makegood.rules.calendars import Calendar, CalendarError, Interval
from makegood.rules.schemes.building import PackError, build_pack
from makegood.rules.schemes.facts import SchemeError
from makegood.rules.schemes.packs import Pack

_LINE: Final = re.compile(r"\(at line ([0-9]+), column [0-9]+\)")
_YEARS: Final = range(2000, 2051)
_LARGEST: Final = 500_000
WEEKDAYS: Final = "weekdays"


@dataclass(frozen=True, kw_only=True, slots=True)
class Mistake:
    """What is wrong on a line of a pack, and what would be right."""

    line: int
    words: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.words}"


class PackFileError(SchemeError):
    """A file that is no pack; `mistakes` says why, line by line."""

    def __init__(self, name: str, mistakes: tuple[Mistake, ...]) -> None:
        self.mistakes = mistakes
        super().__init__(f"{name}, {mistakes[0]}")


def read_pack(path: Path) -> Pack:
    """The pack in a file.

    :raises PackFileError: if the file cannot be read, or has mistakes.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise PackFileError(str(path), (Mistake(line=1, words="it is too large for a pack."),))
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as broken:
        why = broken.strerror if isinstance(broken, OSError) else "it is not UTF-8 text"
        raise PackFileError(
            str(path), (Mistake(line=1, words=f"it cannot be read: {why}."),)
        ) from broken
    return parse_pack(text, name=str(path))


def read_packs(path: Path) -> dict[str, Pack]:
    """The packs of a file, or of all TOML files of a folder, by id.

    :raises PackFileError: if the folder or a file cannot be read, one has mistakes, or two have
        the same id.
    """
    packs: dict[str, Pack] = {}
    for file in _files_of(path) if path.is_dir() else [path]:
        pack = read_pack(file)
        if pack.id in packs:
            words = f"another file of the folder is {pack.id} too; give each an id of its own."
            line = line_of(("id",), file.read_text(encoding="utf-8"))
            raise PackFileError(str(file), (Mistake(line=line, words=words),))
        packs[pack.id] = pack
    return packs


def _files_of(folder: Path) -> list[Path]:
    """Its TOML files. A glob says nothing of a folder that it may not read."""
    try:
        return sorted(file for file in folder.iterdir() if file.name.endswith(".toml"))
    except OSError as broken:
        words = f"the folder itself cannot be read: {broken.strerror}."
        raise PackFileError(str(folder), (Mistake(line=1, words=words),)) from broken


def parse_pack(text: str, *, name: str) -> Pack:
    """The pack that a text describes.

    :raises PackFileError: if the text has mistakes.
    """
    try:
        pack = build_pack(tomllib.loads(text), airport_of=airport_of)
    except tomllib.TOMLDecodeError as broken:
        raise PackFileError(name, (_not_toml(broken, text),)) from broken
    except RecursionError as deep:
        raise PackFileError(name, (Mistake(line=1, words="it is nested too deeply."),)) from deep
    except PackError as wrong:
        found = {
            Mistake(line=line_of(mistake.path, text), words=str(mistake)): None
            for mistake in wrong.mistakes
        }
        mistakes = tuple(sorted(found, key=lambda mistake: mistake.line))
        raise PackFileError(name, mistakes) from wrong
    try:
        calendar_of(pack.calendar, zone=pack.zone)
    except (CalendarError, HolidaysError) as unknown:
        mistake = Mistake(line=line_of(("calendar",), text), words=str(unknown))
        raise PackFileError(name, (mistake,)) from unknown
    return pack


def _not_toml(broken: tomllib.TOMLDecodeError, text: str) -> Mistake:
    found = _LINE.search(str(broken))
    line = int(found[1]) if found else len(text.splitlines())
    why = _LINE.sub("", str(broken)).replace("(at end of document)", "").strip().rstrip(".")
    return Mistake(line=line, words=f'it is not TOML: {why}; write lines such as name = "text".')


@cache
def shipped_packs() -> dict[str, Pack]:
    """The packs that come with the program, by id in order.

    :raises PackFileError: if one has mistakes, which a test rules out.
    """
    folder = resources.files("makegood.queries.schemes") / "packs"
    files = sorted((item for item in folder.iterdir() if item.name.endswith(".toml")), key=str)
    packs = [parse_pack(item.read_text(encoding="utf-8"), name=item.name) for item in files]
    return {pack.id: pack for pack in sorted(packs, key=lambda pack: pack.id)}


@cache
def calendar_of(code: str, *, zone: ZoneInfo) -> Calendar:
    """The working calendar of a pack: Monday to Friday with the public holidays of its code.

    :raises HolidaysError: if the code is not known.
    """
    if code != WEEKDAYS:
        return office_of(code, zone=zone, years=_YEARS)
    hours = (Interval(opens=9 * 60, closes=17 * 60),)
    return Calendar(
        name=WEEKDAYS,
        zone=zone,
        week=(hours,) * 5 + ((), ()),
        known_from=office_of("GB", zone=zone, years=_YEARS).known_from,
        known_until=office_of("GB", zone=zone, years=_YEARS).known_until,
    )
