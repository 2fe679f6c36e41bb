"""Looks at the desks that are followed, outside of any transaction, in a thread of its own.

What one look brought counts, even if the server fails half-way: the next look asks again, and the
same request twice changes nothing.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from threading import Event
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings

from makegood.actions import partner_requests, partners
from makegood.actions.partner_requests import Became
from makegood.clockwork.beside import beside
from makegood.gateways import open311
from makegood.gateways.open311 import Ask, Open311Error, Page, Server
from makegood.records.models import Partner, PartnerRequest
from makegood.records.trouble import is_passing
from makegood.rules import following
from makegood.rules.following import Followed, Theirs

EVERY_SECONDS = 20.0
PATIENCE_SECONDS = 5.0

log = structlog.get_logger(__name__)


@dataclass(kw_only=True, slots=True)
class Looked:
    """What one look at a partner came to; `error` is why it ended early."""

    is_all: bool
    became: Counter[Became] = field(default_factory=Counter)
    unread: int = 0
    refused: int = 0
    error: str = ""
    has_more: bool = False


def follow(
    partner: Partner, *, now: datetime, look: Ask | None = None, is_all: bool = False
) -> Looked:
    """Look once at a partner that was claimed; at all of it, or at what changed lately."""
    followed = _followed(partner, is_all=is_all)
    looked = Looked(is_all=following.is_catching_up(followed, now=now))
    windows = following.windows(followed, now=now)
    if looked.is_all:
        windows += following.by_ids(_open_ids(partner))
    try:
        _take_all(partner, open311.pages(_server(partner), windows, look=look), looked, now=now)
    except Open311Error as error:
        looked.error = str(error)
    _finish(partner, looked, now=now)
    return looked


def following_partners(*, every_seconds: float = EVERY_SECONDS) -> AbstractContextManager[None]:
    """Follow partners for as long as the block runs."""

    def work(now: datetime, ending: Event) -> bool:
        partner = None if ending.is_set() else partners.claim_due(now=now)
        if partner is not None:
            follow(partner, now=now)
        return partner is not None

    return beside(
        work, name="following", every_seconds=every_seconds, patience_seconds=PATIENCE_SECONDS
    )


def _take_all(partner: Partner, pages: Iterator[Page], looked: Looked, *, now: datetime) -> None:
    for page in pages:
        looked.unread += page.unread
        for theirs in page.requests:
            if looked.became[Became.NEW] >= following.NEW_MAX:
                looked.has_more = True
                return
            _take(partner, theirs, looked, now=now)


def _take(partner: Partner, theirs: Theirs, looked: Looked, *, now: datetime) -> None:
    try:
        looked.became[partner_requests.take(partner, theirs, now=now)] += 1
    except Exception as error:
        if is_passing(error):
            raise
        looked.refused += 1  # one request that cannot be taken keeps no other waiting
        log.exception("partner_request_refused", partner=partner.pk)


def _finish(partner: Partner, looked: Looked, *, now: datetime) -> None:
    if looked.error:
        log.warning("partner_not_read", partner=partner.pk, error=looked.error)
        partners.failed(partner, error=looked.error, now=now)
    elif looked.has_more:
        partners.go_on(partner, now=now)
    else:
        left_out = looked.unread + looked.refused
        partners.looked(partner, is_all=looked.is_all, began=now, unread=left_out, now=now)


def _followed(partner: Partner, *, is_all: bool) -> Followed:
    return Followed(
        since=partner.since,
        seen_until=partner.seen_until,
        caught_up_at=None if is_all else partner.caught_up_at,
        zone=ZoneInfo(partner.service.team.calendar.zone),
    )


def _open_ids(partner: Partner) -> list[str]:
    rows = PartnerRequest.objects.filter(partner=partner, is_open=True).order_by("pk")
    return list(rows.values_list("external_id", flat=True))


def _server(partner: Partner) -> Server:
    return Server(
        url=partner.url,
        jurisdiction=partner.jurisdiction,
        key=partner.api_key,
        services=tuple(partner.codes),
        is_private_allowed=settings.WEBHOOKS_PRIVATE,
    )
