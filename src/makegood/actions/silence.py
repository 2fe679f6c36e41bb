"""What follows a question: the customer's next word, a second question, and an end by silence.

A clock stands on each asking. Whoever says anything ends it; nobody is asked a third time.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from makegood.actions import askings, cases, drafts, policies, promises
from makegood.actions.drafts import Word
from makegood.actions.policies import Terms
from makegood.language import choice
from makegood.language.moments import in_words
from makegood.records.models import (
    ApprovalRequest,
    Asking,
    Case,
    Contact,
    Direction,
    Message,
    PromiseKind,
)
from makegood.rules import askings as rules
from makegood.rules import workinghours
from makegood.rules.amounts import Amount, Unit
from makegood.rules.askings import AskedAlreadyError, AskingEnd, Next, StillToBeDoneError
from makegood.rules.promises import Channel, Speaker
from makegood.rules.severity import Severity

A_WHILE = timedelta(hours=1)


@transaction.atomic
def ask(case_id: int, *, now: datetime) -> Asking:
    """Owe the question now, by somebody's decision: it was put right without a promised deed.

    :raises CaseClosedError: if the case is closed.
    :raises AskedAlreadyError: if the customer is being asked.
    :raises StillToBeDoneError: if something is still to be done, or they want something more.
    """
    case = cases.lock(case_id)
    if case.closed_at is not None:
        raise cases.CaseClosedError(f"Case {case.reference} is closed; reopen it first.")
    if askings.open_asking(case.pk) is not None:
        raise AskedAlreadyError
    if askings.is_anything_to_do(case.pk):
        raise StillToBeDoneError
    return askings.begin(case, now=now)


def was_asked(message: Message, *, now: datetime) -> None:
    """The question of a locked case was said: its time runs, and the customer knows what comes."""
    asking = Asking.objects.filter(message=message, ended_at=None, asked_at=None).first()
    if asking is None or message.said_at is None:
        return
    case = Case.objects.select_related("customer", "owner", "team__calendar").get(pk=asking.case_id)
    terms = policies.snapshot(case.team, Severity(case.severity))
    # From now on, even if it was said a while ago: nobody loses time to answer.
    wait = _wait_of(asking.number, terms)
    act = _after(now, wait, terms)
    asking.asked_at, asking.act_at = message.said_at, act.due_at
    word = _what_follows(case, asking, terms, act, now=now)
    asking.promise = promises.make_promise(case.pk, word, now=now)
    asking.save(update_fields=["asked_at", "act_at", "promise"])


@transaction.atomic
def heard(case_id: int, *, now: datetime) -> None:
    """The customer of a locked case has spoken: whatever they said, nobody waits any more."""
    waiting = askings.open_asking(case_id)
    if waiting is None:
        return
    askings.end(waiting, AskingEnd.HEARD, now=now)
    promise = waiting.promise
    if promise is not None and promise.outcome is None and promise.due_at >= now:
        evidence = "The customer spoke before that."
        promises.release_promise(promise_id=promise.pk, at=now, evidence=evidence, by=None, now=now)


def due(*, now: datetime, limit: int) -> list[int]:
    """The askings that had their time, the longest waiting first."""
    rows = Asking.objects.filter(ended_at=None, act_at__lte=now).order_by("act_at")
    return list(rows.values_list("pk", flat=True)[:limit])


@transaction.atomic
def act_on(asking_id: int, *, now: datetime) -> Next | None:
    """Do what follows when nobody has answered in time; None if it was overtaken."""
    case = cases.lock(Asking.objects.values_list("case_id", flat=True).get(pk=asking_id))
    asking = Asking.objects.select_related("first", "promise").get(pk=asking_id)
    if asking.ended_at is not None or asking.act_at is None or asking.act_at > now:
        return None
    then = rules.when_nobody_answered(
        asking.number,
        heard=_has_spoken(asking),
        to_do=askings.is_anything_to_do(case.pk),
        owed=_is_owed(case),
    )
    _do(then, asking, case, now=now)
    return then


@transaction.atomic
def postpone(asking_id: int, *, now: datetime) -> None:
    """Look at an asking again in an hour."""
    Asking.objects.filter(pk=asking_id, ended_at=None).update(act_at=now + A_WHILE)


def _do(then: Next, asking: Asking, case: Case, *, now: datetime) -> None:
    if then is Next.END_AS_HEARD:
        askings.end(asking, AskingEnd.HEARD, now=now)
    elif then is Next.END_AS_NOT_FIXED:
        askings.end(asking, AskingEnd.NOT_FIXED, now=now)
    elif then is Next.ASK_AGAIN:
        askings.end(asking, AskingEnd.ASKED_AGAIN, now=now)
        askings.begin(case, now=now, first=asking)
    elif then is Next.CLOSE:
        askings.end(asking, AskingEnd.SILENCE, now=now)
        cases.close_by_silence(case, asking, now=now)
    else:
        _wait_for_what_is_owed(asking, case, now=now)


def _wait_for_what_is_owed(asking: Asking, case: Case, *, now: datetime) -> None:
    """Another day; what was granted has its own promise, so that nobody waits in silence."""
    terms = policies.snapshot(case.team, Severity(case.severity))
    asking.act_at = _after(now, _A_DAY, terms).due_at
    asking.save(update_fields=["act_at"])
    told = asking.promise
    if told is not None and told.outcome is None and told.due_at <= now:
        evidence = "It was kept open, and stays so until what was granted has arrived."
        promises.settle_by_deed(told, at=told.due_at, evidence=evidence, now=now)
    promises.never_silent(case, now=now)


_A_DAY = Amount(quantity=1, unit=Unit.WORKING_DAYS)


def _wait_of(number: int, terms: Terms) -> Amount:
    policy = terms.policy
    return policy.ask_again_after if number == rules.FIRST else policy.close_after


def _after(now: datetime, wait: Amount, terms: Terms) -> workinghours.Computed:
    """So much of the company's time from now; in plain days where its calendar has run out."""
    try:
        return workinghours.add(now, wait, calendar=terms.calendar)
    except workinghours.CalendarRunsOutError as ran_out:
        at = now + timedelta(days=wait.quantity)
        return workinghours.Computed(due_at=at, trace=(f"{ran_out} Counted plain days.",))


