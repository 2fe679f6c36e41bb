"""Steps between the facts and the sum: dates that follow, counted days, periods, tables."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any, Final, cast

from makegood.rules.schemes.airports import Airport, kilometres
from makegood.rules.schemes.conditions import (
    MistakeError,
    Path,
    Symbols,
    asks_a_rate,
    named,
    number_of,
    parse_all,
    share_of,
)
from makegood.rules.schemes.facts import FactError, Kind, Value
from makegood.rules.schemes.packs import Reader, Rounding, Scene, Span, Symbol
from makegood.rules.schemes.spans import MOST, UNITS, after, between
from makegood.rules.schemes.sums import times_over

_DATE: Final = re.compile(r"(?P<span>\w+ [a-z ]+?) (?P<way>after|before) (?P<name>\w+)")
_SPAN: Final = re.compile(r"(?P<quantity>\w+) (?P<unit>[a-z]+(?: [a-z]+)?)")
_COUNT: Final = re.compile(r"(?P<unit>days|working days) from (?P<first>\w+) to (?P<last>\w+)")
_BETWEEN: Final = re.compile(r"(?P<first>\w+) to (?P<last>\w+)")
_MODES: Final = ("full", "begun", "exact")
_PLURAL: Final = {
    "calendar day": "calendar days",
    "working day": "working days",
    "week": "weeks",
    "month": "months",
    "year": "years",
}


def build_step(name: str, table: object, symbols: Symbols, *, path: Path, currency: str) -> Symbol:
    """The symbol of a step.

    :raises MistakeError: if the table is not exactly one of the known kinds.
    """
    kinds = ", ".join(_BUILDERS)
    if not isinstance(table, Mapping) or len(table) != 1 or next(iter(table)) not in _BUILDERS:
        raise MistakeError(path, f"the step {name} must have exactly one of: {kinds}.")
    how, given = next(iter(table.items()))
    symbol = _BUILDERS[how](name, given, symbols, (*path, how), currency)
    return _remembered(symbol)


def _remembered(symbol: Symbol) -> Symbol:
    name, work_out = symbol.name, symbol.read

    def read(scene: Scene) -> Value:
        known = scene.known
        value = known.get(name)
        if value is None:  # which no value is
            value = known[name] = work_out(scene)
        return value

    def read_rated(scene: Scene) -> Value:
        rated = scene.rated
        if name not in rated:
            rated[name] = work_out(scene)
        return rated[name]

    return Symbol(
        name=name,
        kind=symbol.kind,
        read=read_rated if symbol.from_rates else read,
        from_rates=symbol.from_rates,
        minutes=symbol.minutes,
    )


def build_span(text: object, symbols: Symbols, *, path: Path) -> Span:
    """A length such as "10 working days"; its number may be a name.

    :raises MistakeError: if it cannot be read.
    """
    found = _SPAN.fullmatch(text) if isinstance(text, str) else None
    unit = _PLURAL.get(found["unit"], found["unit"]) if found else ""
    if not found or unit not in UNITS:
        raise MistakeError(
            path,
            f'"{text}" is no length; write one such as "10 working days" ({", ".join(UNITS)}).',
        )
    quantity = number_of(found["quantity"])
    if quantity is None:
        return Span(quantity=_of_kind(Kind.NUMBER, found["quantity"], symbols, path), unit=unit)
    return Span(quantity=int(quantity), unit=unit)


def add_span(day: date, span: Span, scene: Scene, *, backwards: bool = False) -> date:
    """The day that lies a span after a day.

    :raises FactError: if it is further than anybody can mean.
    """
    quantity = span.quantity if isinstance(span.quantity, int) else span.quantity.read(scene)
    if not isinstance(quantity, int) or quantity > MOST:
        raise FactError(f"{quantity} {span.unit} cannot be counted; give a whole number to {MOST}.")
    try:
        return after(day, -quantity if backwards else quantity, span.unit, calendar=scene.calendar)
    except (OverflowError, ValueError) as beyond:
        if type(beyond) is not ValueError and not isinstance(beyond, OverflowError):
            raise
        raise FactError(f"The day {day} is too far away to count from.") from beyond


def _of_kind(kind: Kind, name: object, symbols: Symbols, path: Path) -> Symbol:
    symbol = named(name, symbols, path=path)
    if symbol.kind is not kind:
        raise MistakeError(path, f"{name} is {symbol.kind}; {kind} is needed here.")
    return symbol


def _date(name: str, given: object, symbols: Symbols, path: Path, _currency: str) -> Symbol:
    found = _DATE.fullmatch(given) if isinstance(given, str) else None
    if not found:
        raise MistakeError(
            path, f'"{given}" is no date; write one such as "2 working days after reported_on".'
        )
    span = build_span(found["span"], symbols, path=path)
    first = _of_kind(Kind.DATE, found["name"], symbols, path)
    start, backwards = first.read, found["way"] == "before"
    by_rates = isinstance(span.quantity, Symbol) and span.quantity.from_rates

    def read(scene: Scene) -> Value:
        return add_span(start(scene), span, scene, backwards=backwards)  # type: ignore[arg-type] # a date

    return Symbol(name=name, kind=Kind.DATE, read=read, from_rates=first.from_rates or by_rates)


def _count(name: str, given: object, symbols: Symbols, path: Path, _currency: str) -> Symbol:
    found = _COUNT.fullmatch(given) if isinstance(given, str) else None
    if not found:
        raise MistakeError(
            path,
            f'"{given}" is no count; write "days from A to B" or "working days from A to B".',
        )
    first, last = (_of_kind(Kind.DATE, found[end], symbols, path) for end in ("first", "last"))
    since, until, unit = first.read, last.read, found["unit"]

    def read(scene: Scene) -> Value:
        return between(since(scene), until(scene), unit, calendar=scene.calendar)  # type: ignore[arg-type] # dates

    by_rates = first.from_rates or last.from_rates
    return Symbol(name=name, kind=Kind.NUMBER, read=read, from_rates=by_rates)


def _periods(name: str, given: object, symbols: Symbols, path: Path, _currency: str) -> Symbol:
    if not isinstance(given, Mapping) or set(given) != {"of", "beyond", "each", "count"}:
        raise MistakeError(
            path,
            "periods must look like "
            '{ of = "minutes_off", beyond = 720, each = 720, count = "full" }.',
        )
    each, beyond, mode = given["each"], given["beyond"], given["count"]
    if type(each) is not int or type(beyond) is not int or each <= 0 or beyond < 0:
        raise MistakeError(path, "each must be a whole number above 0, and beyond 0 or more.")
    if mode not in _MODES:
        raise MistakeError(path, f'count is "{mode}"; write one of {", ".join(_MODES)}.')
    of = _of_kind(Kind.NUMBER, given["of"], symbols, path)

    def read(scene: Scene) -> Value:
        over = max(0, cast("int", of.read(scene)) - beyond)
        if mode == "exact":
            return Fraction(over, each)
        return over // each if mode == "full" else -(-over // each)

    return Symbol(name=name, kind=Kind.NUMBER, read=read, from_rates=of.from_rates)


def _pick(name: str, given: object, symbols: Symbols, path: Path, currency: str) -> Symbol:
    if not isinstance(given, list) or not given or not isinstance(given[-1], Mapping):
        raise MistakeError(path, "pick must be a list of tables, each with when and value.")
    rows = [
        _row(row, symbols, path=(*path, number), currency=currency)
        for number, row in enumerate(given)
    ]
    kinds = {symbol.kind for _, symbol in rows}
    if len(kinds) != 1:
        raise MistakeError(path, f"the values of {name} must be of one kind, not {sorted(kinds)}.")
    if "when" in given[-1]:
        raise MistakeError((*path, len(given) - 1), "the last row must have no when: it is else.")

    *some, (_test, otherwise) = [(test, symbol.read) for test, symbol in rows]

    def read(scene: Scene) -> Value:
        for test, chosen in some:
            if test(scene):
                return chosen(scene)
        return otherwise(scene)

    return Symbol(
        name=name,
        kind=kinds.pop(),
        read=read,
        from_rates=any(symbol.from_rates for _, symbol in rows)
        or any(asks_a_rate(row.get("when", ()), symbols) for row in given),
    )


def _row(
    row: object, symbols: Symbols, *, path: Path, currency: str
) -> tuple[Callable[[Scene], bool], Symbol]:
    if not isinstance(row, Mapping) or not {"value"} <= set(row) <= {"when", "value"}:
        raise MistakeError(path, 'a row must look like { when = ["..."], value = "..." }.')
    test = parse_all(row.get("when", []), symbols, path=path, currency=currency)
    return test, value_of(row["value"], symbols, path=path)


def value_of(given: object, symbols: Symbols, *, path: Path) -> Symbol:
    """A name, a percentage, a whole number or true or false, as a symbol.

    :raises MistakeError: if it is none of these.
    """
    if isinstance(given, bool):
        return _constant(given, Kind.TRUTH)
    if isinstance(given, int):
        return _constant(given, Kind.NUMBER)
    if isinstance(given, str) and (share := share_of(given)) is not None:
        return _constant(share, Kind.SHARE)
    return named(given, symbols, path=path)


def _constant(value: Value, kind: Kind) -> Symbol:
    return Symbol(name=str(value), kind=kind, read=lambda _: value)


def _fold(fold: Callable[[list[Any]], Any], least: int) -> Callable[..., Symbol]:
    def build(name: str, given: object, symbols: Symbols, path: Path, _currency: str) -> Symbol:
        if not isinstance(given, list) or len(given) < least:
            raise MistakeError(path, f"{name} must be a list of at least {least} names.")
        found = [value_of(item, symbols, path=path) for item in given]
        if len({symbol.kind for symbol in found}) != 1:
            raise MistakeError(path, f"the values of {name} must be of one kind.")
        if fold is _less and found[0].kind is Kind.DATE:
            raise MistakeError(path, 'write "days from A to B" as a count to subtract dates.')
        readers: list[Reader] = [symbol.read for symbol in found]
        return Symbol(
            name=name,
            kind=found[0].kind,
            read=lambda scene: fold([read(scene) for read in readers]),
            from_rates=any(symbol.from_rates for symbol in found),
        )

    return build


def _less(values: list[Any]) -> Any:  # noqa: ANN401 - numbers, amounts and shares alike
    return max(0, values[0] - sum(values[1:]))


def _part(name: str, given: object, symbols: Symbols, path: Path, _currency: str) -> Symbol:
    if not isinstance(given, Mapping) or set(given) != {"of", "by"}:
        raise MistakeError(path, 'part must look like { of = "price", by = "journeys" }.')
    of = _of_kind(Kind.MONEY, given["of"], symbols, (*path, "of"))
    by = value_of(given["by"], symbols, path=(*path, "by"))
    if by.kind is not Kind.NUMBER:
        raise MistakeError(path, f"{by.name} is {by.kind}; a number to divide by is needed here.")

    def read(scene: Scene) -> Value:
        divisor = cast("int", by.read(scene))
        if divisor <= 0:
            raise FactError(f"{name} cannot be worked out: {by.name} is {divisor}, not above 0.")
        return times_over(cast("int", of.read(scene)), Fraction(1) / divisor, Rounding.HALF_UP)

    return Symbol(name=name, kind=Kind.MONEY, read=read, from_rates=of.from_rates or by.from_rates)


def _month_day(name: str, given: object, symbols: Symbols, path: Path, _currency: str) -> Symbol:
    start = _of_kind(Kind.DATE, given, symbols, path)

    def read(scene: Scene) -> Value:
        day = start.read(scene)
        return day.month * 100 + day.day  # type: ignore[union-attr] # a date

    return Symbol(name=name, kind=Kind.NUMBER, read=read, from_rates=start.from_rates)


def _kilometres(name: str, given: object, symbols: Symbols, path: Path, _currency: str) -> Symbol:
    found = _BETWEEN.fullmatch(given) if isinstance(given, str) else None
    if not found:
        raise MistakeError(path, f'"{given}" is no way; write "A to B", two facts of type airport.')
    first, last = (_place(found[end], symbols, path) for end in ("first", "last"))
    return Symbol(
        name=name, kind=Kind.NUMBER, read=lambda scene: kilometres(first(scene), last(scene))
    )


def _country(name: str, given: object, symbols: Symbols, path: Path, _currency: str) -> Symbol:
    place = _place(given, symbols, path)
    return Symbol(name=name, kind=Kind.TEXT, read=lambda scene: place(scene).country)


def _place(name: object, symbols: Symbols, path: Path) -> Callable[[Scene], Airport]:
    symbol = _of_kind(Kind.AIRPORT, name, symbols, path)
    if symbol.place is None:
        raise MistakeError(path, f"{name} is no fact; name one of type airport.")
    return symbol.place


_BUILDERS: Final[dict[str, Callable[..., Symbol]]] = {
    "date": _date,
    "count": _count,
    "month_day": _month_day,
    "kilometres": _kilometres,
    "country": _country,
    "part": _part,
    "periods": _periods,
    "pick": _pick,
    "less": _fold(_less, 2),
    "smallest": _fold(min, 2),
    "largest": _fold(max, 2),
}
