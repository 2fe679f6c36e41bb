"""What was promised and is not decided on, for whoever is told of a case: what, by whom, when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from makegood.queries import when
from makegood.queries.when import When
from makegood.records.models import Claim, Promise, PromiseKind


@dataclass(frozen=True, kw_only=True, slots=True)
class ClaimTold:
    """One claim: its words, who gave the word and when, by when it is due, and when they hear."""

    words: str
    speaker: str
    said: When | None
    due: When | None
    heard_by: When | None


def read_claims_told(
    cases: Iterable[int], *, now: datetime, zone: ZoneInfo
) -> Mapping[int, tuple[ClaimTold, ...]]:
    """The claims of some cases that nobody has decided on yet; two queries, or one if none."""
    open_ = Claim.objects.filter(case__in=set(cases), settled_at=None).select_related("promise")
    claims = list(open_.order_by("pk"))
    answers = _answers({claim.case_id for claim in claims}) if claims else {}
    told: dict[int, tuple[ClaimTold, ...]] = {}
    for claim in claims:
        answer = answers.get(claim.case_id)
        one = _told(claim, answer, now=now, zone=zone)
        told[claim.case_id] = (*told.get(claim.case_id, ()), one)
    return told


def _answers(cases: set[int]) -> dict[int, Promise]:
    """By when the customer of each case hears next."""
    news = Promise.objects.still_open().filter(case__in=cases, kind=PromiseKind.NEWS)
    return {one.case_id: one for one in news.order_by("-due_at")}


def _told(claim: Claim, answer: Promise | None, *, now: datetime, zone: ZoneInfo) -> ClaimTold:
    return ClaimTold(
        words=claim.words,
        speaker=claim.speaker_name,
        said=when.at(claim.said_at, now=now, zone=zone) if claim.said_at else None,
        due=when.due(claim.promise, now=now, zone=zone) if claim.promise else None,
        heard_by=when.due(answer, now=now, zone=zone) if answer else None,
    )
