"""Tickets and users as Zendesk and Freshdesk export them, laid flat under our names.

Their own due dates are targets that nobody told the customer: they become no promise unless
somebody says so with a mapping.
"""

from collections.abc import Mapping
from html import unescape
from re import sub
from typing import Any, Final

from makegood.rules.importing.columns import What

Record = Mapping[str, Any]

LISTS: Final[Mapping[str, What]] = {
    "tickets": What.CASES,
    "users": What.CUSTOMERS,
    "contacts": What.CUSTOMERS,
}
"""Under which name a file holds its list, and what is in it."""


def flat_zendesk(record: Record) -> dict[str, str]:
    """One ticket or user of Zendesk, from its JSON, NDJSON or API."""
    requester, assignee = _inner(record, "requester"), _inner(record, "assignee")
    flat = _texts(record)
    flat |= _if_any(
        {
            "customer": _text(record.get("requester_id")) or _text(requester.get("id")),
            "customer_name": _text(requester.get("name")),
            "customer_email": _text(requester.get("email")),
            "customer_phone": _text(requester.get("phone")),
            "owner": _text(assignee.get("email")),
            "title": _text(record.get("subject")) or _text(record.get("raw_subject")),
            "words": _text(record.get("description")),
            "opened_at": _text(record.get("created_at")) if "subject" in record else "",
            "zone": _text(record.get("iana_time_zone")),
        }
    )
    return flat


def flat_freshdesk(record: Record) -> dict[str, str]:
    """One ticket or contact of Freshdesk, from its JSON or XML."""
    inner = record.get("helpdesk_ticket", record)
    record = inner if isinstance(inner, Mapping) else {}
    requester, responder = _inner(record, "requester"), _inner(record, "responder")
    flat = _texts(record)
    flat |= _if_any(
        {
            "id": _text(record.get("display_id")) or _text(record.get("id")),
            "customer": _text(record.get("requester_id")) or _text(requester.get("id")),
            "customer_name": _text(record.get("requester_name")) or _text(requester.get("name")),
            "customer_email": _text(record.get("email")) or _text(requester.get("email")),
            "customer_phone": _text(record.get("phone")) or _text(requester.get("phone")),
            "owner": _text(responder.get("email")),
            "title": _text(record.get("subject")),
            "words": _text(record.get("description_text"))
            or _plain(_text(record.get("description"))),
            "opened_at": _text(record.get("created_at")) if "subject" in record else "",
            "status": _text(record.get("status_name")) or _text(record.get("status")),
        }
    )
    return flat


def _texts(record: Record) -> dict[str, str]:
    """Whatever is plain, under its own name, so that it can be mapped."""
    return {
        str(name): _text(value)
        for name, value in record.items()
        if not isinstance(value, Mapping | list)
    }


def _if_any(flat: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in flat.items() if value}


def _inner(record: Record, name: str) -> Record:
    value = record.get(name)
    return value if isinstance(value, Mapping) else {}


def _text(value: object) -> str:
    if value is None or isinstance(value, Mapping | list):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).replace("\0", "").strip()


def _plain(html: str) -> str:
    """The words of a description that is HTML."""
    return unescape(sub(r"<[^<>]{0,2000}>", " ", html)).strip()
