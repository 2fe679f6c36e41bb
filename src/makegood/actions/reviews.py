"""Recording what somebody outside decided on a case that ended without a yes.

They decide months later. If they found for the customer, even in part, the case opens again as if
the customer had said that it is not right; else nothing changes.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.db import transaction

from makegood.actions import cases, reopening, timeline
from makegood.actions.cases import ErasedError
from makegood.records.models import Case, Erasure, Parting, Review, Staff
from makegood.rules import reviews
from makegood.rules.reviews import NoPartingError, ReviewVerdict, ReviewWordsMissingError

RECORDED: Final = "reviewed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """Who outside decided, on which day, what, and in which words or under which reference."""

    reviewer: str
    decided_on: date
    verdict: ReviewVerdict
    words: str


@transaction.atomic
def record(case_id: int, decision: Decision, *, by: Staff, now: datetime) -> Review:
    """Write down a decision on the last parting of a case; one for the customer opens the case.

    :raises NoPartingError: if the case has not ended without a yes.
    :raises ReviewDayError: if they decided before that, or later than today.
    :raises ReviewWordsMissingError: if it does not say who decided, or what.
    :raises ErasedError: if its customer was erased.
    :raises NobodyToCoverError: if the case opens, its owner has left, and nobody stands in.
    """
    case = cases.lock(case_id)
    if Erasure.objects.filter(customer=case.customer_id).exists():
        raise ErasedError(ErasedError.__doc__)
    review = _write(case, decision, by=by, now=now)
    if decision.verdict in reviews.OPENS_AGAIN and reopening.ended_at(case) is not None:
        facts = {"review": review.pk, "by": by.pk}
        reopening.write_reopened(case, at=now, facts=facts, now=now)
    return review


def _write(case: Case, decision: Decision, *, by: Staff, now: datetime) -> Review:
    parting = _parting_of(case, decision, now=now)
    review = Review.objects.create(
        case=case,
        parting=parting,
        reviewer=decision.reviewer.strip(),
        decided_on=decision.decided_on,
        verdict=decision.verdict.value,
        words=decision.words.strip(),
        recorded_by=by,
        recorded_at=now,
    )
    facts = {"review": review.pk, "verdict": review.verdict, "by": by.pk}
    words = f"{review.reviewer}: {review.words}"
    timeline.append(case_id=case.pk, kind=RECORDED, at=now, now=now, facts=facts, words=words)
    return review


def _parting_of(case: Case, decision: Decision, *, now: datetime) -> Parting:
    """The parting that they decided on."""
    parting = case.partings.order_by("-pk").first()
    if parting is None:
        raise NoPartingError
    if not decision.reviewer.strip() or not decision.words.strip():
        raise ReviewWordsMissingError
    zone = ZoneInfo(case.customer.zone)
    reviews.check_day(
        decision.decided_on,
        parted_on=parting.decided_at.astimezone(zone).date(),
        today=now.astimezone(zone).date(),
    )
    return parting
