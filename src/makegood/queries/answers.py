"""Look-ups that keep a form from doing the same thing twice, or from asking for it again."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Max, Q
from django.utils.translation import gettext as _

from makegood.language import sentences
from makegood.queries import when
from makegood.queries.labels import CHANNELS
from makegood.records.models import (
    ApprovalRequest,
    Contact,
    Direction,
    Promise,
    PromiseKind,
    PromiseRevision,
    Reply,
    ReplyKind,
)
from makegood.rules.promises import Outcome
from makegood.rules.severity import Function

SHOWN = 5
NO_YES = (ReplyKind.NOT_RIGHT, ReplyKind.MORE)
NOTE_SHOWN = 60
_DEED_FOR = {
    Function.HYGIENE: PromiseKind.VISIT,
    Function.GOODS: PromiseKind.DELIVERY,
}
"""How a failure of each kind is put right; all else is repaired or corrected."""


def recent_answers(case_id: int, *, now: datetime, zone: ZoneInfo) -> tuple[tuple[int, str], ...]:
    """The customer's latest contacts, one of which may say that it is right."""
    rows = Contact.objects.standing().filter(case=case_id, direction=Direction.INBOUND)
    no_yes = Reply.objects.filter(case=case_id, kind__in=NO_YES)
    rows = rows.exclude(pk__in=no_yes.values("contact"))
    if (done := _last_done(case_id)) is not None:  # before that they cannot have meant it
        rows = rows.filter(happened_at__gte=done)
    return tuple(
        (row.pk, _label(row, now=now, zone=zone)) for row in rows.order_by("-happened_at")[:SHOWN]
    )


def kind_needed_next(case_id: int, *, function: Function) -> PromiseKind:
    """What a new promise most likely is: the deed that puts it right, until one is promised."""
    rows = Promise.objects.deeds().filter(case=case_id, correction__isnull=True)
    if rows.filter(Q(outcome=None) | Q(outcome=Outcome.KEPT)).exists():
        return PromiseKind.CALLBACK
    return _DEED_FOR.get(function, PromiseKind.REPAIR)


def is_same_promise_open(case_id: int, *, words: str, due_at: datetime) -> bool:
    """Whether the very same words for the same time are promised already."""
    rows = Promise.objects.still_open().filter(case=case_id, words=words)
    return rows.filter(first_due_at=due_at).exists()


def is_same_date_decided(promise_id: int, *, due_at: datetime) -> bool:
    """Whether this new date was decided already, and waits for the customer to be told."""
    rows = PromiseRevision.objects.filter(promise=promise_id, told_at=None)
    return rows.filter(new_due_at=due_at, promise__outcome=None).exists()


def is_anything_promised_besides_news(case_id: int) -> bool:
    """Whether more than news is promised, or a request waits, so that the case cannot close."""
    rows = Promise.objects.still_open().filter(case=case_id).exclude(kind=PromiseKind.NEWS)
    return rows.exists() or ApprovalRequest.objects.filter(case=case_id, decided_at=None).exists()


def _last_done(case_id: int) -> datetime | None:
    """When the last thing was done for the customer."""
    done = Promise.objects.before_asking().filter(
        case=case_id, outcome=Outcome.KEPT, correction__isnull=True
    )
    at: datetime | None = done.aggregate(at=Max("settled_at"))["at"]
    return at


def _label(row: Contact, *, now: datetime, zone: ZoneInfo) -> str:
    note = sentences.begun(row.note)
    note = note if len(note) <= NOTE_SHOWN else f"{note[:NOTE_SHOWN]}…"
    return _("%(when)s, by %(channel)s: %(note)s") % {
        "when": when.at(row.happened_at, now=now, zone=zone).words,
        "channel": CHANNELS.get(row.channel, row.channel),
        "note": note,
    }
