"""Rows to be copied into tables by the hundred, column by column."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class NewCase:
    """A row of `Case`, by column."""

    TABLE: ClassVar[str] = "records_case"

    id: int
    uuid: UUID
    reference: str
    customer_id: int
    asset_id: int | None
    team_id: int
    owner_id: int
    incident_id: int | None
    title: str
    wanted: str
    meanwhile: str
    function: str
    harm: str
    exposure: str
    severity: int
    severity_because: str
    failed_at: datetime
    known_at: datetime
    recorded_at: datetime
    is_canary: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class NewPromise:
    """A row of `Promise`, by column."""

    TABLE: ClassVar[str] = "records_promise"

    id: int
    case_id: int
    kind: str
    words: str
    speaker: str
    speaker_name: str
    said_by_id: int | None
    channel: str
    said_at: datetime
    recorded_at: datetime
    earliest_at: datetime | None
    first_due_at: datetime
    due_at: datetime
    precision: str
    zone: str
    grace: timedelta
    policy_id: int
    trace: tuple[str, ...]
    severity: int
    follows_id: int | None
    rungs_spoken: int
    judge_at: datetime
    escalate_at: datetime | None
    message_at: datetime | None
    evidence: str


@dataclass(frozen=True, kw_only=True, slots=True)
class NewMessage:
    """A row of `Message`, by column."""

    TABLE: ClassVar[str] = "records_message"

    case_id: int
    promise_id: int
    kind: str
    about: str
    queued_at: datetime
    channel: str
    words: str


@dataclass(frozen=True, kw_only=True, slots=True)
class NewDuty:
    """A row of `Message` that a letter of the same batch says, by column."""

    TABLE: ClassVar[str] = "records_message"

    id: int
    case_id: int
    promise_id: int | None
    kind: str
    about: str
    queued_at: datetime
    channel: str
    words: str


@dataclass(frozen=True, kw_only=True, slots=True)
class NewAsking:
    """A row of `Asking` that waits to be said, by column."""

    TABLE: ClassVar[str] = "records_asking"

    id: int
    case_id: int
    number: int
    message_id: int
    opened_at: datetime
    ended_by: str


@dataclass(frozen=True, kw_only=True, slots=True)
class NewLetter:
    """A row of `Letter`, by column."""

    TABLE: ClassVar[str] = "records_letter"

    id: int
    case_id: int
    kind: str
    channel: str
    recipient: str
    mailbox: str
    subject: str
    words: str
    is_automatic: bool
    written_by_id: int | None
    promise_id: int | None
    told_due_at: datetime | None
    duty_id: int | None
    keeps_id: int | None
    secret: bytes
    reply_digest: bytes
    message_id: str
    answers_id: str
    provider_id: str
    queued_at: datetime
    send_at: datetime | None
    tries: int
    error: str


@dataclass(frozen=True, kw_only=True, slots=True)
class NewEscalation:
    """A row of `Escalation`, by column."""

    TABLE: ClassVar[str] = "records_escalation"

    case_id: int
    promise_id: int
    broken_id: int | None
    number: int
    reason: str
    role: str
    staff_id: int
    skipped: tuple[dict[str, Any], ...]
    told_at: datetime
    speak_again_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class NewRemedy:
    """A row of `Remedy`, by column."""

    TABLE: ClassVar[str] = "records_remedy"

    id: int
    case_id: int
    promise_id: int
    team_id: int
    of_incident_id: int
    kind: str
    source: str
    scheme: str
    version: str
    trace: tuple[str, ...]
    amount_minor: int
    currency: str
    thing: str
    because: str
    late_minor: int
    pay_by: datetime | None
    key: str
    granted_at: datetime
    granted_by_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class NewPayment:
    """A row of `Payment`, by column."""

    TABLE: ClassVar[str] = "records_payment"

    remedy_id: int
    number: int
    key: str
    amount_minor: int
    currency: str
    state: str
    made_at: datetime
    send_at: datetime
    tries: int
    reference: str
    error: str


@dataclass(frozen=True, kw_only=True, slots=True)
class NewBooking:
    """A row of `LedgerTransaction`, by column."""

    TABLE: ClassVar[str] = "records_ledgertransaction"

    id: int
    remedy_id: int
    kind: str
    at: datetime
    recorded_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class NewLedgerEntry:
    """A row of `LedgerEntry`, by column."""

    TABLE: ClassVar[str] = "records_ledgerentry"

    transaction_id: int
    account: str
    amount_minor: int
    currency: str
    customer_id: int
    case_id: int
    team_id: int


Row = (
    NewCase
    | NewPromise
    | NewMessage
    | NewDuty
    | NewAsking
    | NewLetter
    | NewEscalation
    | NewRemedy
    | NewPayment
    | NewBooking
    | NewLedgerEntry
)
