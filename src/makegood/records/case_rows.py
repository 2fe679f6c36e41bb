"""What is on record of one case, read in one statement: the gate asks for it before each word."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from makegood.records import prepared

NEWEST = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseRow:
    """The case itself, with its customer and owner. `calendar` is of the newest promise's terms.

    `has_round`: a round serves what it is about. `has_change`: what caused it was changed since.
    """

    id: int
    reference: str
    severity: int
    failed_at: datetime
    known_at: datetime
    recorded_at: datetime
    closed_at: datetime | None
    customer: str
    language: str
    zone: str
    postcode: str
    owner: str
    is_escalated: bool
    has_round: bool
    has_change: bool
    asset_id: int | None
    calendar: str | None


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
class VisitRow:
    """A visit, with the time that a crew holds for it, if there is one."""

    id: int
    promise_id: int | None
    what: str
    confirmed_at: datetime | None
    arrived_at: datetime | None
    ended_at: datetime | None
    outcome: str | None
    earliest_at: datetime | None
    due_at: datetime | None
    since_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class PartRow:
    """A part that is ordered for the case, and when its supplier says that it comes."""

    id: int
    name: str
    ordered_at: datetime
    eta_at: datetime | None
    received_at: datetime | None
    since_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class IncidentRow:
    """The failure of many that the case is a part of, with the newest that was said of it.

    If that turned out to be part of another one, it is that other one.
    """

    id: int
    failed_at: datetime
    over_at: datetime | None
    was_false: bool
    words: str
    due_at: datetime | None
    since_at: datetime | None


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
class StandingRow:
    """Words that stand until somebody has decided how they are honoured."""

    words: str
    is_claim: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseRows:
    """All of it, the newest first."""

    case: CaseRow
    promises: tuple[PromiseRow, ...]
    revisions: tuple[OtherTimeRow, ...]
    choices: tuple[OtherTimeRow, ...]
    visits: tuple[VisitRow, ...]
    parts: tuple[PartRow, ...]
    incidents: tuple[IncidentRow, ...]
    remedies: tuple[RemedyRow, ...]
    contacts: tuple[ContactRow, ...]
    owed: tuple[SumRow, ...]
    fees: tuple[SumRow, ...]
    standing: tuple[StandingRow, ...]
    apologies: tuple[datetime, ...]


# How people say sorry, in the languages in which we write.
_SORRY = r"\m(sorry|apolog(y|ies|i[sz]e)|entschuldig\w*|verzeihung|tut (uns|mir) (\w+ )?leid)\M"
_CASE = """SELECT c.id, c.reference, c.severity, c.failed_at, c.known_at, c.recorded_at,
    c.closed_at, u.name AS customer, u.language, u.zone, u.postcode, o.name AS owner,
    EXISTS (SELECT 1 FROM records_escalation e WHERE e.case_id = c.id) AS is_escalated, c.asset_id,
    EXISTS (SELECT 1 FROM records_round r JOIN records_asset a ON a.service_id = r.service_id
     WHERE a.id = c.asset_id AND r.retired_at IS NULL) AS has_round,
    EXISTS (SELECT 1 FROM records_lesson l JOIN records_improvement i ON i.cause_id = l.cause_id
     WHERE l.case_id = c.id AND i.shipped_at IS NOT NULL) AS has_change,
    (SELECT encode(s.digest, 'hex') FROM records_policysnapshot s WHERE s.id =
     (SELECT p.policy_id FROM records_promise p WHERE p.case_id = c.id ORDER BY p.id DESC LIMIT 1)
    ) AS calendar
    FROM records_customer u, records_staff o WHERE u.id = c.customer_id AND o.id = c.owner_id"""
_PARTS = {
    "promises": """SELECT id, kind, words, said_at, recorded_at, earliest_at, first_due_at, due_at,
        precision, outcome, settled_at FROM records_promise WHERE case_id = c.id
        ORDER BY id DESC LIMIT %(newest)s""",
    # The newest that was decided, unless it was told: an older one was overtaken by it.
    "revisions": """SELECT r.id, r.promise_id, r.new_due_at AS due_at,
        r.new_earliest_at AS earliest_at, r.decided_at AS since_at
        FROM records_promise p CROSS JOIN LATERAL (SELECT * FROM records_promiserevision n
        WHERE n.promise_id = p.id ORDER BY n.number DESC LIMIT 1) r
        WHERE p.case_id = c.id AND p.outcome IS NULL AND r.told_at IS NULL
        AND r.old_due_at = p.due_at""",
    "choices": """SELECT o.id, o.promise_id, o.due_at, o.earliest_at, o.offered_at AS since_at
        FROM records_promise p JOIN records_choice o ON o.promise_id = p.id
        WHERE p.case_id = c.id AND p.outcome IS NULL AND o.withdrawn_at IS NULL
        AND o.chosen_at IS NULL""",
    "visits": """SELECT v.id, v.promise_id, v.what, v.confirmed_at, v.arrived_at, v.ended_at,
        v.outcome, s.opens_at AS earliest_at, s.closes_at AS due_at, s.held_at AS since_at
        FROM records_visit v
        LEFT JOIN records_slot s ON s.visit_id = v.id AND s.released_at IS NULL
        WHERE v.case_id = c.id ORDER BY v.id DESC LIMIT %(newest)s""",
    "parts": """SELECT o.id, t.name, o.ordered_at, o.eta_at, o.received_at,
        coalesce((SELECT e.recorded_at FROM records_etachange e WHERE e.order_id = o.id
         ORDER BY e.number DESC LIMIT 1), o.recorded_at) AS since_at
        FROM records_diagnosis d JOIN records_partorder o ON o.diagnosis_id = d.id
        JOIN records_part t ON t.id = o.part_id
        WHERE d.case_id = c.id AND o.cancelled_at IS NULL AND o.wrong_at IS NULL""",
    "incidents": """WITH RECURSIVE up AS (
        SELECT id, merged_into_id FROM records_incident WHERE id = c.incident_id
        UNION SELECT m.id, m.merged_into_id
        FROM records_incident m JOIN up ON m.id = up.merged_into_id)
        SELECT i.id, i.failed_at, i.over_at, i.was_false, coalesce(t.words, '') AS words, t.due_at,
        t.said_at AS since_at FROM records_incident i LEFT JOIN LATERAL
        (SELECT * FROM records_incidenttruth n WHERE n.incident_id = i.id
         ORDER BY n.number DESC LIMIT 1) t ON true
        WHERE i.id IN (SELECT id FROM up WHERE merged_into_id IS NULL)""",
    "remedies": """SELECT r.id, r.kind, r.thing, r.amount_minor, r.currency, r.granted_at,
        r.outcome, r.settled_at, (SELECT y.state FROM records_payment y WHERE y.remedy_id = r.id
        ORDER BY y.number DESC LIMIT 1) AS payment
        FROM records_remedy r WHERE r.case_id = c.id""",
    "contacts": """SELECT id, direction, happened_at, money_minor, currency FROM records_contact
        WHERE case_id = c.id AND withdrawn_at IS NULL ORDER BY id DESC LIMIT %(newest)s""",
    "owed": """SELECT id, amount_minor - granted_minor AS minor, currency, raised_at AS since_at
        FROM records_entitlement WHERE case_id = c.id AND raised_at IS NOT NULL
        AND currency <> '' AND amount_minor > granted_minor""",
    "fees": """SELECT id, amount_minor AS minor, currency, charged_at AS since_at
        FROM records_fee WHERE customer_id = c.customer_id ORDER BY id DESC LIMIT %(newest)s""",
    # What a customer claims, until the first step; and what is promised, until a step was taken.
    "standing": """SELECT m.words, true AS is_claim FROM records_claim m
        WHERE m.case_id = c.id AND m.settled_at IS NULL
        AND NOT EXISTS (SELECT FROM records_claimstep s WHERE s.claim_id = m.id)
        UNION ALL SELECT p.words, false FROM records_promise p WHERE p.case_id = c.id
        AND p.outcome IS NULL AND p.kind <> ALL('{news,redress}')
        AND NOT EXISTS (SELECT FROM records_claim m JOIN records_claimstep s ON s.claim_id = m.id
        WHERE m.promise_id = p.id AND m.case_id = c.id)""",
    # A letter of a duty counts as that duty, once it was said by it.
    "apologies": """SELECT said_at FROM records_message WHERE case_id = c.id
        AND said_at IS NOT NULL AND (kind = 'apology' OR words ~* %(sorry)s)
        UNION ALL SELECT sent_at FROM records_letter WHERE case_id = c.id AND sent_at IS NOT NULL
        AND bounced_at IS NULL AND duty_id IS NULL AND words ~* %(sorry)s
        UNION ALL SELECT happened_at FROM records_contact WHERE case_id = c.id
        AND withdrawn_at IS NULL AND direction = 'outbound' AND staff_id IS NULL
        AND note ~* %(sorry)s""",
}
_TYPES: dict[str, type[Any]] = {
    "promises": PromiseRow,
    "revisions": OtherTimeRow,
    "choices": OtherTimeRow,
    "visits": VisitRow,
    "parts": PartRow,
    "incidents": IncidentRow,
    "remedies": RemedyRow,
    "contacts": ContactRow,
    "owed": SumRow,
    "fees": SumRow,
    "standing": StandingRow,
}
_AS_JSON = "(SELECT coalesce(json_agg(x), '[]') FROM ({part}) x)"
_STATEMENT = (
    f"SELECT (SELECT row_to_json(x) FROM ({_CASE}) x), "  # noqa: S608 - of constants only
    + ", ".join(_AS_JSON.format(part=part) for part in _PARTS.values())
    + " FROM records_case c WHERE c."
)
_BY_ID = _STATEMENT + "id = %(case)s"
_BY_REFERENCE = _STATEMENT + "reference = %(case)s AND NOT c.is_canary"
Row = TypeVar("Row")


def read_rows(case: int | str) -> CaseRows | None:
    """What is on record of a case, by its id or its reference; None if there is none."""
    statement = _BY_ID if isinstance(case, int) else _BY_REFERENCE
    found = prepared.fetch_one(statement, {"case": case, "newest": NEWEST, "sorry": _SORRY})
    if found is None:
        return None
    plain, *parts = found
    rows = dict(zip(_PARTS, parts, strict=True))
    apologies = rows.pop("apologies")
    return CaseRows(
        case=_row(CaseRow, plain),
        **{name: tuple(_row(_TYPES[name], one) for one in given) for name, given in rows.items()},
        apologies=tuple(datetime.fromisoformat(one["said_at"]) for one in apologies),
    )


def _row(kind: type[Row], plain: dict[str, Any]) -> Row:
    """A row; what ends in "_at" is a moment."""
    moments = {
        name: datetime.fromisoformat(value)
        for name, value in plain.items()
        if value is not None and name.endswith("_at")
    }
    return kind(**{**plain, **moments})
