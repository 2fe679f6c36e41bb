"""Calls that customers ask for: a window in the company's hours becomes a promise."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from makegood.actions import cases, contacts, policies, promises, replies, timeline
from makegood.actions.call_words import Calls, Wanted, call_word
from makegood.actions.contacts import Touch
from makegood.actions.drafts import Hearer, Word
from makegood.actions.replies import Effect, Sender, TooManyRepliesError
from makegood.actions.telling import Rosters
from makegood.records.models import Case, Direction, Promise, PromiseKind, Reply, ReplyKind, Staff
from makegood.rules import phones
from makegood.rules.attempts import Attempt
from makegood.rules.calendars import Window
from makegood.rules.callbacks import call_windows
from makegood.rules.promises import (
    AlreadySettledError,
    Channel,
    ClosedCaseError,
    NotYetHappenedError,
    Speaker,
)
from makegood.rules.severity import Severity

CALLS_A_DAY = 6
DAY = timedelta(days=1)
ASKED = "The customer asks for a call."
CHOSEN = "The customer chose another time on their page."
NOT_NEEDED = "The customer says on their page that they no longer need this call."


class WindowGoneError(Exception):
    """That time is too near by now, or was never offered; another one has to be chosen."""


class NumberMissingError(Exception):
    """No number is on record, so one has to be given."""


class NoSuchCallError(Exception):
    """No call is promised under this number on this case."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CallWish:
    """A call that a customer asks for; without a number, the one on record is called."""

    opens: datetime
    phone: str = ""
    note: str = ""


def ask_for_call(sender: Sender, wish: CallWish, *, now: datetime) -> bool:
    """Promise a call in the chosen window; a call that was promised before gives way to it.

    False if the same form was taken before.

    :raises WindowGoneError: if the window is not, or no longer, among those offered.
    :raises NumberMissingError: if no number is given nor on record.
    :raises PhoneError: if what is given is no number.
    :raises ClosedCaseError: if the case is closed.
    :raises TooManyRepliesError: if too much was asked by this link.
    """
    given = phones.read_number(wish.phone) if wish.phone else ""

    def act(case: Case) -> Effect:
        _check_pace(sender.link, now=now)
        if case.closed_at is not None:
            raise ClosedCaseError
        phone = given or case.customer.phone
        if not phone:
            raise NumberMissingError(NumberMissingError.__doc__)
        word = _word(case, _window(case, wish.opens, now=now), now=now)
        contact = replies.touch(case, f"{ASKED} {wish.note}".strip(), now=now)
        return Effect(contact=contact, promise=_promise(case, word, now=now), phone=phone)

    content = (wish.opens.isoformat(), given, wish.note)
    return replies.take(sender, ReplyKind.CALL, content, act, now=now)


def cancel_call(sender: Sender, promise_id: int, *, now: datetime) -> bool:
    """Release a call that the customer no longer needs. False if that was taken before.

    :raises NoSuchCallError: if no such call is promised on this case.
    :raises ToldTooLateError: if its time has passed.
    :raises TooManyRepliesError: if too much came by this link within the hour.
    """

    def act(case: Case) -> Effect:
        if not _theirs(case).filter(pk=promise_id).exists():
            raise NoSuchCallError(NoSuchCallError.__doc__)
        contact = replies.touch(case, NOT_NEEDED, now=now)
        promises.release_promise(
            promise_id=promise_id, at=now, evidence=NOT_NEEDED, by=None, now=now
        )
        return Effect(contact=contact, about=promise_id)

    return replies.take(sender, ReplyKind.NO_CALL, (str(promise_id),), act, now=now)


