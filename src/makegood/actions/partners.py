"""Partners: other desks that are followed; set up, changed, stopped, and looked at in turn."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models, transaction

from makegood.actions import changes
from makegood.actions.changes import Editor, FieldError
from makegood.records import settings_facts
from makegood.records.models import Partner, Service, Staff, Thing
from makegood.rules import following, outside

LOOKED_AT_FOR = timedelta(minutes=20)
"""How long one reader has a partner to itself; a crash leaves it to the next after that."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """Whom to follow: where, which of its services, and which of ours they are about.

    No `key` leaves the one that is there.
    """

    name: str
    url: str
    service: int
    since: datetime
    jurisdiction: str = ""
    key: str = ""
    codes: Sequence[str] = ()


@transaction.atomic
def make(wanted: Wanted, *, by: Staff, now: datetime) -> Partner:
    """Follow another desk from now on.

    :raises FieldError: if its address may not be asked, or its name is taken.
    """
    _check(wanted, besides=0)
    partner = Partner(made_by=by, made_at=now, look_at=now, since=wanted.since)
    _fill(partner, wanted)
    partner.save()
    after = settings_facts.read(Thing.PARTNER, str(partner.pk))
    changes.note(Thing.PARTNER, str(partner.pk), None, after, editor=Editor(by=by, now=now))
    return partner


@transaction.atomic
def change(partner_id: int, wanted: Wanted, *, by: Staff, now: datetime) -> Partner:
    """Follow it in another way from now on, and look at all of it once more.

    :raises FieldError: if its address may not be asked, or its name is taken.
    """
    _check(wanted, besides=partner_id)

    def write(partner: Partner) -> None:
        _fill(partner, wanted)
        partner.since, partner.caught_up_at = wanted.since, None
        if partner.stopped_at is None:
            partner.look_at = now

    return _change(partner_id, write, by=by, now=now)


@transaction.atomic
def stop(partner_id: int, *, by: Staff, now: datetime) -> Partner:
    """Follow it no longer; its cases stay, and what was promised in its name stays promised."""

    def write(partner: Partner) -> None:
        partner.stopped_at, partner.look_at = partner.stopped_at or now, None

    return _change(partner_id, write, by=by, now=now)


@transaction.atomic
def start(partner_id: int, *, by: Staff, now: datetime) -> Partner:
    """Follow it again; at its first look it catches up with what was missed."""

    def write(partner: Partner) -> None:
        partner.stopped_at, partner.look_at, partner.caught_up_at = None, now, None

    return _change(partner_id, write, by=by, now=now)


@transaction.atomic
def look_soon(partner_id: int, *, now: datetime) -> None:
    """Let the clock look at it at its next turn, if it is followed."""
    Partner.objects.filter(pk=partner_id, stopped_at=None).update(look_at=now)


@transaction.atomic
def claim_due(*, now: datetime) -> Partner | None:
    """Take the partner that has waited longest; nobody else looks at it meanwhile."""
    return _claim(Partner.objects.filter(look_at__lte=now).order_by("look_at", "pk"), now=now)


@transaction.atomic
def claim(partner_id: int, *, now: datetime) -> Partner | None:
    """Take one partner, due or not; None if it is stopped."""
    return _claim(Partner.objects.filter(pk=partner_id, stopped_at=None), now=now)


@transaction.atomic
def looked(partner: Partner, *, is_all: bool, began: datetime, unread: int, now: datetime) -> None:
    """A look came to its end; what changed before it began is not asked for again."""
    rows = Partner.objects.filter(pk=partner.pk)
    rows.update(failures=0, failing_since=None, error="", seen_until=began, unread=unread)
    rows.filter(stopped_at=None).update(look_at=following.next_look(0, now=now))
    if is_all:
        rows.update(caught_up_at=began)


@transaction.atomic
def go_on(partner: Partner, *, now: datetime) -> None:
    """There was more than one look takes: what is left is for the next one."""
    rows = Partner.objects.filter(pk=partner.pk)
    rows.update(failures=0, failing_since=None, error="")
    rows.filter(stopped_at=None).update(look_at=following.next_look(0, now=now))


@transaction.atomic
def failed(partner: Partner, *, error: str, now: datetime) -> None:
    """It could not be read: look again later, and the longer it fails, the later."""
    row = Partner.objects.select_for_update().get(pk=partner.pk)
    row.failures += 1
    row.failing_since = row.failing_since or now
    row.error = error[:300]
    if row.stopped_at is None:
        row.look_at = following.next_look(row.failures, now=now)
    row.save(update_fields=["failures", "failing_since", "error", "look_at"])


def _claim(rows: models.QuerySet[Partner], *, now: datetime) -> Partner | None:
    locked = rows.select_related("service__team__calendar")
    partner = locked.select_for_update(skip_locked=True, of=("self",)).first()
    if partner is not None:
        Partner.objects.filter(pk=partner.pk).update(look_at=now + LOOKED_AT_FOR)
    return partner


def _change(
    partner_id: int, write: Callable[[Partner], None], *, by: Staff, now: datetime
) -> Partner:
    key = str(partner_id)
    partner = Partner.objects.select_for_update().get(pk=partner_id)
    before = settings_facts.read(Thing.PARTNER, key)
    write(partner)
    partner.save()
    after = settings_facts.read(Thing.PARTNER, key)
    changes.note(Thing.PARTNER, key, before, after, editor=Editor(by=by, now=now))
    return partner


def _check(wanted: Wanted, *, besides: int) -> None:
    try:
        outside.check_address(wanted.url, is_private_allowed=settings.WEBHOOKS_PRIVATE)
    except outside.AddressError as wrong:
        raise FieldError("url", str(wrong)) from wrong
    if "?" in wanted.url or "#" in wanted.url:
        raise FieldError("url", "Give the address up to /v2; what is asked for is added to it.")
    if Partner.objects.filter(name=wanted.name).exclude(pk=besides).exists():
        raise FieldError("name", "Another partner has this name: choose another.")
    if not Service.objects.filter(pk=wanted.service, retired_at=None).exists():
        raise FieldError("service", "Choose the service of ours that its requests are about.")


def _fill(partner: Partner, wanted: Wanted) -> None:
    partner.name, partner.url = wanted.name, wanted.url.rstrip("/")
    partner.jurisdiction, partner.codes = wanted.jurisdiction, list(wanted.codes)
    partner.service_id = wanted.service
    if wanted.key:
        partner.api_key = wanted.key
