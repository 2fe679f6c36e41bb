"""A partner's request becomes a case here, once; what the partner says of it is its word.

Its date is a promise, another date a revision that counts once the customer was told. Closed
there is a claim that it is done: the case stays open until its customer says that it is right.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from makegood.actions import askings, cases, customers, intake, promises, timeline
from makegood.actions.cases import Failure
from makegood.actions.customers import NewAsset, NewCustomer
from makegood.actions.drafts import Word
from makegood.actions.intake import News
from makegood.language import choice
from makegood.language.moments import in_words
from makegood.records.models import Case, Partner, PartnerRequest, Promise, PromiseKind
from makegood.rules import following
from makegood.rules.askings import AskingEnd
from makegood.rules.following import Ours, Step, Theirs
from makegood.rules.promises import Channel, Speaker
from makegood.rules.severity import Function, Harm

CAUSE: Final = "%(partner)s gives another date."


class Became(StrEnum):
    """What became of a request as it was shown."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    OLDER = "older"
    """Reported there before it is followed; not ours."""


@transaction.atomic
def take(partner: Partner, theirs: Theirs, *, now: datetime) -> Became:
    """Take in how a request stands there; the same twice changes nothing.

    :raises NoOwnerError: if nobody can own it.
    """
    row = _known(partner, theirs)
    if row is None and theirs.requested_at < partner.since:
        return Became.OLDER
    is_new = row is None
    row = row or _open(partner, theirs, now=now)
    case = cases.lock(row.case_id)
    taken = [
        _take(step, case, row, theirs, now=now)
        for step in following.steps(theirs, _ours(case, row), now=now)
    ]
    row.is_open, row.expected_at = theirs.is_open, theirs.expected_at
    row.updated_at, row.seen_at = theirs.updated_at, now
    row.save(update_fields=["is_open", "expected_at", "updated_at", "seen_at"])
    if is_new:
        return Became.NEW
    return Became.CHANGED if any(taken) else Became.SAME


def _known(partner: Partner, theirs: Theirs) -> PartnerRequest | None:
    rows = PartnerRequest.objects.select_for_update().filter(partner=partner)
    return rows.filter(external_id=theirs.id).first()


def _open(partner: Partner, theirs: Theirs, *, now: datetime) -> PartnerRequest:
    service = partner.service
    received = customers.take_report(
        _news(partner, theirs, now=now),
        owner=intake.choose_owner(service.team_id, now=now),
        asset=NewAsset(
            name=theirs.service or service.name,
            function=Function(service.function),
            place=", ".join(filter(None, (theirs.address, theirs.postcode))),
            service=service,
        ),
        now=now,
    )
    return PartnerRequest.objects.create(
        partner=partner,
        external_id=theirs.id,
        case=received.case,
        updated_at=theirs.updated_at,
        seen_at=now,
    )


def _news(partner: Partner, theirs: Theirs, *, now: datetime) -> News:
    requested = min(theirs.requested_at, now)
    customer = NewCustomer(
        name=f"{partner.name} {theirs.id}"[:200],
        zone=partner.service.team.calendar.zone,
        address=theirs.address,
        postcode=theirs.postcode,
        is_verified=False,
    )
    return News(
        source=f"partner:{partner.pk}",
        external_id=theirs.id,
        channel=Channel.SIGNAL,  # what another desk shows is no contact with the customer
        raw=_raw(theirs),
        note=theirs.words,
        happened_at=requested,
        failure=Failure(
            customer=customers.draft(customer, now=now),
            title=(theirs.service or partner.service.name),
            function=Function(partner.service.function),
            harm=Harm.DEGRADED,
            failed_at=requested,
            known_at=requested,
        ),
    )


def _raw(theirs: Theirs) -> dict[str, Any]:
    return {
        "service_request_id": theirs.id,
        "status": "open" if theirs.is_open else "closed",
        "service_name": theirs.service,
        "description": theirs.words,
        "address": theirs.address,
        "zipcode": theirs.postcode,
        "requested_datetime": theirs.requested_at.isoformat(),
        "expected_datetime": theirs.expected_at.isoformat() if theirs.expected_at else None,
    }