@transaction.atomic
def record_unanswered(promise_id: int, attempt: Attempt, *, by: Staff, now: datetime) -> None:
    """Record that we rang as promised, and nobody answered. The promise stands.

    :raises NotYetHappenedError: if it lies ahead, or before the call was promised.
    :raises AlreadySettledError: if the promise is settled.
    :raises NoSuchCallError: if it is no promise of a call.
    """
    cases.lock(Promise.objects.values_list("case_id", flat=True).get(pk=promise_id))
    promise = Promise.objects.get(pk=promise_id)
    if promise.kind != PromiseKind.CALLBACK:
        raise NoSuchCallError(NoSuchCallError.__doc__)
    if promise.outcome is not None:
        raise AlreadySettledError(f"This promise was {promise.outcome} already.")
    if not promise.said_at <= attempt.at <= now:
        raise NotYetHappenedError
    facts = {
        "promise": promise.pk,
        "by": by.pk,
        "at": attempt.at.isoformat(),
        "left_message": attempt.left_message,
    }
    kind = "call_with_message" if attempt.left_message else "call_unanswered"
    timeline.append(case_id=promise.case_id, kind=kind, at=attempt.at, now=now, facts=facts)


def promise_next(case: Case, phone: str, *, now: datetime) -> Promise | None:
    """Promise to call on a locked case in the next hour with room for it; one call at a time.

    Where the calendar is not known far enough there is no hour to name, and the promise of news
    that every open case has stands alone.

    :raises ClosedCaseError: if the case is closed.
    :raises NumberMissingError: if there is no number.
    """
    if case.closed_at is not None:
        raise ClosedCaseError
    if not phone:
        raise NumberMissingError(NumberMissingError.__doc__)
    standing = promised(case, since=now)
    if standing is not None:
        return standing
    owners = frozenset({case.owner_id})
    word = Calls(now=now, rosters=Rosters(now=now), owners=owners).word(_wanted(case))
    return promises.promise_from_page(case, word, now=now) if word else None


def promised(case: Case, *, since: datetime | None = None) -> Promise | None:
    """The call that is promised next on a case, and not overdue at a moment, if one is."""
    calls = case.promises.still_open().filter(kind=PromiseKind.CALLBACK)
    if since is not None:
        calls = calls.filter(due_at__gt=since)
    return calls.order_by("due_at").first()


def record_voicemail(case: Case, words: str, *, at: datetime, by: Staff, now: datetime) -> None:
    """Record on a locked case that its customer spoke to our machine.

    :raises NotYetHappenedError: if it lies ahead.
    """
    if at > now:
        raise NotYetHappenedError
    touch = Touch(channel=Channel.PHONE, direction=Direction.INBOUND, at=at, note=words, staff=by)
    contacts.record_contact(case.pk, touch, now=now)


def _check_pace(link: int, *, now: datetime) -> None:
    asked = Reply.objects.filter(link=link, kind=ReplyKind.CALL, sent_at__gt=now - DAY)
    if asked.count() >= CALLS_A_DAY:
        raise TooManyRepliesError(TooManyRepliesError.__doc__)


def _window(case: Case, opens: datetime, *, now: datetime) -> Window:
    offered = call_windows(case.team.calendar.facts(), now=now)
    window = next((window for window in offered if window.opens == opens), None)
    if window is None:
        raise WindowGoneError(WindowGoneError.__doc__)
    return window


def _wanted(case: Case) -> Wanted:
    return Wanted(
        owner=case.owner_id,
        owner_name=case.owner.name,
        team=case.team_id,
        severity=Severity(case.severity),
        hearer=_hearer(case),
        terms=policies.snapshot(case.team, Severity(case.severity)),
    )


def _hearer(case: Case) -> Hearer:
    return Hearer(zone=case.customer.zone, language=case.customer.language)


def _word(case: Case, window: Window, *, now: datetime) -> Word:
    return call_word(
        window,
        name=case.owner.name,
        hearer=_hearer(case),
        calendar=case.team.calendar.name,
        now=now,
    )


def _promise(case: Case, word: Word, *, now: datetime) -> Promise:
    before = _theirs(case).filter(due_at__gte=now).order_by("due_at").first()
    if before is None:
        return promises.promise_from_page(case, word, now=now)
    return promises.replace_promise(
        promise_id=before.pk, word=word, evidence=CHOSEN, by=None, now=now
    )


def _theirs(case: Case) -> QuerySet[Promise]:
    """The calls that the page promised, a voicemail did, or that were promised once more."""
    return case.promises.still_open().filter(
        kind=PromiseKind.CALLBACK, speaker=Speaker.SYSTEM.value
    )