def _has_spoken(asking: Asking) -> bool:
    first = asking.first or asking
    spoken = Contact.objects.standing().filter(case=asking.case_id, direction=Direction.INBOUND)
    return spoken.filter(happened_at__gte=first.asked_at or first.opened_at).exists()


def _is_owed(case: Case) -> bool:
    redress = case.promises.still_open().filter(kind=PromiseKind.REDRESS)
    return redress.exists() or ApprovalRequest.objects.filter(case=case, decided_at=None).exists()


def _what_follows(
    case: Case, asking: Asking, terms: Terms, act: workinghours.Computed, *, now: datetime
) -> Word:
    """The next word to a customer who was asked: another question, or how long it stays open."""
    is_first = asking.number == rules.FIRST
    due_at = drafts.news_due(terms, now=act.due_at).due_at if is_first else act.due_at
    with choice.speaking(case.customer.language):
        sentence = (
            _("If we hear nothing from you, %(owner)s asks once more by %(moment)s.")
            if is_first
            else _("%(owner)s keeps this open for you until %(moment)s.")
        )
        moment = in_words(due_at, zone=ZoneInfo(case.customer.zone))
        words = sentence % {"owner": case.owner.name, "moment": moment}
    return Word(
        kind=PromiseKind.NEWS,
        words=words,
        speaker=Speaker.SYSTEM,
        speaker_name="Makegood",
        channel=Channel.WEB,
        said_at=now,
        due_at=due_at,
        trace=act.trace,
    )
