"""One rule of a pack, from its table: conditions, sums, dates, words and doubts."""

from collections.abc import Mapping
from typing import Any, Final

from makegood.rules.schemes.conditions import MistakeError, Path, Symbols, named, parse_all
from makegood.rules.schemes.facts import Kind
from makegood.rules.schemes.packs import Doubt, Late, Line, Rule, Sentence, Symbol
from makegood.rules.schemes.phrases import GAP
from makegood.rules.schemes.steps import build_span, value_of

_KEYS: Final = (
    *("id", "when", "event", "event_until", "because", "lines", "at_least", "at_most"),
    *("pay_by", "clocks", "late", "in_kind", "unsure", "refuse", "also", "outside"),
)
_LINE_KEYS: Final = ("amount", "share", "times", "times_at_most")


def build_rule(table: Mapping[str, Any], symbols: Symbols, *, path: Path, currency: str) -> Rule:
    """The rule that a table describes.

    :raises MistakeError: if the table cannot be read.
    """
    for key in table:
        if key not in _KEYS:
            raise MistakeError(
                (*path, key), f"{key} is not known in a rule; known are {', '.join(_KEYS)}."
            )
    for key in ("id", "because"):
        if not isinstance(table.get(key), str) or not table[key]:
            raise MistakeError(
                (*path, key), f"{key} is missing or no text; every rule has an id and a because."
            )
    return Rule(
        id=table["id"],
        when=parse_all(
            table.get("when", []), symbols, path=(*path, "when"), currency=currency, rates=False
        ),
        event=_maybe(table, "event", Kind.DATE, symbols, path),
        event_until=_maybe(table, "event_until", Kind.DATE, symbols, path),
        because=_sentence(table["because"], symbols, path=(*path, "because")),
        lines=_lines(table.get("lines", []), symbols, path=(*path, "lines")),
        at_least=_limit(table, "at_least", symbols, path),
        at_most=_limit(table, "at_most", symbols, path),
        pay_by=_maybe(table, "pay_by", Kind.DATE, symbols, path),
        clocks=_clocks(table.get("clocks", {}), symbols, path=(*path, "clocks")),
        late=_late(table, symbols, path=path),
        in_kind=table.get("in_kind"),
        unsure=_doubts(table.get("unsure", []), symbols, path=(*path, "unsure"), currency=currency),
        refuse=_sentence(table["refuse"], symbols, path=path) if "refuse" in table else None,
        also=_flag(table, "also", path=path),
        outside=_flag(table, "outside", path=path),
    )


def _flag(table: Mapping[str, Any], key: str, *, path: Path) -> bool:
    given = table.get(key, False)
    if not isinstance(given, bool):
        raise MistakeError((*path, key), f"{key} must be true or false.")
    return given


def _maybe(
    table: Mapping[str, Any], key: str, kind: Kind, symbols: Symbols, path: Path
) -> Symbol | None:
    if key not in table:
        return None
    return _of_kind(kind, table[key], symbols, (*path, key))


def _of_kind(kind: Kind, name: object, symbols: Symbols, path: Path) -> Symbol:
    symbol = named(name, symbols, path=path)
    if symbol.kind is not kind:
        raise MistakeError(path, f"{name} is {symbol.kind}; {kind} is needed here.")
    return symbol


def _sentence(text: object, symbols: Symbols, *, path: Path) -> Sentence:
    if not isinstance(text, str):
        raise MistakeError(path, "it must be text.")
    words = text.rstrip(".")
    if {"{", "}"} & set(GAP.sub("", words)):
        raise MistakeError(path, "a brace stands only around the name of a value, such as {days}.")
    names = dict.fromkeys(GAP.findall(words))
    return Sentence(text=words, symbols=tuple(named(name, symbols, path=path) for name in names))


def _lines(given: object, symbols: Symbols, *, path: Path) -> tuple[Line, ...]:
    if not isinstance(given, list):
        raise MistakeError(path, 'lines must be a list such as [{ amount = "per_day" }].')
    return tuple(_line(line, symbols, path=(*path, n)) for n, line in enumerate(given))


def _line(table: object, symbols: Symbols, *, path: Path) -> Line:
    if not isinstance(table, Mapping) or not {"amount"} <= set(table) <= set(_LINE_KEYS):
        raise MistakeError(path, f"a line must have amount, and may have {_LINE_KEYS[1:]}.")
    most = table.get("times_at_most")
    if most is not None and (type(most) is not int or most < 0):
        raise MistakeError(path, "times_at_most must be a whole number.")
    share, times = (
        value_of(table[key], symbols, path=path) if key in table else None
        for key in ("share", "times")
    )
    for symbol, kind in ((share, Kind.SHARE), (times, Kind.NUMBER)):
        if symbol is not None and symbol.kind is not kind:
            raise MistakeError(path, f"{symbol.name} is {symbol.kind}; {kind} is needed here.")
    amount = _of_kind(Kind.MONEY, table["amount"], symbols, path)
    return Line(amount=amount, share=share, times=times, times_at_most=most)


def _limit(table: Mapping[str, Any], key: str, symbols: Symbols, path: Path) -> Line | None:
    """A limit is a name, or a line such as a share of an amount."""
    if key not in table:
        return None
    given = table[key]
    line = given if isinstance(given, Mapping) else {"amount": given}
    return _line(line, symbols, path=(*path, key))


def _clocks(given: object, symbols: Symbols, *, path: Path) -> dict[str, Symbol]:
    if not isinstance(given, Mapping):
        raise MistakeError(path, 'clocks must be a table such as { "answer" = "answer_by" }.')
    return {
        str(what): _of_kind(Kind.DATE, name, symbols, (*path, what)) for what, name in given.items()
    }


def _late(table: Mapping[str, Any], symbols: Symbols, *, path: Path) -> Late | None:
    given = table.get("late")
    if given is None:
        return None
    path = (*path, "late")
    if not isinstance(given, Mapping) or not {"amount"} <= set(given) <= {"amount", "within"}:
        raise MistakeError(path, 'late must look like { amount = "extra", within = "..." }.')
    if "pay_by" not in table:
        raise MistakeError(path, "late needs pay_by: without it nothing can be late.")
    within = build_span(given["within"], symbols, path=path) if "within" in given else None
    return Late(amount=_of_kind(Kind.MONEY, given["amount"], symbols, path), within=within)


def _doubts(given: object, symbols: Symbols, *, path: Path, currency: str) -> tuple[Doubt, ...]:
    if not isinstance(given, list):
        raise MistakeError(path, "unsure must be a list of texts or of { when = [...], says = }.")
    doubts = []
    for number, item in enumerate(given):
        table = {"says": item} if isinstance(item, str) else item
        if not isinstance(table, Mapping) or not {"says"} <= set(table) <= {"when", "says"}:
            raise MistakeError((*path, number), "a doubt is a text, or has when and says.")
        test = parse_all(table.get("when", []), symbols, path=(*path, number), currency=currency)
        doubts.append(Doubt(when=test, says=str(table["says"])))
    return tuple(doubts)
