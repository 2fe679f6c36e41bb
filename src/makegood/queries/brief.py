"""One screen for somebody who was told of a broken promise and will speak to the customer."""

import json
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from makegood.language import sentences
from makegood.queries import because, case_effort, case_promises, waiting, when
from makegood.queries.case_effort import Effort
from makegood.queries.case_promises import Card
from makegood.queries.claims_told import ClaimTold, read_claims_told
from makegood.queries.waiting import About
from makegood.queries.when import When
from makegood.records.models import Escalation, Staff, TimelineEntry
from makegood.rules.escalation import Reason
from makegood.rules.promises import Standing


@dataclass(frozen=True, kw_only=True, slots=True)
class Brief:
    """The page."""

    id: int
    about: About
    phone: str
    since: When
    severity_because: str
    wanted: str
    owner: str
    reason: str
    role: str
    told: When
    told_to: str
    passed_over: tuple[str, ...]
    acknowledged: When | None
    acknowledged_by: str
    broken: tuple[Card, ...]
    kept: int
    open: tuple[Card, ...]
    effort: Effort
    first_sentence: str
    claims: tuple[ClaimTold, ...] = ()


def get_brief(escalation_id: int, *, reader: Staff, now: datetime) -> Brief:
    """The brief of one telling, in the reader's zone.

    :raises Escalation.DoesNotExist: if there is none.
    """
    zone = ZoneInfo(reader.zone)
    told = Escalation.objects.select_related(
        "case__customer", "case__owner", "case__team", "staff", "acknowledged_by"
    ).get(pk=escalation_id)
    case = told.case
    cards = case_promises.read_cards(case.pk, now=now, zone=zone).cards
    broken = tuple(card for card in cards if card.standing is Standing.BROKEN)
    acknowledged = told.acknowledged_at
    claims = read_claims_told([case.pk], now=now, zone=zone).get(case.pk, ())
    return Brief(
        id=told.pk,
        about=waiting.about(case),
        phone=case.customer.phone,
        since=when.at(case.failed_at, now=now, zone=zone),
        severity_because=because.in_words(case.severity_because),
        wanted=case.wanted,
        owner=case.owner.name,
        reason=told.reason,
        role=told.role,
        told=when.at(told.told_at, now=now, zone=zone),
        told_to=told.staff.name,
        passed_over=tuple(sentences.said(skip["why"]) for skip in told.skipped),
        acknowledged=when.at(acknowledged, now=now, zone=zone) if acknowledged else None,
        acknowledged_by=told.acknowledged_by.name if told.acknowledged_by else "",
        broken=broken,
        kept=sum(card.standing is Standing.KEPT for card in cards),
        open=tuple(card for card in cards if card.is_open),
        effort=case_effort.read_effort(case.pk),
        first_sentence=_first_sentence(reader, told, broken, claims),
        claims=claims,
    )


def _first_sentence(
    reader: Staff, told: Escalation, broken: tuple[Card, ...], claims: tuple[ClaimTold, ...]
) -> str:
    """What to say first: who speaks, and that it is our fault; never why it is not."""
    customer = told.case.customer.name
    theirs = _passed_up(told, claims) if told.reason == Reason.CLAIM else None
    if theirs is not None:
        return _(
            "%(customer)s, this is %(name)s. You were promised: “%(words)s” We believe you. "
            "I am deciding how we keep it."
        ) % {"customer": customer, "name": reader.name, "words": theirs.words}
    if not broken:
        return _(
            "%(customer)s, this is %(name)s. Something of yours went wrong with us on my watch: "
            "%(title)s. I am sorry. I am making sure that you get what we promised."
        ) % {"customer": customer, "name": reader.name, "title": told.case.title}
    return _(
        "%(customer)s, this is %(name)s. You were told: “%(words)s” We did not do it. "
        "That is our fault, and I am sorry. I am calling to put it right."
    ) % {"customer": customer, "name": reader.name, "words": broken[-1].words}


def _passed_up(told: Escalation, claims: tuple[ClaimTold, ...]) -> ClaimTold | None:
    """The claim that this telling put before them, if it is still theirs to decide."""
    rows = TimelineEntry.objects.filter(
        case=told.case_id, kind="claim_passed_up", recorded_at=told.told_at
    )
    row = rows.order_by("-seq").first()
    claim = json.loads(row.body)["facts"]["claim"] if row else None
    return next((one for one in claims if one.id == claim), None)
