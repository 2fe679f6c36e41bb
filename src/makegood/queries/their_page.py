"""A customer's page as the desk looks after it: what they sent, may choose, and wait for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

from makegood.language import moments, sentences
from makegood.queries import when
from makegood.queries.customer_page import at_their_time
from makegood.queries.when import When
from makegood.records.models import (
    Case,
    Choice,
    KnownFailure,
    LinkRequest,
    Promise,
    Reply,
    ReplyKind,
    Staff,
)
from makegood.rules import known
from makegood.rules.promises import Precision
from makegood.rules.severity import Function

SHOWN = 50
SENT: dict[str, str | Lazy] = {
    ReplyKind.WORDS: _("Wrote"),
    ReplyKind.CALL: _("Asked for a call"),
    ReplyKind.NO_CALL: _("No longer needs the call"),
    ReplyKind.CHOICE: _("Chose another time"),
    ReplyKind.OTHER_DAY: _("Would rather have another time"),
    ReplyKind.RIGHT: _("Says that it is right"),
    ReplyKind.MORE: _("Says that it is right, and wants something more"),
    ReplyKind.NOT_RIGHT: _("Says that it is not right"),
    ReplyKind.SUITS: _("Says that the time of a visit suits"),
    ReplyKind.HOURS: _("Says when visits suit, and how to be reached"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Sent:
    """One reply; `due` is when what was promised for it falls due, if that is still open.

    `told` is our sentence on what they did, and `words` are what they wrote themselves.
    """

    at: When
    what: str | Lazy
    told: str
    words: str
    phone: str
    is_own_number: bool
    due: When | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Other:
    """Another time that is offered."""

    id: int
    words: str
    due: When


@dataclass(frozen=True, kw_only=True, slots=True)
class Movable:
    """A promise for which the customer can choose another time."""

    id: int
    words: str
    due: When
    others: tuple[Other, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class District:
    """The failure of a district that the case belongs to, and whether others are told of it."""

    area: str
    open_cases: int
    is_said: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class TheirPage:
    """The page."""

    id: int
    reference: str
    title: str
    customer: str
    zone: str
    is_closed: bool
    is_verified: bool
    meanwhile: str
    link_asked: When | None
    movable: tuple[Movable, ...]
    sent: tuple[Sent, ...]
    district: District | None


def get_their_page(case_id: int, *, reader: Staff, now: datetime) -> TheirPage:
    """What the desk sees of a customer's page; six queries.

    :raises Case.DoesNotExist: if there is none.
    """
    zone = ZoneInfo(reader.zone)
    case = Case.objects.select_related("customer", "known_failure").get(pk=case_id)
    asked = LinkRequest.objects.filter(case=case, answered_at=None).first()
    return TheirPage(
        id=case.pk,
        reference=case.reference,
        title=case.title,
        customer=case.customer.name,
        zone=moments.zone_in_words(ZoneInfo(case.customer.zone)),
        is_closed=case.closed_at is not None,
        is_verified=case.customer.is_verified,
        meanwhile=case.meanwhile,
        link_asked=when.at(asked.asked_at, now=now, zone=zone) if asked else None,
        movable=_movable(case, now=now, zone=zone),
        sent=tuple(_sent(row, case, now=now, zone=zone) for row in _replies(case)),
        district=_district(case, case.known_failure),
    )


def _movable(case: Case, *, now: datetime, zone: ZoneInfo) -> tuple[Movable, ...]:
    kinds = at_their_time(case.function)
    rows = Promise.objects.still_open().filter(case=case, kind__in=kinds, due_at__gt=now)
    records = list(rows.order_by("due_at", "pk"))
    others = list(
        Choice.objects.filter(promise__in=records, withdrawn_at=None, chosen_at=None).order_by(
            "due_at"
        )
    )
    return tuple(
        Movable(
            id=record.pk,
            words=record.words,
            due=when.due(record, now=now, zone=zone),
            others=tuple(
                _other(row, now=now, zone=zone) for row in others if row.promise_id == record.pk
            ),
        )
        for record in records
    )


def _other(row: Choice, *, now: datetime, zone: ZoneInfo) -> Other:
    due = when.due_at(
        row.due_at,
        earliest_at=row.earliest_at,
        whole_day=row.precision == Precision.DATE,
        now=now,
        zone=zone,
    )
    return Other(id=row.pk, words=row.words, due=due)


def _replies(case: Case) -> Iterable[Reply]:
    rows = Reply.objects.filter(case=case).select_related("contact", "promise")
    return rows.order_by("-sent_at", "-pk")[:SHOWN]


def _sent(row: Reply, case: Case, *, now: datetime, zone: ZoneInfo) -> Sent:
    promise = row.promise if row.promise and row.promise.outcome is None else None
    note = row.contact.note
    told, words = ("", note) if row.kind == ReplyKind.WORDS else sentences.parted(note)
    return Sent(
        at=when.at(row.sent_at, now=now, zone=zone),
        what=SENT[row.kind],
        told=told,
        words=words,
        phone=row.phone,
        is_own_number=row.phone == case.customer.phone,
        due=when.due(promise, now=now, zone=zone) if promise else None,
    )


def _district(case: Case, failure: KnownFailure | None) -> District | None:
    if failure is None:
        return None
    open_cases = Case.objects.filter(known_failure=failure, closed_at=None).count()
    is_said = known.is_said(
        is_public=failure.is_public, function=Function(case.function), open_cases=open_cases
    )
    return District(
        area=failure.area,
        open_cases=open_cases,
        is_said=is_said,
    )
