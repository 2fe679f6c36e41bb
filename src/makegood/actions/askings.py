"""Owing the question: a customer is to be asked whether it is right as soon as it was put right.

The caller holds the case's lock. What follows once they were asked is for `silence`.
"""

import json
from collections.abc import Sequence
from datetime import datetime

from django.db.models import Max, Q, QuerySet

from makegood.actions import claim_ends, timeline
from makegood.records.models import (
    Asking,
    Case,
    Claim,
    Contact,
    Direction,
    IncidentTruth,
    Message,
    MessageKind,
    Promise,
    Reply,
    ReplyKind,
    TimelineEntry,
    Visit,
    Want,
)
from makegood.rules import askings
from makegood.rules.askings import AskingEnd, Deed
from makegood.rules.promises import Outcome
from makegood.rules.visits import VisitOutcome

_OF_A_VISIT = {
    VisitOutcome.DONE: Outcome.KEPT,
    VisitOutcome.FAILED: Outcome.BROKEN,
    VisitOutcome.CANCELLED: Outcome.RELEASED,
}
_OPENED = ("case_reopened", "opened_to_give")


def look(case: Case, *, now: datetime) -> None:
    """Ask a customer for whom the last thing was done; ask them no longer if something is to do.

    Whoever was asked, and wanted or claimed something then, is asked anew when that was answered.
    """
    if case.is_canary or case.closed_at is not None:
        return
    waiting = open_asking(case.pk)
    if is_anything_to_do(case.pk):
        if waiting is not None:
            end(waiting, AskingEnd.NOT_FIXED, now=now)
        return
    if waiting is None and _is_to_be_asked(case):
        begin(case, now=now)


def begin(case: Case, *, now: datetime, first: Asking | None = None) -> Asking:
    """Owe the question to the customer of a locked case, for the first or the second time."""
    number = askings.LAST if first else askings.FIRST
    serial = Asking.objects.filter(case=case).count() + 1
    message = Message.objects.create(
        case=case,
        kind=MessageKind.QUESTION,
        about=f"case:{case.pk}:question:{serial}",
        queued_at=now,
    )
    asking = Asking.objects.create(
        case=case, number=number, first=first, message=message, opened_at=now
    )
    facts = {"asking": asking.pk, "number": number}
    timeline.append(case_id=case.pk, kind="question_owed", at=now, now=now, facts=facts)
    return asking


def end(asking: Asking, reason: AskingEnd, *, now: datetime) -> None:
    """Let an asking wait no longer."""
    asking.ended_at, asking.ended_by = now, reason.value
    asking.save(update_fields=["ended_at", "ended_by"])


def fails_again(case: Case, *, at: datetime, now: datetime) -> None:
    """Ask the customer of a locked case no longer: what was put right has failed since, or does."""
    waiting = open_asking(case.pk)
    if waiting is not None and at >= waiting.opened_at:
        end(waiting, AskingEnd.NOT_FIXED, now=now)


def ask_anew(contact: Contact, *, now: datetime) -> None:
    """Owe the question that a contact had ended which the customer of a locked case never made."""
    case = Case.objects.get(pk=contact.case_id)
    heard = AskingEnd.HEARD.value
    ended = Asking.objects.filter(case=case, ended_by=heard, ended_at=contact.recorded_at)
    spoken = Contact.objects.standing().filter(
        case=case, direction=Direction.INBOUND, recorded_at__gte=contact.recorded_at
    )
    if case.closed_at is not None or not ended.exists() or spoken.exists():
        return
    if open_asking(case.pk) is None and not is_anything_to_do(case.pk):
        begin(case, now=now)


def open_asking(case_id: int) -> Asking | None:
    """The asking of a case that waits to be said, or for its answer."""
    rows = Asking.objects.filter(case=case_id, ended_at=None)
    return rows.select_related("first", "message", "promise").first()


def is_anything_to_do(case_id: int) -> bool:
    """Whether something is still to be done for the customer, or what they want or claim waits."""
    to_do = Promise.objects.still_open().before_asking().filter(case=case_id)
    visits = Visit.objects.filter(case=case_id, outcome=None)
    waits = (to_do, visits, open_wants(case_id), claim_ends.open_claims(case_id))
    return any(rows.exists() for rows in waits)


def not_to_be_asked(cases: Sequence[int]) -> set[int]:
    """Those of some cases whose customers are being asked, or for whom something is to do."""
    asked = Asking.objects.filter(case__in=cases, ended_at=None)
    to_do = Promise.objects.still_open().before_asking().filter(case__in=cases)
    visits = Visit.objects.filter(case__in=cases, outcome=None)
    wanted = Want.objects.filter(case__in=cases, promise=None, declined_at=None, let_go_by=None)
    claimed = Claim.objects.filter(case__in=cases, settled_at=None)
    canaries = Case.objects.filter(pk__in=cases, is_canary=True)
    found: set[int] = set(canaries.values_list("pk", flat=True))
    for rows in (asked, to_do, visits, wanted, claimed):
        found.update(rows.values_list("case", flat=True))
    return found


