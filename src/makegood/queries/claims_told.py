"""What was promised and is not decided on, for whoever is told of a case: what, by whom, when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from makegood.queries import when
from makegood.queries.when import When
from makegood.records.models import Claim, ClaimStep, Promise, PromiseKind
from makegood.rules.claims import Rung


@dataclass(frozen=True, kw_only=True, slots=True)
class ClaimTold:
    """One claim: its words, who gave the word and when, by when it is due, and when they hear."""

    id: int
    words: str
    speaker: str
    said: When | None
    due: When | None
    heard_by: When | None


def read_claims_told(
    cases: Iterable[int], *, now: datetime, zone: ZoneInfo
) -> Mapping[int, tuple[ClaimTold, ...]]:
    """The claims of some cases that nobody has decided on yet; two queries, or one if none.

    One whose offer waits for the customer was decided on: it is theirs to answer.
    """
    offered = ClaimStep.objects.filter(rung=Rung.OFFER.value, taken=None)
    open_ = Claim.objects.filter(case__in=set(cases), settled_at=None).select_related("promise")
    claims = list(open_.exclude(pk__in=offered.values("claim")).order_by("pk"))
    answers = _answers({claim.case_id for claim in claims}, now=now) if claims else {}
    told: dict[int, tuple[ClaimTold, ...]] = {}
    for claim in claims:
        answer = answers.get((claim.case_id, claim.recorded_at))
        one = _told(claim, answer, now=now, zone=zone)
        told[claim.case_id] = (*told.get(claim.case_id, ()), one)
    return told


def _answers(cases: set[int], *, now: datetime) -> dict[tuple[int, datetime], Promise]:
    """By when the customer of each case hears, by the moment in which that was promised.

    A claim's answer is promised in the act that records it; other news says nothing of the claim,
    and neither does news whose time has passed.
    """
    news = Promise.objects.still_open().filter(case__in=cases, kind=PromiseKind.NEWS)
    to_come = news.filter(due_at__gt=now).order_by("-due_at")
    return {(one.case_id, one.said_at): one for one in to_come}


def _told(claim: Claim, answer: Promise | None, *, now: datetime, zone: ZoneInfo) -> ClaimTold:
    return ClaimTold(
        id=claim.pk,
        words=claim.words,
        speaker=claim.speaker_name,
        said=when.at(claim.said_at, now=now, zone=zone) if claim.said_at else None,
        due=when.due(claim.promise, now=now, zone=zone) if claim.promise else None,
        heard_by=when.due(answer, now=now, zone=zone) if answer else None,
    )
