"""Conditions as a company writes them: "days_late > 0", "failure is late_start", "x is given"."""

import operator
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from makegood.rules.money import MoneyError, parse
from makegood.rules.schemes.airports import iata_of
from makegood.rules.schemes.facts import Kind, MissingFactError, SchemeError, Value
from makegood.rules.schemes.near import meant
from makegood.rules.schemes.packs import Scene, Symbol, Test

Path = tuple[str | int, ...]
Symbols = Mapping[str, Symbol]

_SHAPE: Final = re.compile(
    r"(?P<name>\w+) (?P<how>>=|<=|>|<|is not one of|is one of|is not|is) (?P<value>.+)"
)
_NAME: Final = re.compile(r"\w+")
_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_PERCENT: Final = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?%")
_COMPARE: Final[dict[str, Callable[[Any, Any], bool]]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "is": operator.eq,
    "is not": operator.ne,
}
_ORDERED: Final = frozenset({Kind.DATE, Kind.NUMBER, Kind.MONEY, Kind.SHARE})
_HOW: Final = (
    'write one such as "days_late > 0", "failure is late_start", '
    '"failure is one of late_start, repair" or "fixed_on is given"'
)


class MistakeError(SchemeError):
    """A mistake in a pack: where it stands in the document, and what would be right.

    `about` is the name that was not known, if it is about one.
    """

    def __init__(self, path: Path, words: str, *, about: object = None) -> None:
        super().__init__(words)
        self.path, self.about = path, about


def first_causes(
    mistakes: Sequence[MistakeError], *, written: Collection[str], known: Collection[str]
) -> Sequence[MistakeError]:
    """The mistakes without those that follow: about a name that is written, but is wrong itself."""
    causes = [
        mistake
        for mistake in mistakes
        if not isinstance(mistake.about, str)
        or mistake.about not in written
        or mistake.about in known
        or mistake.path[:2] == ("derive", mistake.about)  # it names itself
    ]
    return causes or mistakes


def check_keys(table: Mapping[str, Any], known: Iterable[str], *, path: Path) -> None:
    """Refuse keys that nobody reads: they are typing errors.

    :raises MistakeError: if there is one.
    """
    for key in table:
        if key not in known:
            right = meant(key, known) or f"known are {', '.join(known)}."
            raise MistakeError((*path, key), f"{key} is not known here; {right}")


def named(name: object, symbols: Symbols, *, path: Path) -> Symbol:
    """The symbol of that name.

    :raises MistakeError: if there is none.
    """
    if isinstance(name, str) and name in symbols:
        return symbols[name]
    right = meant(name, symbols) or "name a fact, a rate or a step above it."
    raise MistakeError(path, f'"{name}" is not known here; {right}', about=name)


def parse_all(
    texts: object, symbols: Symbols, *, path: Path, currency: str, rates: bool = True
) -> Test:
    """The test that all these conditions hold. None at all always hold.

    :raises MistakeError: if one cannot be read.
    """
    if not isinstance(texts, list):
        raise MistakeError(path, f"conditions must be a list in brackets; {_HOW}.")
    tests = [
        _parse(text, symbols, path=(*path, number), currency=currency, rates=rates)
        for number, text in enumerate(texts)
    ]
    return _both(tests)


def asks_a_rate(texts: Iterable[str], symbols: Symbols) -> bool:
    """Whether one of these conditions depends on a rate, and so on the version."""
    names = {name for text in texts for name in _NAME.findall(text)}
    return any(symbols[name].from_rates for name in names & symbols.keys())


def _both(tests: list[Test]) -> Test:
    """One test that all hold, as nested pairs: twice as fast as a loop over them."""
    if not tests:
        return lambda _: True
    if len(tests) == 1:
        return tests[0]
    first, rest = tests[0], _both(tests[1:])
    return lambda scene: first(scene) and rest(scene)


def _parse(text: object, symbols: Symbols, *, path: Path, currency: str, rates: bool) -> Test:
    found = _SHAPE.fullmatch(" ".join(text.split())) if isinstance(text, str) else None
    if not found:
        raise MistakeError(path, f'"{text}" is no condition; {_HOW}.')
    symbol = named(found["name"], symbols, path=path)
    if symbol.from_rates and not rates:
        raise MistakeError(
            path, f"{symbol.name} depends on a rate, and the rule chooses the rates; use a fact."
        )
    how, value = found["how"], found["value"]
    if value == "given" and how in {"is", "is not"}:
        return _given(symbol, wanted=how == "is")
    if how.endswith("one of"):
        return _one_of(symbol, how, value.split(","), symbols, path=path, currency=currency)
    return _compare(symbol, how, value, symbols, path=path, currency=currency)


