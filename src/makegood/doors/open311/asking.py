"""What somebody asks of Open311: filters of an address, and a report in a form's fields."""

import math
import uuid
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final, NoReturn

from django.http import HttpRequest, QueryDict

from makegood.actions.public_reports import Claim
from makegood.doors.open311.answers import Open311Error
from makegood.queries.open311 import LONGEST_SPAN, ROWS_MAX, SOURCE, Asked, code_of
from makegood.queries.public_form import Offered
from makegood.queries.tokens import LiveToken
from makegood.rules.severity import Harm

KEY: Final = "Idempotency-Key"
LONGEST: Final = 4_000
_LINE: Final = 200
_IDS_MAX: Final = 100
_PAGES_MAX: Final = 10_000
_NOBODY: Final = "Open311"
_SPACE: Final = uuid.UUID("8d1f24a5-4c5e-4b0e-8a51-0f3c9d6f1e31")
_YEARS: Final = range(2000, 2100)


def filters(given: QueryDict) -> Asked:
    """Which requests are asked for.

    :raises Open311Error: if a filter is none.
    """
    asked = Asked(
        ids=tuple(each.upper() for each in _list(given, "service_request_id")),
        codes=_list(given, "service_code"),
        statuses=_statuses(given),
        since=_moment(given, "start_date"),
        until=_moment(given, "end_date"),
        updated_since=_moment(given, "updated_after"),
        updated_until=_moment(given, "updated_before"),
        page=_number(given, "page", default=1, most=_PAGES_MAX),
        size=_number(given, "page_size", default=ROWS_MAX, most=ROWS_MAX),
    )
    if asked.since and asked.until and asked.until - asked.since > LONGEST_SPAN:
        _refuse("start_date and end_date are at most 90 days apart.")
    return asked


def claim(request: HttpRequest, service: Offered, *, token: LiveToken) -> Claim:
    """A report as the fields say it.

    :raises Open311Error: if it does not say where, or something in it cannot be read.
    """
    given = request.POST
    words, place = _text(given, "description", LONGEST), _place(given)
    name = " ".join(filter(None, (_text(given, part, 80) for part in ("first_name", "last_name"))))
    return Claim(
        form=_number_of(request, token),
        name=name or _NOBODY,
        email=_email(given),
        phone=_text(given, "phone", 40),
        thing=service.name,
        what=service.key,
        function=service.function,
        harm=_harm(given),
        words=words or service.name,
        address=place,
        postcode=_text(given, "zipcode", 20),
        service=service.service,
        source=f"{SOURCE}:{token.id}",
    )


def described(service: Offered) -> dict[str, object]:
    """A service as the list of services has it."""
    return {
        "service_code": code_of(service),
        "service_name": service.name,
        "description": "",
        "metadata": True,
        "type": "realtime",
        "keywords": service.function.value,
        "group": service.function.value,
    }


HARM_WORDS: Final = {
    Harm.LOST: "It does not work at all, or did not happen",
    Harm.DEGRADED: "It works badly",
    Harm.DELAYED: "It is late",
    Harm.COSMETIC: "It works, but is not as it should be",
}


def definition(service: Offered) -> dict[str, object]:
    """What may be said of a service besides: how much of it fails."""
    return {
        "service_code": code_of(service),
        "attributes": [
            {
                "variable": True,
                "code": "harm",
                "datatype": "singlevaluelist",
                "required": False,
                "datatype_description": "",
                "order": 1,
                "description": "How much of it fails?",
                "values": [
                    {"key": harm.value, "name": words} for harm, words in HARM_WORDS.items()
                ],
            }
        ],
    }


def _number_of(request: HttpRequest, token: LiveToken) -> uuid.UUID:
    """The same key of the same token is the same report; without one each is its own."""
    key = request.headers.get(KEY, "").strip()[:_LINE]
    return uuid.uuid5(_SPACE, f"{token.id} {key}") if key else uuid.uuid4()


def _harm(given: QueryDict) -> Harm:
    said = _text(given, "attribute[harm]", 40)
    if not said:
        return Harm.LOST
    try:
        return Harm(said)
    except ValueError:
        _refuse("attribute[harm] is one of lost, degraded, delayed and cosmetic.")


def _place(given: QueryDict) -> str:
    """Where it is: the standard needs one of the three."""
    point = _point(given)
    place = _text(given, "address_string", _LINE) or _text(given, "address_id", _LINE) or point
    if not place:
        _refuse("Say where it is: lat and long, address_string or address_id.")
    return place


def _point(given: QueryDict) -> str:
    written = _text(given, "lat", _LINE), _text(given, "long", _LINE)
    if not any(written):
        return ""
    try:
        lat, long = map(float, written)
    except ValueError:
        lat = long = math.nan
    if not (-90 <= lat <= 90 and -180 <= long <= 180):  # noqa: PLR2004 - degrees
        _refuse("lat and long are degrees (WGS 84), both of them.")
    return f"{lat:.6f}, {long:.6f}"


def _email(given: QueryDict) -> str:
    email = _text(given, "email", _LINE)
    if email and not ("@" in email[1:-1] and " " not in email):
        _refuse("email is an address such as ann@example.org.")
    return email


def _text(given: QueryDict, name: str, longest: int) -> str:
    said = (given.get(name) or "").replace("\0", "").encode("utf-8", "replace").decode().strip()
    if len(said) > longest:
        _refuse(f"{name} has at most {longest} characters.")
    return said


def _list(given: QueryDict, name: str) -> tuple[str, ...]:
    found = [each.strip() for every in given.getlist(name) for each in every.split(",")]
    filled = tuple(each for each in found if each and "\0" not in each)
    if len(filled) > _IDS_MAX:
        _refuse(f"{name} names at most {_IDS_MAX}.")
    return filled


def _statuses(given: QueryDict) -> tuple[str, ...]:
    found = tuple(each.lower() for each in _list(given, "status"))
    if not set(found) <= {"open", "closed"}:
        _refuse("status is open or closed.")
    return found


def _moment(given: QueryDict, name: str) -> datetime | None:
    said = given.get(name, "").strip().replace(" ", "+")
    if not said:
        return None
    try:
        found = datetime.fromisoformat(said)
        aware = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        _refuse(f"{name} is a moment such as 2026-06-01T00:00:00Z.")
    if aware.year not in _YEARS:
        _refuse(f"{name} is a moment of this century.")
    return aware


def _number(given: QueryDict, name: str, *, default: int, most: int) -> int:
    said = given.get(name, "").strip()
    if not said:
        return default
    if not (said.isascii() and said.isdigit() and len(said) < 9 and 1 <= int(said) <= most):  # noqa: PLR2004 - far beyond any page
        _refuse(f"{name} is a number from 1 to {most}.")
    return int(said)


def _refuse(why: str) -> NoReturn:
    raise Open311Error(HTTPStatus.BAD_REQUEST, why)
