"""What frees a company of owing, from its table: what it says, its evidence, what it reaches."""

from collections.abc import Mapping

from makegood.rules.schemes.conditions import MistakeError, check_keys, parse_all
from makegood.rules.schemes.packs import Exclusion, Symbol


def build_exclusion(
    name: str, table: object, ids: set[str], *, symbols: Mapping[str, Symbol], currency: str
) -> Exclusion:
    """The exclusion that a table describes; `ids` are those of the rules.

    :raises MistakeError: if the table cannot be read.
    """
    path = ("exclusions", name)
    if not isinstance(table, Mapping):
        raise MistakeError(path, f"write it as [exclusions.{name}] with says and needs.")
    check_keys(table, ("says", "needs", "still", "when", "rules"), path=path)
    for key in ("says", "needs"):
        if not isinstance(table.get(key), str) or not table[key]:
            raise MistakeError(
                path, f"{key} is missing: what it says, and which evidence it needs."
            )
    reach = table.get("rules", [])
    listed = reach if isinstance(reach, list) else [reach]
    unknown = [rule for rule in listed if not isinstance(rule, str) or rule not in ids]
    if unknown:
        raise MistakeError(
            (*path, "rules"), f"{unknown[0]} is no id of a rule of this pack.", about=unknown[0]
        )
    return Exclusion(
        id=name,
        says=table["says"],
        needs=table["needs"],
        still=str(table.get("still", "")),
        when=parse_all(table.get("when", []), symbols, path=(*path, "when"), currency=currency),
        rules=frozenset(reach),
    )