def _given(symbol: Symbol, *, wanted: bool) -> Test:
    is_given = symbol.is_given
    if is_given is not None:
        return is_given if wanted else lambda scene: not is_given(scene)

    def test(scene: Scene) -> bool:
        try:
            symbol.read(scene)
        except MissingFactError:
            return not wanted
        return wanted

    return test


def _one_of(
    symbol: Symbol,
    how: str,
    texts: Sequence[str],
    symbols: Symbols,
    *,
    path: Path,
    currency: str,
) -> Test:
    values = frozenset(
        literal(text.strip(), symbol, symbols, path=path, currency=currency) for text in texts
    )
    wanted = how == "is one of"
    read = symbol.read
    return lambda scene: (read(scene) in values) is wanted


def _compare(
    symbol: Symbol, how: str, text: str, symbols: Symbols, *, path: Path, currency: str
) -> Test:
    if how not in {"is", "is not"} and symbol.kind not in _ORDERED:
        raise MistakeError(
            path, f"{symbol.name} is {symbol.kind}, which is not more or less; use is or is not."
        )
    compare, read = _COMPARE[how], symbol.read
    other = symbols.get(text)
    if other is not None and text not in symbol.choices:
        if other.kind is not symbol.kind:
            raise MistakeError(
                path, f"{symbol.name} is {symbol.kind} and {text} is {other.kind}; compare likes."
            )
        read_other = other.read
        return lambda scene: compare(read(scene), read_other(scene))
    value = literal(text, symbol, symbols, path=path, currency=currency)
    return lambda scene: compare(read(scene), value)


def literal(text: str, symbol: Symbol, symbols: Symbols, *, path: Path, currency: str) -> Value:
    """The written value, of the kind of a symbol.

    :raises MistakeError: if it cannot be that.
    """
    value = _literal(text, symbol, currency)
    if value is not None:
        return value
    if symbol.kind is Kind.CHOICE:
        wanted = f"one of {', '.join(symbol.choices)}"
    else:
        wanted = f"{symbol.kind}, {_EXAMPLES[symbol.kind]}, or a name of that kind"
    near = meant(text, [*symbols, *symbol.choices])
    end = f"; {near}" if near else "."
    raise MistakeError(path, f'"{text}" cannot be {symbol.name}; write {wanted}{end}', about=text)


_EXAMPLES: Final = {
    Kind.DATE: "such as 2026-05-11",
    Kind.NUMBER: "such as 60",
    Kind.MONEY: "such as 250.00",
    Kind.TRUTH: "that is yes or no",
    Kind.TEXT: "without quotes",
    Kind.SHARE: "such as 50%",
    Kind.AIRPORT: "such as AMS",
}


def _literal(text: str, symbol: Symbol, currency: str) -> Value | None:
    try:
        return _BY_KIND[symbol.kind](text, symbol, currency)
    except (ValueError, MoneyError):
        return None


def _truth(text: str) -> bool | None:
    return {"yes": True, "true": True, "no": False, "false": False}.get(text)


def number_of(text: str) -> int | Fraction | None:
    """A written number; None if it is none."""
    if not _NUMBER.fullmatch(text):
        return None
    return int(text) if text.lstrip("-").isdigit() else Fraction(Decimal(text))


def share_of(text: str) -> Fraction | None:
    """A written percentage as a fraction; None if it is none."""
    found = _PERCENT.fullmatch(text)
    return Fraction(Decimal(found[1])) / 100 if found else None


_BY_KIND: Final[dict[Kind, Callable[[str, Symbol, str], Value | None]]] = {
    Kind.DATE: lambda text, *_: date.fromisoformat(text),
    Kind.NUMBER: lambda text, *_: number_of(text),
    Kind.MONEY: lambda text, _, currency: parse(text, currency),
    Kind.TRUTH: lambda text, *_: _truth(text),
    Kind.CHOICE: lambda text, symbol, _: text if text in symbol.choices else None,
    Kind.TEXT: lambda text, *_: text,
    Kind.SHARE: lambda text, *_: share_of(text),
    Kind.AIRPORT: lambda text, *_: text if text == iata_of(text) else None,
}
