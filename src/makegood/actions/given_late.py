"""Cases that are open only until something arrives, and close by themselves then.

Some were closed when everybody was given something: their customers were hit as well, and what is
granted is promised, which only an open case can be. Of others the customer said that it is right
while money was on its way. Nobody is asked again: they have said so, or did not want to.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from makegood.actions import askings, cases, reopening, staff
from makegood.actions.cases import StillPromisedError
from makegood.actions.spread_rows import Rows
from makegood.records import hit
from makegood.records.hit import Closed, HitCase
from makegood.records.models import (
    Asking,
    Case,
    Contact,
    Direction,
    IncidentRemedy,
    Parting,
    Promise,
    Reply,
    ReplyKind,
    TimelineEntry,
)
from makegood.rules.promises import Outcome
from makegood.rules.timeline import Head

_CLOSERS: Final[Mapping[str, QuerySet[Contact] | QuerySet[Asking] | QuerySet[Parting]]] = {
    "contact": Contact.objects.all(),
    "asking": Asking.objects.all(),
    "parting": Parting.objects.all(),
}


def open_again(
    decided: IncidentRemedy, locked: Sequence[int], *, now: datetime
) -> dict[int, Closed]:
    """Open those of some locked cases that are closed, to give them what was decided for all.

    All belong to the incident from now on, also those of one that turned out to be part of it.
    Whom the laws of remedies keep from it, and whose owner has left with nobody in their stead,
    stay closed, and are left to people.
    """
    closed = hit.read_closed(locked)
    hit.join(locked, incident=decided.incident_id)
    left_out = hit.kept_from(decided.pk, cases=list(closed), now=now)
    left_out |= {
        one
        for one, was in closed.items()
        if one not in left_out and not was.owner_is_here and not _has_new_home(one, now=now)
    }
    hit.leave_out(left_out, remedy=decided.pk)
    opened = {one: was for one, was in closed.items() if one not in left_out}
    hit.open_again(list(opened))
    return opened


def note_opened(was: Closed, one: HitCase, *, rows: Rows, incident: int, now: datetime) -> Head:
    """Note on its timeline that a case was opened for this, and by what it had been closed."""
    facts: dict[str, Any] = {"incident": incident, was.closer: was.by}
    kind = reopening.OPENED_TO_GIVE
    return rows.link(one.head, case=one.case, kind=kind, at=now, now=now, facts=facts)


def close_as_before(case: Case, *, now: datetime) -> None:
    """Close a locked case by what closed it before, if it was opened only to be given something.

    It stays open if its customer has said anything since but that it is right, if what closed it
    counts no more, or if anything else is to do or to come.
    """
    opened = reopening.opened_to_give(case)
    if opened is None or _is_anything_to_come(case):
        return
    by = _closer(case, opened)
    if by is not None:
        facts = {type(by).__name__.lower(): by.pk}
        cases.close_as_before(case, by, facts=facts, now=now)


def close_as_said(case: Case, *, now: datetime) -> None:
    """Close a locked case whose customer said that it is right while something was on its way.

    It stays open if they have said anything since, if a word to them broke since, or if anything
    else is to do or to come.
    """
    if case.closed_at is not None or _is_anything_to_come(case):
        return
    heard = Contact.objects.standing().filter(case=case, direction=Direction.INBOUND)
    last = heard.order_by("-happened_at", "-pk").first()
    if last is None or not Reply.objects.filter(contact=last, kind=ReplyKind.RIGHT).exists():
        return
    broken = Promise.objects.filter(case=case, outcome=Outcome.BROKEN)
    if not broken.filter(settled_recorded_at__gt=last.happened_at).exists():
        cases.close_case(case_id=case.pk, answer=last, now=now)


def _closer(case: Case, opened: TimelineEntry) -> Contact | Asking | Parting | None:
    """What closed it before, or that it is right as they say since; None if it must stay open."""
    facts = json.loads(opened.body)["facts"]
    key = next(closer for closer in _CLOSERS if closer in facts)
    by = _CLOSERS[key].all().get(pk=facts[key])
    heard = Contact.objects.standing().filter(
        case=case, direction=Direction.INBOUND, happened_at__gte=_since(by, opened)
    )
    says_right = Reply.objects.filter(contact=OuterRef("pk"), kind=ReplyKind.RIGHT)
    if heard.exclude(Exists(says_right)).exists():
        return None
    is_taken_back = isinstance(by, Contact) and by.withdrawn_at is not None
    return heard.order_by("-happened_at", "-pk").first() or (None if is_taken_back else by)


def _since(by: Contact | Asking | Parting, opened: TimelineEntry) -> datetime:
    """From when what they say counts: silence closes only if nothing was heard since we asked."""
    first = by.first if isinstance(by, Asking) else None
    return (first.asked_at if first else None) or opened.happened_at


def _is_anything_to_come(case: Case) -> bool:
    if askings.open_asking(case.pk) is not None or askings.is_anything_to_do(case.pk):
        return True
    try:
        cases.check_nothing_is_promised(case)
    except StillPromisedError:
        return True
    return False


def _has_new_home(case_id: int, *, now: datetime) -> bool:
    try:
        with transaction.atomic():
            staff.find_new_home(Case.objects.select_related("owner").get(pk=case_id), now=now)
    except staff.NobodyToCoverError:
        return False
    return True
