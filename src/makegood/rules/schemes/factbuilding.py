"""The facts of a pack: those that it lists, and those that every pack of its kind has."""

from collections.abc import Mapping
from typing import Any, Final
from zoneinfo import ZoneInfo

from makegood.rules.schemes.conditions import MistakeError
from makegood.rules.schemes.facts import MOST_OF_ALL, Fact, FactError, FactType, read_fact

_KEYS: Final = (
    *("type", "help", "example", "needed", "default", "choices", "least", "most", "not_before"),
)
# What nobody means, where a pack does not say it: a day given as a count, or seconds as minutes.
MOST: Final = {FactType.COUNT: 100_000, FactType.MINUTES: 10 * 366 * 24 * 60}
RESERVED: Final = ("exclusion", "evidence", "paid_on", "unpaid_on", "id", "scheme")


def build_fact(name: str, table: object, *, currency: str, zone: ZoneInfo) -> Fact:
    """The fact that a table describes.

    :raises MistakeError: if the table cannot be read.
    """
    path = ("facts", name)
    if not isinstance(table, Mapping):
        raise MistakeError(path, f"write it as [facts.{name}] with type and help.")
    for key in table:
        if key not in _KEYS:
            raise MistakeError(
                (*path, key), f"{key} is not known here; known are {', '.join(_KEYS)}."
            )
    if name in RESERVED:
        raise MistakeError(path, f"{name} has a meaning of its own in every pack; rename the fact.")
    fact = _fact(name, table)
    for key in ("default", "example"):
        if key in table:
            _check(fact, key, table[key], currency=currency, zone=zone)
    if "default" not in table:
        return fact
    default = read_fact(fact, table["default"], zone=zone, currency=currency)
    return _fact(name, table, default=default)


def _fact(name: str, table: Mapping[str, Any], **more: Any) -> Fact:  # noqa: ANN401 - of its type
    path = ("facts", name)
    types = [kind.value for kind in FactType]
    if table.get("type") not in types:
        raise MistakeError((*path, "type"), f"type must be one of {', '.join(types)}.")
    choices = table.get("choices", [])
    if not isinstance(choices, list) or bool(choices) != (table["type"] == FactType.CHOICE):
        raise MistakeError((*path, "choices"), "choices must be a list, for the type choice only.")
    for key in ("least", "most"):
        if key in table and type(table[key]) is not int:
            raise MistakeError((*path, key), f"{key} must be a whole number.")
    if not isinstance(table.get("help"), str) or not table["help"]:
        raise MistakeError((*path, "help"), "help is missing; say in a few words what it is.")
    kept = {key: table[key] for key in ("least", "most", "not_before") if key in table}
    kept.setdefault("most", MOST.get(FactType(table["type"]), MOST_OF_ALL))
    return Fact(
        name=name,
        type=FactType(table["type"]),
        help=table["help"],
        example=table.get("example"),
        needed=bool(table.get("needed", False)),
        choices=tuple(str(choice) for choice in choices),
        **kept,
        **more,
    )


def _check(fact: Fact, key: str, given: object, *, currency: str, zone: ZoneInfo) -> None:
    try:
        read_fact(fact, given, zone=zone, currency=currency)
    except FactError as wrong:
        raise MistakeError(("facts", fact.name, key), f"{key}: {wrong}") from wrong


def reserved_facts(document: Mapping[str, Any]) -> list[Fact]:
    """The facts that a pack has because it knows exclusions, or second payments when late."""
    facts: list[Fact] = []
    exclusions = document.get("exclusions")
    if isinstance(exclusions, Mapping) and exclusions:
        facts += [
            Fact(
                name="exclusion",
                type=FactType.CHOICE,
                choices=tuple(exclusions),
                help="what the company says frees it of owing",
            ),
            Fact(
                name="evidence",
                type=FactType.TEXT,
                help="the evidence for the exclusion: without it, it does not count",
            ),
        ]
    rules = document.get("rules")
    if isinstance(rules, list) and any("late" in r for r in rules if isinstance(r, Mapping)):
        facts += [
            Fact(name="paid_on", type=FactType.DATE, help="the day on which it was paid"),
            Fact(name="unpaid_on", type=FactType.DATE, help="a day on which it was still unpaid"),
        ]
    return facts
