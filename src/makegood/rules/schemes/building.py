"""A pack from a plain document such as TOML gives, with every mistake that it has, not the first.

The order matters: facts, then rates, then steps from top to bottom, then rules and exclusions.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from makegood.rules.money import MoneyError, in_words, parse
from makegood.rules.schemes.airports import AirportOf, no_airport
from makegood.rules.schemes.conditions import MistakeError, Path, check_keys, first_causes
from makegood.rules.schemes.exclusionbuilding import build_exclusion
from makegood.rules.schemes.factbuilding import build_fact, reserved_facts
from makegood.rules.schemes.facts import Fact, SchemeError
from makegood.rules.schemes.packs import (
    Exclusion,
    Pack,
    Rounding,
    Rule,
    Status,
    Symbol,
    Version,
    symbol_of,
    symbol_of_rate,
)
from makegood.rules.schemes.rulebuilding import build_rule
from makegood.rules.schemes.steps import build_step

_TOP: Final = (
    *("id", "title", "jurisdiction", "legal_basis", "currency", "zone", "calendar", "rounding"),
    *("is_floor", "verified_on", "sources", "notes", "otherwise"),
    *("facts", "versions", "derive", "rules", "exclusions"),
)
_NEEDED: Final = ("id", "title", "currency", "zone", "verified_on", "sources", "facts")
_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{1,60}")
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,50}")
_CHOSEN: Final = re.compile(r"(?P<name>\w+) (?:is one of|is(?! not\b)) (?P<values>.+)")
_Made = TypeVar("_Made")


class PackError(SchemeError):
    """A pack with mistakes; `mistakes` holds each with its place in the document."""

    def __init__(self, mistakes: Iterable[MistakeError]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("; ".join(str(mistake) for mistake in self.mistakes))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Builder:
    """What was understood so far, and the mistakes met on the way."""

    document: Mapping[str, Any]
    airport_of: AirportOf
    mistakes: list[MistakeError] = field(default_factory=list)
    symbols: dict[str, Symbol] = field(default_factory=dict)

    def tried(self, make: Callable[[], _Made]) -> _Made | None:
        """What `make` makes; None, and one more mistake, if it cannot."""
        try:
            return make()
        except MistakeError as mistake:
            self.mistakes.append(mistake)
            return None

    def wrong(self, path: Path, words: str) -> None:
        self.mistakes.append(MistakeError(path, words))

    def tables(self, name: str) -> list[tuple[int, Mapping[str, Any]]]:
        """The tables of an array such as [[rules]]."""
        given = self.document.get(name, [])
        if not isinstance(given, list) or not all(isinstance(item, Mapping) for item in given):
            self.wrong((name,), f"{name} must be written as [[{name}]], once for each.")
            return []
        return list(enumerate(given))

    def table(self, name: str) -> Mapping[str, Any]:
        """The table of tables such as [facts.reported_on]."""
        given = self.document.get(name, {})
        if isinstance(given, Mapping):
            return given
        self.wrong((name,), f"{name} must be written as [{name}.NAME], once for each.")
        return {}

    def take(self, symbol: Symbol, *, path: Path) -> None:
        """Make a name known."""
        if not _NAME.fullmatch(symbol.name):
            self.wrong(path, f'"{symbol.name}" is no name; use small letters, digits and _.')
        elif symbol.name in self.symbols:
            self.wrong(path, f"{symbol.name} is named twice; facts, rates and steps share names.")
        self.symbols[symbol.name] = symbol


def build_pack(document: Mapping[str, Any], *, airport_of: AirportOf = no_airport) -> Pack:
    """The pack that a document describes. `airport_of` finds the airports that facts name.

    :raises PackError: if it has mistakes; all that were found are in it.
    """
    builder = _Builder(document=document, airport_of=airport_of)
    _check_top(builder)
    currency = _currency(builder)
    zone = builder.tried(lambda: _zone(document.get("zone", "UTC")))
    facts = _facts(builder, currency=currency, zone=zone or ZoneInfo("UTC"))
    versions = _versions(builder, currency=currency)
    _steps(builder, currency=currency)
    rules = _rules(builder, currency=currency)
    exclusions = _exclusions(builder, rules, currency=currency)
    if builder.mistakes or zone is None:
        known = {*builder.symbols, *(rule.id for rule in rules)}
        raise PackError(first_causes(builder.mistakes, written=_written(document), known=known))
    chooser = next((fact.name for fact in facts.values() if fact.needed and fact.choices), "")
    return Pack(
        id=document["id"],
        title=document["title"],
        jurisdiction=document.get("jurisdiction", "everywhere"),
        legal_basis=document.get("legal_basis", ""),
        currency=currency,
        zone=zone,
        calendar=document.get("calendar", "weekdays"),
        rounding=Rounding(document.get("rounding", "half up")),
        is_floor=document.get("is_floor", True),
        verified_on=document["verified_on"],
        sources=tuple(document["sources"]),
        notes=tuple(document.get("notes", ())),
        facts=facts,
        checked_facts=tuple(f for f in facts.values() if f.needed or f.not_before is not None),
        versions=tuple(versions),
        watched=tuple(v for v in versions if v.status is Status.PENDING and v.watch_from),
        rules=tuple(rule for rule in rules if not rule.also),
        more_rules=tuple(rule for rule in rules if rule.also),
        chooser=chooser,
        rules_by={
            value: _that_can_hold(rules, document["rules"], facts[chooser], value)
            for value in facts[chooser].choices
        }
        if chooser
        else {None: _sorted(rules)},
        exclusions=exclusions,
        otherwise=document.get("otherwise", "no rule of the scheme covers these facts"),
    )


def _written(document: Mapping[str, Any]) -> set[str]:
    """The names that the document means to make known, also where it fails to."""
    lists = [document.get(name) for name in ("versions", "rules")]
    listed = [item for items in lists if isinstance(items, list) for item in items]
    tables = [item for item in listed if isinstance(item, Mapping)]
    rates = [table.get("rates") for table in tables]
    named = [table for table in (*document.values(), *rates) if isinstance(table, Mapping)]
    return {name for table in named for name in table} | {str(one.get("id")) for one in tables}


# ---- the head of the file ---------------------------------------------------------------------


def _check_top(builder: _Builder) -> None:
    document = builder.document
    for key in document:
        builder.tried(lambda key=key: check_keys({key: 0}, _TOP, path=()))  # type: ignore[misc] # no result
    for key in _NEEDED:
        if key not in document:
            builder.wrong((), f"{key} is missing; add it (see docs/schemes.md).")
    for key, wanted, right in (
        ("title", str, 'text, such as "Our own promise"'),
        ("jurisdiction", str, "text"),
        ("legal_basis", str, "text"),
        ("calendar", str, 'a code such as "GB-ENG", or "weekdays"'),
        ("otherwise", str, "text"),
        ("is_floor", bool, "true or false"),
        ("verified_on", date, "a date without quotes, such as 2026-11-01"),
        ("sources", list, "a list of texts"),
        ("notes", list, "a list of texts"),
    ):
        if key in document and type(document[key]) is not wanted:
            builder.wrong((key,), f"{key} must be {right}.")
    if not _ID.fullmatch(str(document.get("id", "x-x"))):
        builder.wrong(("id",), 'id must be small letters, digits and "-", such as our-promise.')
    modes = [mode.value for mode in Rounding]
    if document.get("rounding", "half up") not in modes:
        builder.wrong(("rounding",), f"rounding must be one of {', '.join(modes)}.")


def _currency(builder: _Builder) -> str:
    currency = str(builder.document.get("currency", "GBP"))
    try:
        parse("0", currency)
    except MoneyError as wrong:
        builder.wrong(("currency",), str(wrong))
        return "GBP"
    return currency


def _zone(name: object) -> ZoneInfo:
    try:
        return ZoneInfo(str(name))
    except (ZoneInfoNotFoundError, ValueError, OSError) as unknown:
        raise MistakeError(
            ("zone",), f'There is no time zone "{name}"; write one such as "Europe/London".'
        ) from unknown


# ---- facts, figures and steps -----------------------------------------------------------------


def _facts(builder: _Builder, *, currency: str, zone: ZoneInfo) -> dict[str, Fact]:
    facts: dict[str, Fact] = {}
    for name, table in builder.table("facts").items():
        path = ("facts", name)
        fact = builder.tried(
            lambda name=name, table=table: build_fact(name, table, currency=currency, zone=zone)  # type: ignore[misc] # bound now
        )
        if fact is not None:
            facts[name] = fact
            builder.take(symbol_of(fact, airport_of=builder.airport_of), path=path)
    for fact in facts.values():
        if fact.not_before is not None and fact.not_before not in facts:
            builder.wrong(
                ("facts", fact.name, "not_before"), f"{fact.not_before} is no fact of this pack."
            )
    for fact in reserved_facts(builder.document):
        facts[fact.name] = fact
        builder.take(symbol_of(fact, airport_of=builder.airport_of), path=("facts", fact.name))
    return facts


def _versions(builder: _Builder, *, currency: str) -> list[Version]:
    versions: list[Version] = []
    given = builder.tables("versions")
    for number, table in given:
        made = builder.tried(
            lambda number=number, table=table: _version(  # type: ignore[misc] # bound now
                table, path=("versions", number), currency=currency
            )
        )
        if made is not None:
            versions.append(made)
    if len(given) == len(versions) and all(one.status is Status.PENDING for one in versions):
        builder.wrong(
            ("versions",), 'no [[versions]] has status = "in force"; add one with from and rates.'
        )
    _check_order(builder, versions)
    for name in dict.fromkeys(rate for version in versions for rate in version.rates):
        builder.take(symbol_of_rate(name), path=("versions",))
    return versions


def _check_order(builder: _Builder, versions: list[Version]) -> None:
    latest = date.min
    for number, version in enumerate(versions):
        if version.since is None or version.status is Status.PENDING:
            continue
        if version.since <= latest:
            words = "the versions must stand in order of from, each day once."
            builder.wrong(("versions", number, "from"), words)
        latest = max(latest, version.since)


def _version(table: Mapping[str, Any], *, path: Path, currency: str) -> Version:
    keys = ("name", "from", "to", "status", "rates", "unsure", "watch_from")
    check_keys(table, keys, path=path)
    for key in ("from", "to", "watch_from"):
        if key in table and type(table[key]) is not date:
            raise MistakeError(
                (*path, key), f"{key} must be a date without quotes, such as 2026-04-01."
            )
    stati = [status.value for status in Status]
    if table.get("status") not in stati:
        raise MistakeError((*path, "status"), f"status must be one of {', '.join(stati)}.")
    for key in ("rates", "unsure"):
        if not isinstance(table.get(key, {}), Mapping):
            raise MistakeError((*path, key), f"{key} must be a table of names.")
    rates = {
        name: _rate(given, path=(*path, "rates", name), currency=currency)
        for name, given in table.get("rates", {}).items()
    }
    return Version(
        name=str(table.get("name", table.get("from", "always"))),
        status=Status(table["status"]),
        since=table.get("from"),
        until=table.get("to"),
        rates=rates,
        unsure={name: str(words) for name, words in table.get("unsure", {}).items()},
        watch_from=table.get("watch_from"),
    )


def _rate(given: object, *, path: Path, currency: str) -> int:
    example = in_words(1034, currency)
    if not isinstance(given, str):
        raise MistakeError(path, f'{given} must stand in quotes, such as "10.34" for {example}.')
    try:
        return parse(given, currency)
    except MoneyError as wrong:
        raise MistakeError(path, f"A rate must be an amount such as {example}: {wrong}") from wrong


def _steps(builder: _Builder, *, currency: str) -> None:
    for name, table in builder.table("derive").items():
        path = ("derive", name)
        symbol = builder.tried(
            lambda name=name, table=table, path=path: build_step(  # type: ignore[misc] # bound now
                name, table, builder.symbols, path=path, currency=currency
            )
        )
        if symbol is not None:
            builder.take(symbol, path=path)


# ---- rules and exclusions ---------------------------------------------------------------------


def _rules(builder: _Builder, *, currency: str) -> list[Rule]:
    rules: list[Rule] = []
    for number, table in builder.tables("rules"):
        rule = builder.tried(
            lambda number=number, table=table: build_rule(  # type: ignore[misc] # bound now
                table, builder.symbols, path=("rules", number), currency=currency
            )
        )
        if rule is not None:
            if any(rule.id == other.id for other in rules):
                builder.wrong(("rules", number, "id"), f"two rules are called {rule.id}.")
            rules.append(rule)
    if not builder.document.get("rules"):
        builder.wrong(("rules",), "there are no [[rules]]; add one with id, when and because.")
    return rules


def _that_can_hold(
    rules: list[Rule], tables: list[Mapping[str, Any]], chooser: Fact, value: str
) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
    """The rules that no condition keeps from holding for this choice."""
    return _sorted(
        rule
        for rule, table in zip(rules, tables, strict=True)
        if all(_allows(text, chooser, value) for text in table.get("when", ()))
    )


def _allows(condition: str, chooser: Fact, value: str) -> bool:
    found = _CHOSEN.fullmatch(" ".join(condition.split()))
    if found is None or found["name"] != chooser.name:
        return True
    wanted = {one.strip() for one in found["values"].split(",")}
    return value in wanted or not wanted <= set(chooser.choices)


def _sorted(rules: Iterable[Rule]) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
    """Those of which the first answers, and those that pay besides."""
    every = tuple(rules)
    first = tuple(rule for rule in every if not rule.also)
    return first, tuple(rule for rule in every if rule.also)


def _exclusions(builder: _Builder, rules: list[Rule], *, currency: str) -> dict[str, Exclusion]:
    made: dict[str, Exclusion] = {}
    ids = {rule.id for rule in rules}
    for name, table in builder.table("exclusions").items():
        exclusion = builder.tried(
            lambda name=name, table=table: build_exclusion(  # type: ignore[misc] # bound now
                name, table, ids, symbols=builder.symbols, currency=currency
            )
        )
        if exclusion is not None:
            made[name] = exclusion
    return made
