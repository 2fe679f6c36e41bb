"""What is on record of one case, read in one statement: the gate asks for it before each word."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db import connection

NEWEST = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class PromiseRow:
    """A promise."""

    id: int
    kind: str
    words: str
    said_at: datetime
    recorded_at: datetime
    earliest_at: datetime | None
    first_due_at: datetime
    due_at: datetime
    precision: str
    outcome: str | None
    settled_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class OtherTimeRow:
    """Another time for an open promise: a new date to be told of, or a choice that is offered."""

    id: int
    promise_id: int
    due_at: datetime
    earliest_at: datetime | None
    since_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class RemedyRow:
    """A remedy, with how far its payment is."""

    id: int
    kind: str
    thing: str
    amount_minor: int
    currency: str
    granted_at: datetime
    outcome: str | None
    settled_at: datetime | None
    payment: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ContactRow:
    """A contact that was not taken back."""

    id: int
    direction: str
    happened_at: datetime
    money_minor: int
    currency: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SumRow:
    """What is owed by a scheme, or was charged."""

    id: int
    minor: int
    currency: str
    since_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseRows:
    """All of it, the newest first. `calendar` is the digest of the newest promise's terms."""

    promises: tuple[PromiseRow, ...]
    revisions: tuple[OtherTimeRow, ...]
    choices: tuple[OtherTimeRow, ...]
    remedies: tuple[RemedyRow, ...]
    contacts: tuple[ContactRow, ...]
    owed: tuple[SumRow, ...]
    fees: tuple[SumRow, ...]
    apologies: tuple[datetime, ...]
    is_escalated: bool
    calendar: bytes | None


_PARTS = {
    "promises": """SELECT id, kind, words, said_at, recorded_at, earliest_at, first_due_at, due_at,
        precision, outcome, settled_at FROM records_promise WHERE case_id = %(case)s
        ORDER BY id DESC LIMIT %(newest)s""",
    "revisions": """SELECT r.id, r.promise_id, r.new_due_at AS due_at,
        r.new_earliest_at AS earliest_at, r.decided_at AS since_at
        FROM records_promise p JOIN records_promiserevision r ON r.promise_id = p.id
        WHERE p.case_id = %(case)s AND p.outcome IS NULL AND r.told_at IS NULL
        AND r.old_due_at = p.due_at""",
    "choices": """SELECT c.id, c.promise_id, c.due_at, c.earliest_at, c.offered_at AS since_at
        FROM records_promise p JOIN records_choice c ON c.promise_id = p.id
        WHERE p.case_id = %(case)s AND p.outcome IS NULL AND c.withdrawn_at IS NULL
        AND c.chosen_at IS NULL""",
    "remedies": """SELECT r.id, r.kind, r.thing, r.amount_minor, r.currency, r.granted_at,
        r.outcome, r.settled_at, (SELECT y.state FROM records_payment y WHERE y.remedy_id = r.id
        ORDER BY y.number DESC LIMIT 1) AS payment
        FROM records_remedy r WHERE r.case_id = %(case)s""",
    "contacts": """SELECT id, direction, happened_at, money_minor, currency FROM records_contact
        WHERE case_id = %(case)s AND withdrawn_at IS NULL ORDER BY id DESC LIMIT %(newest)s""",
    "owed": """SELECT id, amount_minor - granted_minor AS minor, currency, raised_at AS since_at
        FROM records_entitlement WHERE case_id = %(case)s AND raised_at IS NOT NULL
        AND currency <> '' AND amount_minor > granted_minor""",
    "fees": """SELECT id, amount_minor AS minor, currency, charged_at AS since_at
        FROM records_fee WHERE customer_id = %(customer)s ORDER BY id DESC LIMIT %(newest)s""",
    "apologies": """SELECT said_at FROM records_message
        WHERE case_id = %(case)s AND kind = 'apology' AND said_at IS NOT NULL""",
}
_TYPES: dict[str, type[Any]] = {
    "promises": PromiseRow,
    "revisions": OtherTimeRow,
    "choices": OtherTimeRow,
    "remedies": RemedyRow,
    "contacts": ContactRow,
    "owed": SumRow,
    "fees": SumRow,
}
_AS_JSON = "(SELECT coalesce(json_agg(x), '[]') FROM ({part}) x)"
_STATEMENT = (
    "SELECT "  # noqa: S608 - made of the constants above, and nothing else
    + ", ".join(_AS_JSON.format(part=part) for part in _PARTS.values())
    + """, EXISTS (SELECT 1 FROM records_escalation WHERE case_id = %(case)s),
        (SELECT s.digest FROM records_policysnapshot s WHERE s.id = (SELECT policy_id
         FROM records_promise WHERE case_id = %(case)s ORDER BY id DESC LIMIT 1))"""
)
Row = TypeVar("Row")


def read_rows(case_id: int, *, customer_id: int) -> CaseRows:
    """What is on record of a case."""
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT, {"case": case_id, "customer": customer_id, "newest": NEWEST})
        *parts, is_escalated, calendar = cursor.fetchone()
    found = dict(zip(_PARTS, parts, strict=True))
    apologies = found.pop("apologies")
    return CaseRows(
        **{name: tuple(_row(_TYPES[name], one) for one in rows) for name, rows in found.items()},
        apologies=tuple(datetime.fromisoformat(one["said_at"]) for one in apologies),
        is_escalated=is_escalated,
        calendar=bytes(calendar) if calendar is not None else None,
    )


def _row(kind: type[Row], plain: dict[str, Any]) -> Row:
    """A row; what ends in "_at" is a moment."""
    moments = {
        name: datetime.fromisoformat(value)
        for name, value in plain.items()
        if value is not None and name.endswith("_at")
    }
    return kind(**{**plain, **moments})
