"""What a customer can do until it is right: given by staff, and shown on the customer's page."""

from datetime import datetime

from django.db import transaction

from makegood.actions import cases, timeline
from makegood.actions.cases import CaseClosedError
from makegood.records.models import Case, Staff


@transaction.atomic
def advise(case_id: int, words: str, *, by: Staff, now: datetime) -> Case:
    """Say what to do until it is right, in place of what was said before; empty takes it back.

    :raises CaseClosedError: if the case is closed.
    """
    case = cases.lock(case_id)
    if case.closed_at is not None:
        raise CaseClosedError(f"Case {case.reference} is closed; reopen it first.")
    if case.meanwhile == words:
        return case
    case.meanwhile = words
    case.save(update_fields=["meanwhile"])
    kind = "advice_given" if words else "advice_taken_back"
    timeline.append(case_id=case.pk, kind=kind, at=now, now=now, facts={"by": by.pk}, words=words)
    return case