def open_wants(case_id: int) -> QuerySet[Want]:
    """What the customer of a case wants and nobody has answered."""
    return Want.objects.filter(case=case_id, promise=None, declined_at=None, let_go_by=None)


def _is_to_be_asked(case: Case) -> bool:
    late = _done_late(case.pk)
    last = Asking.objects.filter(case=case).order_by("-pk").first()
    opened = last.opened_at if last else None
    return askings.is_to_be_asked(
        _deeds(case, late=late),
        answered_at=_answered_at(case.pk, late=late),
        last_opened=opened,
    )


def _deeds(case: Case, *, late: frozenset[int]) -> list[Deed]:
    """What was to be done. Of a visit it is what was done there: coming alone mends nothing.

    What was done too late has broken its promise, and mends all the same.
    """
    rows = Promise.objects.deeds().filter(case=case, correction=None, visits=None)
    visits = Visit.objects.filter(case=case, promise__correction=None)
    done = [
        Deed(outcome=_of_promise(outcome, is_late=pk in late), recorded_at=at)
        for pk, outcome, at in rows.values_list("pk", "outcome", "settled_recorded_at")
    ] + [
        Deed(outcome=_OF_A_VISIT[VisitOutcome(outcome)] if outcome else None, recorded_at=at)
        for outcome, at in visits.values_list("outcome", "ended_at")
    ]
    return done + _end_of_all(case)


def _end_of_all(case: Case) -> list[Deed]:
    """That its incident is over, once it was told so: for whom something was to do, that waited.

    It mends nothing for whoever said since that it is not right, nor for whom it was right before
    and is opened only to be given something.
    """
    told = IncidentTruth.objects.filter(
        incident=case.incident_id or 0, incident__merged_into=None, remedy=None
    ).exclude(incident__over_at=None)
    last = told.order_by("-number").first()
    if last is None or not case.pk <= (last.upto if last.told_at else last.reached):
        return []
    said_no = case.replies.filter(kind=ReplyKind.NOT_RIGHT, sent_at__gte=last.said_at)
    opened = case.timeline.filter(kind__in=_OPENED, happened_at__gte=last.said_at)
    if said_no.exists() or opened.exists():
        return []
    return [Deed(outcome=Outcome.KEPT, recorded_at=last.said_at)]


def _answered_at(case_id: int, *, late: frozenset[int]) -> datetime | None:
    """When what the customer wanted or claimed besides was answered last; not by a broken word.

    What they said before they said on their page that it is right keeps no question open.
    """
    not_done = _not_done(case_id, late=late)
    is_over = Q(promise__outcome__isnull=False) & ~Q(promise__in=not_done)
    right = Reply.objects.filter(case=case_id, kind=ReplyKind.RIGHT).order_by("-pk").first()
    wanted, claimed = Want.objects.filter(case=case_id), Claim.objects.filter(case=case_id)
    if right is not None:
        wanted = wanted.filter(said_at__gt=right.sent_at)
        claimed = claimed.filter(heard_at__gt=right.sent_at)
    wants = wanted.aggregate(
        declined=Max("declined_at"),
        done=Max("promise__settled_recorded_at", filter=is_over),
    )
    claims = claimed.exclude(steps__promise__in=not_done).aggregate(settled=Max("settled_at"))
    return max((at for at in (*wants.values(), *claims.values()) if at), default=None)


def _not_done(case_id: int, *, late: frozenset[int]) -> set[int]:
    """The promises of a case that wait or broke, and those that were replaced by such a one."""
    rows = Promise.objects.filter(case=case_id)
    waits_or_broke = rows.filter(Q(outcome=None) | Q(outcome=Outcome.BROKEN.value))
    found = new = set(waits_or_broke.values_list("pk", flat=True)) - late
    while new:  # a replaced promise is as its successor is
        new = set(rows.filter(replaced_by__in=new).values_list("pk", flat=True))
        found = found | new
    return found


def _of_promise(outcome: str | None, *, is_late: bool) -> Outcome | None:
    if is_late:
        return Outcome.KEPT
    return Outcome(outcome) if outcome else None


def _done_late(case_id: int) -> frozenset[int]:
    """The promises of a case that were broken by a deed that came too late."""
    rows = TimelineEntry.objects.filter(case=case_id, kind="done_late")
    bodies = rows.values_list("body", flat=True)
    return frozenset(json.loads(body)["facts"]["promise"] for body in bodies)
