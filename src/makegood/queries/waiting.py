"""What waits for somebody besides promises: tellings, hand-overs, apologies, words, letters."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef

from makegood.language import sentences
from makegood.queries import plain, when
from makegood.queries.claims_told import ClaimTold, read_claims_told
from makegood.queries.glance import Waits
from makegood.queries.incident_tellings import IncidentTold, read_told
from makegood.queries.to_learn import ToLearn, read_to_learn
from makegood.queries.undelivered import NONE as NO_LETTERS
from makegood.queries.undelivered import AllUndelivered, read_undelivered
from makegood.queries.when import When
from makegood.records.models import (
    Case,
    Contact,
    Direction,
    Escalation,
    Handover,
    MessageKind,
    Reply,
    ReplyKind,
)
from makegood.rules.promises import Channel

ROWS_MAX = 50
OWED_SHOWN = 10
"""Apologies that one can look over beside the promises; more stand there when asked for."""

ALL_SHOWN = 500
"""Of each, where everything is asked for."""

HEARD_WITHIN = timedelta(hours=48)
# Of a contact: that a sentence of ours tells what the customer did.
_IS_TOLD = "is_told"
_APOLOGY = MessageKind.APOLOGY.value


@dataclass(frozen=True, kw_only=True, slots=True)
class About:
    """The case that something is about."""

    reference: str
    title: str
    customer: str
    severity: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ToldOf:
    """Something that the reader, or whom they cover for, was told and has not acknowledged."""

    id: int
    about: About
    reason: str
    role: str
    words: str
    due: When
    told: When
    told_to: str
    claims: tuple[ClaimTold, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """A case that somebody asks the reader to take over."""

    id: int
    about: About
    asked_by: str
    why: str
    asked: When


@dataclass(frozen=True, kw_only=True, slots=True)
class Owed:
    """An apology that has not been said."""

    id: int
    about: About
    words: str
    since: When


@dataclass(frozen=True, kw_only=True, slots=True)
class ToTell:
    """What a customer still has to be told of a visit, because no letter has told it yet."""

    about: About
    words: str
    since: When


@dataclass(frozen=True, kw_only=True, slots=True)
class Heard:
    """What a customer did on their page, as `told` by us, and the `words` that they wrote."""

    about: About
    told: str
    words: str
    at: When


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """All that waits; of `apologies` owed, those owed longest stand in `owed`.

    `tellings` counts what is new of visits, as `apologies` does, also where fewer stand here.
    """

    told: tuple[ToldOf, ...]
    offers: tuple[Offer, ...]
    owed: tuple[Owed, ...]
    apologies: int
    tellings: int
    heard: tuple[Heard, ...]
    visits: tuple[ToTell, ...] = ()
    lessons: tuple[ToLearn, ...] = ()
    incidents: tuple[IncidentTold, ...] = ()
    undelivered: AllUndelivered = NO_LETTERS

    @property
    def is_empty(self) -> bool:
        """Whether nothing does."""
        waits = (self.told, self.offers, self.owed, self.heard, self.visits, self.lessons)
        return not any((*waits, self.incidents)) and not self.undelivered.letters


class OwedRow(NamedTuple):
    """An apology, or what is new of a visit, that has not been said, as it is read."""

    id: int
    kind: str
    queued_at: datetime
    promise: int | None
    words: str
    reference: str
    title: str
    customer: str
    severity: int


_OWED = plain.Kept("""
    SELECT m.id, m.kind, m.queued_at, m.promise_id AS promise,
           CASE m.kind WHEN 'visit' THEN m.words ELSE coalesce(p.words, '') END AS words,
           c.reference, c.title, u.name AS customer, c.severity
      FROM records_message m
      JOIN records_case c ON c.id = m.case_id
      JOIN records_customer u ON u.id = c.customer_id
      LEFT JOIN records_promise p ON p.id = m.promise_id
     WHERE m.id = ANY(%(messages)s) AND m.said_at IS NULL
     ORDER BY m.queued_at, m.id
