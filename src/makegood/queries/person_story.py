"""What the desk has of one person, told in plain words for that person."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from makegood.language import moments
from makegood.queries import letter_page
from makegood.queries.labels import CHANNELS
from makegood.queries.person_file import get_person_page
from makegood.queries.settings import wording
from makegood.records.models import Asset, Case, Contact, Customer, Letter, Mail, Promise, Remedy
from makegood.records.personal import mail_without_a_case
from makegood.rules.promises import Outcome


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """One thing that was promised, written or said: when, what, and what became of it."""

    at: str
    words: str
    more: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class TheirCase:
    """One case of theirs."""

    id: int
    reference: str
    title: str
    since: str
    ended: str
    promises: tuple[Said, ...]
    contacts: tuple[Said, ...]
    letters: tuple[Said, ...]
    given: tuple[Said, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonStory:
    """Everything, in the order in which one would ask for it."""

    name: str
    facts: tuple[tuple[str, str], ...]
    things: tuple[str, ...]
    cases: tuple[TheirCase, ...]
    mails: tuple[Said, ...]
    counts: tuple[tuple[str, int], ...]
    at: str
    zone: str


def get_person_story(customer: Customer, *, now: datetime) -> PersonStory:
    """The story of a person's data, with times on their own clock."""
    zone = ZoneInfo(customer.zone)
    page = get_person_page(customer)
    things = Asset.objects.filter(customer=customer).order_by("pk").values_list("name", "place")
    cases = Case.objects.filter(customer=customer).order_by("known_at", "pk")
    mails = Mail.objects.filter(case__customer=customer) | Mail.objects.filter(
        mail_without_a_case(customer)
    )
    return PersonStory(
        name=customer.name,
        facts=_facts(customer),
        things=tuple(", ".join(part for part in pair if part) for pair in things),
        cases=tuple(_case(case, zone) for case in cases),
        mails=tuple(
            Said(at=_at(row.received_at, zone), words=row.subject or row.words[:200])
            for row in mails.defer("raw").order_by("received_at", "pk")
        ),
        counts=page.counts,
        at=_at(now, zone),
        zone=moments.zone_in_words(zone),
    )


def _facts(customer: Customer) -> tuple[tuple[str, str], ...]:
    pairs = (
        (_("Name"), customer.name),
        (_("E-mail address"), customer.email),
        (_("Phone"), customer.phone),
        (_("Address"), customer.address),
        (_("Postcode"), customer.postcode),
        (_("Language"), customer.language),
        (_("Needs special care"), _("yes") if customer.vulnerable else ""),
        (_("Known since"), _at(customer.since, ZoneInfo(customer.zone))),
    )
    return tuple((name, text) for name, text in pairs if text)


def _case(case: Case, zone: ZoneInfo) -> TheirCase:
    return TheirCase(
        id=case.pk,
        reference=case.reference,
        title=case.title,
        since=_at(case.failed_at, zone),
        ended=_at(case.closed_at, zone) if case.closed_at else "",
        promises=tuple(
            Said(at=_at(row.said_at, zone), words=row.words, more=_became(row, zone))
            for row in _of(Promise.objects, case)
        ),
        contacts=tuple(
            Said(at=_at(row.happened_at, zone), words=row.note or "—", more=_by(row.channel))
            for row in _of(Contact.objects, case)
        ),
        letters=tuple(
            Said(at=_at(row.queued_at, zone), words=letter_page.in_short(row), more=row.subject)
            for row in _of(letter_page.with_what_they_tell(Letter.objects.all()), case)
        ),
        given=tuple(
            Said(at=_at(row.granted_at, zone), words=row.because or row.thing)
            for row in _of(Remedy.objects, case)
        ),
    )


def _of(records: Any, case: Case) -> "QuerySet[Any]":  # noqa: ANN401 - any manager
    found: QuerySet[Any] = records.filter(case=case).order_by("pk")
    return found


def _by(channel: str) -> str:
    return str(CHANNELS.get(channel, channel))


def _became(row: Promise, zone: ZoneInfo) -> str:
    by = _at(row.due_at, zone)
    said = {
        None: _("promised by %(at)s"),
        Outcome.KEPT: _("promised by %(at)s, and kept"),
        Outcome.BROKEN: _("promised by %(at)s, and broken"),
        Outcome.RELEASED: _("promised by %(at)s; you let us off"),
        Outcome.REPLACED: _("promised by %(at)s; another promise took its place"),
    }
    known = Outcome(row.outcome) if row.outcome else None
    return said[known] % {"at": by}


def _at(moment: datetime, zone: ZoneInfo) -> str:
    return wording.moment(moment, zone=zone)