def _ours(case: Case, row: PartnerRequest) -> Ours:
    word = _last_word(case)
    if word is None:
        return Ours(is_open=row.is_open)
    if word.outcome is not None:
        return Ours(is_open=row.is_open, given_at=word.due_at)
    latest = word.revisions.order_by("-number").first()
    given_at = latest.new_due_at if latest else word.due_at
    return Ours(is_open=row.is_open, given_at=given_at, live_until=word.due_at)


def _last_word(case: Case) -> Promise | None:
    """What was promised last in the name of a partner."""
    return case.promises.filter(speaker=Speaker.PARTNER.value).order_by("-pk").first()


def _take(step: Step, case: Case, row: PartnerRequest, theirs: Theirs, *, now: datetime) -> bool:
    """Do what follows. A case that is closed here opens again by its customer alone."""
    if step is Step.CLAIM_DONE:
        _claim_done(case, row, theirs, now=now)
    elif step is Step.OPEN_AGAIN:
        _open_again(case, row, theirs, now=now)
    elif case.closed_at is not None or theirs.expected_at is None:
        return False
    elif step is Step.PROMISE:
        said_at = following.said_at(theirs, _ours(case, row), now=now)
        if said_at < theirs.expected_at:
            word = _word(case, row.partner, theirs.expected_at, said_at=said_at)
            # No news from the owner: it keeps no promise that the customer hears from us.
            promises.promise_from_page(case, word, now=now)
    elif (word_given := _last_word(case)) is not None:
        word_given.case = case
        promises.decide_locked(
            word_given,
            due_at=theirs.expected_at,
            earliest_at=None,
            cause=CAUSE % {"partner": row.partner.name},
            by=None,
            now=now,
        )
    return True


def _word(case: Case, partner: Partner, expected_at: datetime, *, said_at: datetime) -> Word:
    customer = case.customer
    with choice.speaking(customer.language):
        words = _("%(partner)s says that it will be done by %(moment)s.") % {
            "partner": partner.name,
            "moment": in_words(expected_at, zone=ZoneInfo(customer.zone)),
        }
    return Word(
        kind=PromiseKind.REPAIR,
        words=words,
        speaker=Speaker.PARTNER,
        speaker_name=partner.name,
        channel=Channel.WEB,
        said_at=said_at,
        due_at=expected_at,
    )


def _claim_done(case: Case, row: PartnerRequest, theirs: Theirs, *, now: datetime) -> None:
    """Note that it is done, they say; their promise is settled by it, and the customer is asked."""
    said_at = min(theirs.updated_at, now)
    _note(case, row, "partner_says_done", theirs.notes, at=said_at, now=now)
    if case.closed_at is not None:
        return
    word = _last_word(case)
    if word is not None and word.outcome is None:
        word.case = case
        evidence = _("%(partner)s closed it, and says: %(notes)s") % {
            "partner": row.partner.name,
            "notes": theirs.notes or "—",
        }
        promises.settle_by_deed(word, at=max(said_at, word.said_at), evidence=evidence, now=now)
    promises.never_silent(case, now=now)
    if askings.open_asking(case.pk) is None and not askings.is_anything_to_do(case.pk):
        askings.begin(case, now=now)


def _open_again(case: Case, row: PartnerRequest, theirs: Theirs, *, now: datetime) -> None:
    said_at = min(theirs.updated_at, now)
    _note(case, row, "partner_opened_again", theirs.notes, at=said_at, now=now)
    waiting = askings.open_asking(case.pk)
    if waiting is not None:
        askings.end(waiting, AskingEnd.NOT_FIXED, now=now)
    if case.closed_at is None:
        promises.never_silent(case, now=now)


def _note(
    case: Case, row: PartnerRequest, kind: str, words: str, *, at: datetime, now: datetime
) -> None:
    facts = {"partner": row.partner_id, "request": row.pk}
    # Whoever had their closed case erased is not written of again.
    kept = words if case.closed_at is None else ""
    timeline.append(case_id=case.pk, kind=kind, at=at, now=now, facts=facts, words=kept)
