"""Which column of a file means what: said by somebody, or guessed by its name."""

import re
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Final


class What(StrEnum):
    """What the rows of a file are."""

    CUSTOMERS = "customers"
    ASSETS = "assets"
    CASES = "cases"


class MappingError(ValueError):
    """A column or a field that there is not; the message says which there are."""


FIELDS: Final[Mapping[What, tuple[str, ...]]] = {
    What.CUSTOMERS: (
        "id", "name", "email", "phone", "address", "postcode", "zone", "language", "vulnerable",
    ),
    What.ASSETS: ("id", "customer", "name", "function", "place"),
    What.CASES: (
        "id", "title", "words", "customer", "customer_name", "customer_email", "customer_phone",
        "function", "opened_at", "status", "owner", "promised", "promised_by",
    ),
}  # fmt: skip
"""What can be imported: nothing else of a file can reach the desk."""

NEEDED: Final[Mapping[What, tuple[str, ...]]] = {
    What.CUSTOMERS: ("id", "name"),
    What.ASSETS: ("id", "customer", "name"),
    What.CASES: ("id", "title"),
}

_KNOWN_AS: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("id", "external id", "ticket id", "number", "customer id", "asset id", "display id"),
    "name": ("name", "full name", "customer name", "asset name"),
    "email": ("email", "e mail", "email address", "mail"),
    "phone": ("phone", "telephone", "phone number", "mobile", "tel"),
    "address": ("address", "street", "street address"),
    "postcode": ("postcode", "zip", "zip code", "postal code"),
    "zone": ("zone", "time zone", "timezone", "tz"),
    "language": ("language", "locale"),
    "vulnerable": ("vulnerable",),
    "customer": ("customer", "customer id", "requester id", "owner id", "account"),
    "function": ("function",),
    "place": ("place", "location", "site"),
    "title": ("title", "subject", "summary"),
    "words": ("words", "description", "description text", "body", "text"),
    "customer_name": ("requester", "requester name", "customer name", "contact name", "full name"),
    "customer_email": ("requester email", "customer email", "contact email", "email"),
    "customer_phone": ("requester phone", "customer phone", "contact phone", "phone"),
    "opened_at": ("opened at", "created at", "created", "opened", "created time", "requested at"),
    "status": ("status", "state", "status name"),
    "owner": ("assignee email", "owner email", "agent email", "owner", "assignee", "agent"),
    "promised": ("promised", "promise"),
    "promised_by": ("promised by", "promised for"),
}

_IDS_OF_CASES: Final = (
    *("id", "external id", "ticket id", "number", "display id"),
    *("reference", "ref", "case", "case id", "case number", "case reference"),
)
_IDS_OF_THEIRS: Final = frozenset({"customer id", "requester id"})
_EMAILS_ELSEWHERE: Final = frozenset(_KNOWN_AS["customer_email"]) - {"customer email"}

MOST_COLUMNS: Final = 300
LONGEST_NAME: Final = 200


def usable(columns: Iterable[str]) -> list[str]:
    """The columns that can be shown and chosen: of very many, or with long names, not all."""
    named = (name for name in columns if 0 < len(name) <= LONGEST_NAME and name.isprintable())
    return list(dict.fromkeys(named))[:MOST_COLUMNS]


def guess_what(columns: Iterable[str]) -> What:
    """What the rows are, by the names of their columns."""
    names = {_plain(name) for name in columns}
    if names & set(_KNOWN_AS["title"]):
        return What.CASES
    if names & (set(_KNOWN_AS["function"]) | set(_KNOWN_AS["place"])):
        return What.ASSETS
    return What.CUSTOMERS


def guess_mapping(columns: Sequence[str], what: What) -> dict[str, str]:
    """Which column each field is, as far as names tell; no column twice."""
    by_name = {_plain(name): name for name in reversed(columns)}
    found: dict[str, str] = {}
    for field in FIELDS[what]:
        for known in _known_as(field, what, by_name):
            if known in by_name and by_name[known] not in found.values():
                found[field] = by_name[known]
                break
    return found


def _known_as(field: str, what: What, names: Iterable[str]) -> tuple[str, ...]:
    known = (_plain(field), *_KNOWN_AS[field])
    if what is not What.CASES:
        return known
    if field == "id":
        return _IDS_OF_CASES
    if field in {"customer", "customer_name"} and _names_customers(frozenset(names)):
        plain = tuple(name for name in known if name != "customer")
        return plain if field == "customer" else (*plain, "customer")
    return known


def _names_customers(names: frozenset[str]) -> bool:
    """Whether "customer" has names: ids have their own column, or e-mail tells who it is.

    A file that was made for us has ids there, and calls the other columns as we do.
    """
    if names & _IDS_OF_THEIRS:
        return True
    return bool(names & _EMAILS_ELSEWHERE) and not names & set(_KNOWN_AS["customer_name"])


def read_mapping(given: Iterable[str], *, columns: Sequence[str], what: What) -> dict[str, str]:
    """The mapping as guessed, with what somebody said by `field=column` in its place.

    :raises MappingError: if there is no such field or column, or one that is needed has none.
    """
    mapping = guess_mapping(columns, what)
    for pair in given:
        field, equals, column = pair.partition("=")
        if not equals or field not in FIELDS[what]:
            raise MappingError(
                f"“{pair}” maps nothing: give field=column, where the field is one of"
                f" {', '.join(FIELDS[what])}."
            )
        if column and column not in columns:
            raise MappingError(f"The file has no column “{column}”; it has {_listed(columns)}.")
        mapping.pop(field, None)
        if column:
            mapping[field] = column
    missing = [field for field in NEEDED[what] if field not in mapping]
    if missing:
        raise MappingError(
            f"No column is the {missing[0]} of {what}: say --map {missing[0]}=COLUMN;"
            f" the file has {_listed(columns)}."
        )
    return mapping


def _listed(columns: Sequence[str]) -> str:
    shown = ", ".join(f"“{name[:60]}”" for name in columns[:30])
    return shown or "no columns"


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", " ", name).strip().casefold()