""")


def read_owed(messages: Sequence[int]) -> list[OwedRow]:
    """What is owed by these messages, the longest owed first; in no query if there are none."""
    return plain.rows(_OWED, OwedRow, messages=list(messages)) if messages else []


def read_waiting(
    owners: Iterable[int],
    there: Waits,
    *,
    reader: int,
    now: datetime,
    zone: ZoneInfo,
    everything: bool = False,
) -> Waiting:
    """What waits for the reader, who also looks after the cases of `owners`."""
    most, visits = (ALL_SHOWN, ALL_SHOWN) if everything else (OWED_SHOWN, ROWS_MAX)
    owed = read_owed(there.apologies[:most] + there.tellings[:visits])
    mine = tuple(owners)
    told = list(_read_told(mine)) if there.told else []
    claims = read_claims_told((row.case_id for row in told), now=now, zone=zone) if told else {}
    offers = _read_offers(reader) if there.offers else ()
    heard = _read_heard(mine, now=now) if there.heard else ()
    return Waiting(
        told=tuple(
            replace(_told(row, reader, now=now, zone=zone), claims=claims.get(row.case_id, ()))
            for row in told
        ),
        offers=tuple(_offer(row, now=now, zone=zone) for row in offers),
        owed=tuple(_owed(row, now=now, zone=zone) for row in owed if row.kind == _APOLOGY),
        apologies=len(there.apologies),
        tellings=len(there.tellings),
        visits=tuple(_to_tell(row, now=now, zone=zone) for row in owed if row.kind != _APOLOGY),
        heard=tuple(_heard(row, now=now, zone=zone) for row in heard),
        lessons=read_to_learn(reader, now=now, zone=zone) if there.lessons else (),
        incidents=read_told(mine, now=now, zone=zone) if there.incidents else (),
        undelivered=(
            read_undelivered(mine, most=visits, now=now, zone=zone)
            if there.undelivered
            else NO_LETTERS
        ),
    )


def about(case: Case) -> About:
    """What a row says of its case."""
    return About(
        reference=case.reference,
        title=case.title,
        customer=case.customer.name,
        severity=case.severity,
    )


def _read_told(people: Iterable[int]) -> Iterable[Escalation]:
    # What was settled meanwhile needs no answer any more.
    rows = Escalation.objects.filter(
        staff__in=people, acknowledged_at=None, promise__outcome=None
    ).select_related("case__customer", "promise", "broken", "staff")
    return rows.order_by("case__severity", "told_at")[:ROWS_MAX]


def _read_offers(reader: int) -> Iterable[Handover]:
    rows = Handover.objects.filter(
        to_staff=reader, accepted_at=None, declined_at=None, case__closed_at=None
    )
    return rows.select_related("case__customer", "from_staff").order_by("asked_at")[:ROWS_MAX]


def _read_heard(owners: Iterable[int], *, now: datetime) -> Iterable[Contact]:
    pressed = Reply.objects.filter(case=OuterRef("case"), contact=OuterRef("pk"))
    is_told = Exists(pressed.exclude(kind=ReplyKind.WORDS))
    rows = Contact.objects.standing().filter(
        case__owner__in=owners,
        direction=Direction.INBOUND,
        channel__in=(Channel.WEB, Channel.EMAIL, Channel.SMS),
        staff=None,  # what a colleague took down is heard already
        happened_at__gt=now - HEARD_WITHIN,
    )
    rows = rows.annotate(**{_IS_TOLD: is_told}).select_related("case__customer")
    return rows.order_by("-happened_at")[:ROWS_MAX]


def _told(row: Escalation, reader: int, *, now: datetime, zone: ZoneInfo) -> ToldOf:
    promise = row.broken or row.promise
    return ToldOf(
        id=row.pk,
        about=about(row.case),
        reason=row.reason,
        role=row.role,
        words=promise.words,
        due=when.due(promise, now=now, zone=zone),
        told=when.at(row.told_at, now=now, zone=zone),
        told_to="" if row.staff_id == reader else row.staff.name,
    )


def _offer(row: Handover, *, now: datetime, zone: ZoneInfo) -> Offer:
    return Offer(
        id=row.pk,
        about=about(row.case),
        asked_by=row.from_staff.name,
        why=row.why,
        asked=when.at(row.asked_at, now=now, zone=zone),
    )


def _owed(row: OwedRow, *, now: datetime, zone: ZoneInfo) -> Owed:
    return Owed(
        id=row.id,
        about=About(
            reference=row.reference, title=row.title, customer=row.customer, severity=row.severity
        ),
        words=row.words,
        since=when.at(row.queued_at, now=now, zone=zone),
    )


def _to_tell(row: OwedRow, *, now: datetime, zone: ZoneInfo) -> ToTell:
    return ToTell(
        about=About(
            reference=row.reference, title=row.title, customer=row.customer, severity=row.severity
        ),
        words=row.words,
        since=when.at(row.queued_at, now=now, zone=zone),
    )


def _heard(row: Contact, *, now: datetime, zone: ZoneInfo) -> Heard:
    told, words = sentences.parted(row.note) if getattr(row, _IS_TOLD) else ("", row.note)
    return Heard(
        about=about(row.case),
        told=told,
        words=words,
        at=when.at(row.happened_at, now=now, zone=zone),
    )
