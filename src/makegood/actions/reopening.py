"""Opening a case again: its customer says that it is not right, or it was closed by mistake.

A case that is open only to be given something counts as closed: what its customer says opens it
for more than that, and is counted as what it is.
"""

from datetime import datetime
from typing import Any, Final

from django.db import transaction

from makegood.actions import asking_why, cases, promises, staff, timeline
from makegood.actions.cases import AnswerError, CaseOpenError, ErasedError
from makegood.records import hit
from makegood.records.models import Case, Contact, Erasure, TimelineEntry

OPENED_TO_GIVE: Final = "opened_to_give"
_CLOSED: Final = ("case_closed", "closed_as_before")
_OPENED: Final = ("case_reopened", "closing_taken_back")


def opened_to_give(case: Case) -> TimelineEntry | None:
    """The entry by which an open case was opened only to be given something; else None."""
    turns = case.timeline.filter(kind__in=[OPENED_TO_GIVE, *_CLOSED, *_OPENED])
    last = turns.order_by("-seq").first()
    return last if last is not None and last.kind == OPENED_TO_GIVE else None


def ended_at(case: Case) -> datetime | None:
    """When a case was closed, also if it is open since only to be given something; else None."""
    if case.closed_at is not None or opened_to_give(case) is None:
        return case.closed_at
    return case.timeline.filter(kind__in=_CLOSED).latest("seq").happened_at


@transaction.atomic
def reopen_case(*, case_id: int, answer: Contact, now: datetime) -> Case:
    """Open a closed case again, since its customer says that it is not right (law 8).

    The owner stays the same, and the customer is promised at once when they will hear. If the
    owner has left meanwhile, whoever took over their cases has it.

    :raises CaseOpenError: if it is open.
    :raises AnswerError: if the contact is of another case, or from before this one was closed.
    :raises ErasedError: if its customer was erased.
    :raises NobodyToCoverError: if the owner has left and nobody stands in.
    """
    case = cases.lock(case_id)
    closed_at = ended_at(case)
    if closed_at is None:
        raise CaseOpenError(CaseOpenError.__doc__)
    if answer.case_id != case.pk or answer.happened_at < closed_at:
        raise AnswerError("A case opens again by what its own customer said after it was closed.")
    facts = {"contact": answer.pk, "by": answer.staff_id}
    write_reopened(case, at=answer.happened_at, facts=facts, now=now)
    return case


def write_reopened(
    case: Case,
    *,
    at: datetime,
    facts: dict[str, Any],
    now: datetime,
    kind: str = "case_reopened",
    words: str = "",
) -> None:
    """Write that a locked case is open again, and promise its customer when they will hear.

    It belongs to the whole of which its incident turned out to be a part meanwhile.

    :raises ErasedError: if its customer was erased.
    :raises NobodyToCoverError: if the owner has left and nobody stands in.
    """
    if Erasure.objects.filter(customer=case.customer_id).exists():
        raise ErasedError(ErasedError.__doc__)
    staff.find_new_home(case, now=now)
    case.closed_at = case.closed_by_contact = None
    case.closed_by_asking = case.closed_by_parting = None
    if case.incident_id is not None:
        case.incident_id = hit.whole_of(case.incident_id)
    case.save(update_fields=[*cases.CLOSING, "incident_id"])
    asking_why.let_rest(case)
    facts = facts | {"owner": case.owner_id}
    timeline.append(case_id=case.pk, kind=kind, at=at, now=now, facts=facts, words=words)
    promises.promise_news(case, now=now)
