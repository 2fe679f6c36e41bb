"""What the packs on a shelf say about a failure: the one that is named, or all that apply."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from makegood.queries.schemes.reading import calendar_of
from makegood.rules.schemes.facts import FactError, MissingFactError, UnknownSchemeError
from makegood.rules.schemes.near import meant
from makegood.rules.schemes.owing import Owed, owed
from makegood.rules.schemes.packs import Pack

# About the row, not about the failure.
_ABOUT: Final = frozenset({"id", "scheme"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Shelf:
    """The packs to ask, and the code of a calendar that stands in for theirs."""

    packs: Mapping[str, Pack]
    calendar: str | None = None

    def pack(self, name: object) -> Pack:
        """The pack of that id.

        :raises UnknownSchemeError: if there is none.
        """
        if isinstance(name, str) and name in self.packs:
            return self.packs[name]
        right = meant(name, self.packs) or "makegood owed --list shows them."
        raise UnknownSchemeError(f'There is no scheme "{str(name)[:60]}"; {right}')


def answers(plain: Mapping[str, Any], shelf: Shelf, *, scheme: str | None = None) -> list[Owed]:
    """What is owed for a failure, by each scheme that applies.

    :raises UnknownSchemeError: if the failure names a scheme that is not there.
    :raises FactError: if a fact is missing, unknown or impossible, or no scheme knows them all.
    :raises CalendarRunsOutError: if a date passes the days that the calendar knows.
    """
    facts = {name: value for name, value in plain.items() if name not in _ABOUT}
    named = plain.get("scheme", scheme)
    if named is None:
        return _all_that_apply(facts, shelf)
    return [_by(shelf.pack(named), facts, shelf)]


def _by(pack: Pack, facts: Mapping[str, Any], shelf: Shelf) -> Owed:
    code = shelf.calendar or pack.calendar
    return owed(pack, facts, calendar=calendar_of(code, zone=pack.zone))


def _all_that_apply(facts: Mapping[str, Any], shelf: Shelf) -> list[Owed]:
    found: list[Owed] = []
    wrong: list[tuple[int, str, FactError]] = []
    for pack in shelf.packs.values():
        try:
            found.append(_by(pack, facts, shelf))
        except FactError as why:
            unknown = len(set(facts) - set(pack.facts))
            missing = isinstance(why, MissingFactError)
            wrong.append((unknown * 2 + missing, pack.id, why))
    if not found:
        _, nearest, reason = min(wrong, key=lambda item: item[:2])
        raise FactError(f"No scheme can answer with these facts; nearest is {nearest}: {reason}")
    inside = [answer for answer in found if not answer.outside]
    return inside or found
