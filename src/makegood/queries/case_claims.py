"""What a customer was promised and came to light late, on the desk as on their page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from makegood.queries import when
from makegood.queries.when import When
from makegood.records import found_beside
from makegood.records.found_beside import Beside
from makegood.records.models import Attachment, Claim, ClaimStep
from makegood.rules import claims as rules
from makegood.rules import money
from makegood.rules.claims import Rung

FOUND_SHOWN = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """One thing that the company itself holds about the word."""

    kind: str
    at: When
    who: str
    words: str
    reference: str


@dataclass(frozen=True, kw_only=True, slots=True)
class StepCard:
    """One rung that was decided."""

    rung: str
    taken: bool | None
    by: str
    at: When
    why: str
    offer: str
    cost: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ClaimCard:
    """One claim: `next` is the rung to decide, "answer" while an offer waits, or empty."""

    id: int
    words: str
    source: str
    speaker: str
    said: When | None
    heard: When
    outcome: str
    next: str
    offer: str
    steps: tuple[StepCard, ...]
    found: tuple[Found, ...]


def read_claims(
    case_id: int, *, now: datetime, zone: ZoneInfo, finds: bool = True
) -> tuple[ClaimCard, ...]:
    """The claims of a case, the newest first; two queries, and one per open claim.

    :param finds: whether to look up what the company holds about the open ones.
    """
    rows = Claim.objects.filter(case=case_id).order_by("-pk")
    steps: dict[int, list[ClaimStep]] = {}
    if rows:
        for step in (
            ClaimStep.objects.filter(claim__case=case_id)
            .select_related("decided_by")
            .order_by("pk")
        ):
            steps.setdefault(step.claim_id, []).append(step)
    return tuple(_card(row, steps.get(row.pk, []), now=now, zone=zone, finds=finds) for row in rows)


def _card(
    row: Claim, steps: list[ClaimStep], *, now: datetime, zone: ZoneInfo, finds: bool
) -> ClaimCard:
    is_open = row.settled_at is None
    waiting = next((one.offer for one in steps if one.taken is None), "")
    return ClaimCard(
        id=row.pk,
        words=row.words,
        source=row.source,
        speaker=row.speaker_name,
        said=when.at(row.said_at, now=now, zone=zone) if row.said_at else None,
        heard=when.at(row.heard_at, now=now, zone=zone),
        outcome=row.outcome,
        next=_next({Rung(one.rung): one.taken for one in steps}) if is_open else "",
        offer=waiting,
        steps=tuple(_step(one, now=now, zone=zone) for one in steps),
        found=_found(row, now=now, zone=zone) if finds and is_open else (),
    )


def _next(taken: Mapping[Rung, bool | None]) -> str:
    rung = rules.next_rung(taken)
    return rung.value if rung else "answer"


def _step(one: ClaimStep, *, now: datetime, zone: ZoneInfo) -> StepCard:
    return StepCard(
        rung=one.rung,
        taken=one.taken,
        by=one.decided_by.name,
        at=when.at(one.decided_at, now=now, zone=zone),
        why=one.why,
        offer=one.offer,
        cost=money.in_words(one.cost_minor, one.currency) if one.cost_minor else "",
    )


def _found(row: Claim, *, now: datetime, zone: ZoneInfo) -> tuple[Found, ...]:
    beside = found_beside.read_beside(
        row.case_id, row.words, said_at=row.said_at, before=row.recorded_at
    )
    own = f"note:{row.contact_id}"  # where the customer said it is no source of its own
    return tuple(_of(one, now=now, zone=zone) for one in beside if one.key != own)[:FOUND_SHOWN]


def _of(one: Beside, *, now: datetime, zone: ZoneInfo) -> Found:
    return Found(
        kind=one.kind,
        at=when.at(one.at, now=now, zone=zone),
        who=one.who,
        words=one.words,
        reference=one.reference,
    )


def attachments_of(case_id: int) -> tuple[tuple[int, str], ...]:
    """The papers and photos that came with the mails of a case, to choose from."""
    files = Attachment.objects.filter(mail__case=case_id).order_by("-pk")
    return tuple(files.values_list("pk", "name"))
