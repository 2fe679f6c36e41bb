"""The customer's key to the page of one case: made, renewed, taken back, and asked for anew."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop

from makegood.actions import cases, drafts, promises, timeline
from makegood.records.models import Case, CaseLink, LinkRequest, Promise, Staff
from makegood.rules import undoing
from makegood.rules.undoing import OvertakenByEventsError

_SENDS = gettext_noop("%(owner)s sends you a fresh link to your page by %(moment)s.")
LIFE = timedelta(days=90)
SENT = "A fresh link was sent to the address on record."


class NoLinkWantedError(Exception):
    """Nobody waits for a fresh link to this case."""


@transaction.atomic
def mint_link(case_id: int, *, now: datetime, life: timedelta = LIFE) -> str:
    """A new token for the page of a case, shown here once; the database keeps its digest only."""
    token = secrets.token_urlsafe(32)
    CaseLink.objects.create(
        case_id=case_id, token_digest=digest(token), made_at=now, expires_at=now + life
    )
    return token


def keep_link(case_id: int, token: str, *, now: datetime) -> None:
    """Let a token that was made elsewhere open the page of a case, once and for as long as others.

    One that was taken back stays taken back.
    """
    CaseLink.objects.get_or_create(
        token_digest=digest(token),
        defaults={"case_id": case_id, "made_at": now, "expires_at": now + LIFE},
    )


@transaction.atomic
def renew_link(case_id: int, *, by: Staff, now: datetime) -> str:
    """A new token in place of every one before; the old ones open nothing from now on."""
    revoke_links(case_id, by=by, now=now)
    return mint_link(case_id, now=now)


@transaction.atomic
def revoke_links(case_id: int, *, by: Staff, now: datetime) -> int:
    """Take back every link of a case that is still good. Returns how many."""
    cases.lock(case_id)
    count = CaseLink.objects.filter(case_id=case_id, revoked_at=None).update(revoked_at=now)
    if count:
        facts = {"links": count, "by": by.pk}
        timeline.append(case_id=case_id, kind="links_revoked", at=now, now=now, facts=facts)
    return count


@transaction.atomic
def restore_links(case_id: int, *, revoked_at: datetime, by: Staff, now: datetime) -> int:
    """Let the links that were taken back at that moment open the page again. Returns how many.

    :raises TooLateToUndoError: if that is more than some minutes ago.
    :raises OvertakenByEventsError: if they are good already.
    """
    undoing.check_time(revoked_at, now=now)
    cases.lock(case_id)
    count = CaseLink.objects.filter(case_id=case_id, revoked_at=revoked_at).update(revoked_at=None)
    if not count:
        raise OvertakenByEventsError("Nothing is left to bring back: these links are good already.")
    facts = {"links": count, "by": by.pk}
    timeline.append(case_id=case_id, kind="links_restored", at=now, now=now, facts=facts)
    return count


def ask_for_fresh_link(token: str, *, now: datetime) -> None:
    """Somebody holds a link that opens no more: the owner is asked to send a fresh one.

    It goes to the address on record, so nothing is told here, not even whether there ever was
    such a link. Asked twice, it is asked once.
    """
    link = CaseLink.objects.filter(token_digest=digest(token)).first()
    if link is None or (link.revoked_at is None and link.expires_at > now):
        return
    try:
        with transaction.atomic():
            _ask(link, now=now)
    except IntegrityError as twice:
        if "link_request_one_open_per_case" not in str(twice):
            raise


@transaction.atomic
def record_link_sent(case_id: int, *, by: Staff, now: datetime) -> None:
    """A fresh link was sent to the address on record: the request is answered, the promise kept.

    :raises NoLinkWantedError: if nobody waits for one.
    """
    cases.lock(case_id)
    asked = LinkRequest.objects.filter(case=case_id, answered_at=None).first()
    if asked is None:
        raise NoLinkWantedError(NoLinkWantedError.__doc__)
    asked.answered_at, asked.answered_by = now, by
    asked.save(update_fields=["answered_at", "answered_by"])
    timeline.append(case_id=case_id, kind="link_sent", at=now, now=now, facts={"by": by.pk})
    if asked.promise and asked.promise.outcome is None:
        promises.keep_promise(promise_id=asked.promise.pk, at=now, evidence=SENT, by=by, now=now)


def digest(token: str) -> bytes:
    """What is kept of a token. 256 random bits need no salt."""
    return hashlib.sha256(token.encode(errors="replace")).digest()


def _ask(link: CaseLink, *, now: datetime) -> None:
    case = cases.lock(link.case_id)
    promise = None if case.closed_at else _promise(case, now=now)
    LinkRequest.objects.create(case=case, link=link, promise=promise, asked_at=now)
    facts = {"promise": promise.pk if promise else None}
    timeline.append(case_id=case.pk, kind="link_asked", at=now, now=now, facts=facts)


def _promise(case: Case, *, now: datetime) -> Promise:
    word = drafts.word_of_owner(case, _SENDS, now=now)
    return promises.promise_from_page(case, word, now=now)
