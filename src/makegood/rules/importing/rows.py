"""One row of a file as a wish: a customer, an asset or an open case; or the reason why not."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from makegood.rules.severity import Function

CLOSED: Final = frozenset({"solved", "closed", "resolved", "done", "deleted", "4", "5"})
"""As Zendesk (words) and Freshdesk (words, or 4 and 5) call what is over."""

_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z]{2,4})?")
_TRUE = frozenset({"1", "true", "yes", "y", "ja"})
_LONGEST: Final = {"id": 200, "name": 200, "email": 254, "phone": 40, "address": 300}
_LONGEST_WORDS: Final = 20_000
_EARLIEST_YEAR: Final = 1970


class RowError(ValueError):
    """A row that cannot be taken; the message says what would be right."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One row of a file: where it stands, and its cells; or why it is none."""

    number: int
    cells: Mapping[str, str]
    wrong: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class WantedCustomer:
    """A customer, as another system has them."""

    id: str
    name: str
    email: str = ""
    phone: str = ""
    address: str = ""
    postcode: str = ""
    zone: str = "UTC"
    language: str = ""
    vulnerable: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class WantedAsset:
    """What a customer depends on; `customer` is their id in the same system."""

    id: str
    customer: str
    name: str
    function: Function
    place: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class WantedCase:
    """A case that is open there. What was promised is a promise of ours from now on."""

    id: str
    title: str
    words: str
    customer: WantedCustomer
    function: Function
    opened_at: datetime
    owner: str
    promised: str
    promised_by: datetime | None


Cells = Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Defaults:
    """What counts where a row says nothing."""

    zone: str
    function: Function
    now: datetime


def read_customer(cells: Cells, *, defaults: Defaults) -> WantedCustomer:
    """A customer of a file.

    :raises RowError: if it lacks its id or name, or a cell cannot be read.
    """
    return _customer(cells, id_=_needed(cells, "id"), defaults=defaults)


def read_asset(cells: Cells, *, defaults: Defaults) -> WantedAsset:
    """An asset of a file.

    :raises RowError: if it lacks its id, name or customer, or its function is unknown.
    """
    return WantedAsset(
        id=_needed(cells, "id"),
        customer=_needed(cells, "customer", longest=254),
        name=_needed(cells, "name"),
        function=_function(cells, defaults),
        place=_short(cells, "place", 300),
    )


def read_case(cells: Cells, *, defaults: Defaults) -> WantedCase | None:
    """An open case of a file; None if it is closed there.

    :raises RowError: if it lacks its id or title, names nobody, or a cell cannot be read.
    """
    if cells.get("status", "").casefold() in CLOSED:
        return None
    opened_at = _moment(cells.get("opened_at", ""), "opened_at", defaults) or defaults.now
    if opened_at > defaults.now:
        raise RowError("opened_at lies ahead; give the moment when it was opened.")
    promised_by = _moment(cells.get("promised_by", ""), "promised_by", defaults)
    if promised_by is not None and promised_by <= opened_at:
        raise RowError("promised_by lies before the case was opened.")
    return WantedCase(
        id=_needed(cells, "id"),
        title=_needed(cells, "title", longest=10_000)[:300],
        words=cells.get("words", "")[:_LONGEST_WORDS],
        customer=_of_case(cells, defaults),
        function=_function(cells, defaults),
        opened_at=opened_at,
        owner=cells.get("owner", "").casefold(),
        promised=_short(cells, "promised", 1000),
        promised_by=promised_by,
    )


def _of_case(cells: Cells, defaults: Defaults) -> WantedCustomer:
    email, name = cells.get("customer_email", ""), cells.get("customer_name", "")
    id_ = cells.get("customer", "") or email.casefold()
    if not id_:
        raise RowError("it names no customer: an id, or an e-mail address, is needed.")
    theirs = {
        "name": name or email or id_,
        "email": email,
        "phone": cells.get("customer_phone", ""),
    }
    return _customer(theirs, id_=_bounded(id_, "customer", 200), defaults=defaults)


def _customer(cells: Cells, *, id_: str, defaults: Defaults) -> WantedCustomer:
    email = _short(cells, "email", _LONGEST["email"])
    if email and not _EMAIL.fullmatch(email):
        raise RowError(f"“{email[:60]}” is no e-mail address, such as ann@example.org.")
    language = cells.get("language", "").replace("_", "-").casefold()
    return WantedCustomer(
        id=id_,
        name=_needed(cells, "name"),
        email=email,
        phone=_short(cells, "phone", _LONGEST["phone"]),
        address=_short(cells, "address", _LONGEST["address"]),
        postcode=_short(cells, "postcode", 20),
        zone=_zone(cells.get("zone", ""), defaults),
        language=language if _LANGUAGE.fullmatch(language) else "",
        vulnerable=cells.get("vulnerable", "").casefold() in _TRUE,
    )


def _needed(cells: Cells, field: str, *, longest: int = 200) -> str:
    value = cells.get(field, "")
    if not value:
        raise RowError(f"it has no {field}.")
    return _bounded(value, field, longest)


def _short(cells: Cells, field: str, longest: int) -> str:
    return _bounded(cells.get(field, ""), field, longest)


def _bounded(value: str, field: str, longest: int) -> str:
    if len(value) > longest:
        raise RowError(f"its {field} has {len(value)} characters; {longest} are the most.")
    return value


def _function(cells: Cells, defaults: Defaults) -> Function:
    given = cells.get("function", "").casefold()
    if not given:
        return defaults.function
    if given not in {function.value for function in Function}:
        known = ", ".join(function.value for function in Function)
        raise RowError(f"“{given[:60]}” is no function; known are {known}.")
    return Function(given)


def _zone(given: str, defaults: Defaults) -> str:
    """A time zone by its IANA name; other names, as Zendesk has them, are the company's."""
    try:
        ZoneInfo(given)
    except (ValueError, OSError, LookupError):
        return defaults.zone
    return given


def _moment(given: str, field: str, defaults: Defaults) -> datetime | None:
    if not given:
        return None
    try:
        at = datetime.fromisoformat(given.replace(" UTC", "+00:00"))
        local = at if at.tzinfo else at.replace(tzinfo=ZoneInfo(defaults.zone))
        moment = local.astimezone(UTC)
    except (ValueError, OverflowError) as wrong:
        raise RowError(f"{field} is a moment such as 2026-06-01T09:00:00Z.") from wrong
    if moment.year < _EARLIEST_YEAR:
        raise RowError(f"{field} is a moment such as 2026-06-01T09:00:00Z; this one is too old.")
    return moment
