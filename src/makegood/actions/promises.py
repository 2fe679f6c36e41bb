"""What can happen to a promise: it is given, revised, kept, released or replaced.

Each function locks the case first and then the promise; the clock locks both or neither.
"""

from datetime import datetime

from django.db import transaction

from makegood.actions import (
    askings,
    breaking,
    doubts,
    drafts,
    policies,
    settling,
    timeline,
    visit_words,
)
from makegood.actions.drafts import Place, Word
from makegood.actions.telling import Rosters
from makegood.records import bulk
from makegood.records.models import Case, Promise, PromiseKind, PromiseRevision, Remedy, Staff
from makegood.records.rows import NewPromise
from makegood.rules import escalation, promises
from makegood.rules.promises import Channel, Outcome
from makegood.rules.severity import Severity


@transaction.atomic
def make_promise(case_id: int, word: Word, *, now: datetime) -> Promise:
    """Record the company's word to the customer of an open case.

    A promise that is recorded late is recorded all the same; if its time has passed already, the
    clock breaks it at its next round.

    :raises ClosedCaseError: if the case is closed.
    :raises WindowError: if the window cannot be kept.
    :raises NotYetHappenedError: if it is said to be given in the future.
    """
    case = _lock_open_case(case_id)
    if word.said_at > now:
        raise promises.NotYetHappenedError("A promise cannot have been given in the future.")
    made = _make(case, word, now=now)
    _news_has_come(case, made, now=now)
    askings.look(case, now=now)
    doubts.look_at(made, now=now)
    return made


@transaction.atomic
def promise_news(case: Case, *, now: datetime, after_break: bool = False) -> Promise:
    """Promise the customer of a locked case when they will hear next."""
    terms = policies.snapshot(case.team, Severity(case.severity))
    word = drafts.News(now=now).word(
        owner_name=case.owner.name,
        hearer=drafts.Hearer(zone=case.customer.zone, language=case.customer.language),
        terms=terms,
        after_break=after_break,
    )
    return _make(case, word, now=now)


@transaction.atomic
def promise_from_page(case: Case, word: Word, *, now: datetime) -> Promise:
    """Promise the customer of a locked case what their own page has just told them.

    That is no news from the owner, so it keeps no promise of news.

    :raises ClosedCaseError: if the case is closed.
    :raises WindowError: if the window cannot be kept.
    """
    if case.closed_at is not None:
        raise promises.ClosedCaseError(f"Case {case.reference} is closed; reopen it first.")
    return _make(case, word, now=now)


@transaction.atomic
def keep_promise(
    *, promise_id: int, at: datetime, evidence: str, by: Staff, now: datetime
) -> Promise:
    """Settle by deed: kept if done by the due time, else broken as of the due time.

    When it was the last open promise of its case, the customer is promised the next news.

    :raises AlreadySettledError: if it is settled.
    :raises OfARemedyError: if it is the promise of a remedy, which is kept by its arrival.
    :raises EvidenceMissingError: if nothing says how it is known.
    :raises NotYetHappenedError: if it was done in the future, or before it was promised.
    """
    promise = lock_open(promise_id)
    _check_free(promise)
    settle_by_deed(promise, at=at, evidence=evidence, by=by, now=now)
    never_silent(promise.case, now=now)
    askings.look(promise.case, now=now)
    return promise


def settle_by_deed(
    promise: Promise, *, at: datetime, evidence: str, now: datetime, by: Staff | None = None
) -> None:
    """Settle a locked promise by what was done at `at`.

    :raises EvidenceMissingError: if nothing says how it is known.
    :raises NotYetHappenedError: if it was done in the future, or before it was promised.
    """
    if not evidence.strip():
        raise promises.EvidenceMissingError
    if not promise.said_at <= at <= now:
        raise promises.NotYetHappenedError(
            "A promise is kept between the moment it was given and now."
        )
    settled = promises.fulfil(promise.facts(), at=at)
    if settled.outcome is Outcome.KEPT:
        settling.write(promise, settled, evidence=evidence, by=by, now=now)
        return
    breaking.break_locked([promise.pk], now=now, rosters=Rosters(now=now), by_deed=True)
    facts = {"promise": promise.pk, "by": by.pk if by else None}
    timeline.append(
        case_id=promise.case_id, kind="done_late", at=at, now=now, facts=facts, words=evidence
    )
    promise.refresh_from_db()


@transaction.atomic
def release_promise(
    *, promise_id: int, at: datetime, evidence: str, by: Staff | None, now: datetime
) -> Promise:
    """Settle because the customer no longer wants it; `evidence` says how we know.

    :param by: who recorded it; None if the customer did so on their page.

    After the due time that is no longer possible: it was broken by then.

    :raises AlreadySettledError: if it is settled.
    :raises EvidenceMissingError: if nothing says how it is known.
    :raises NotYetHappenedError: if that lies in the future, or before it was promised.
    :raises ToldTooLateError: if the due time had passed.
    """
    promise = lock_open(promise_id)
    _check_free(promise)
    release_locked(promise, at=at, evidence=evidence, by=by, now=now)
    return promise


def release_locked(
    promise: Promise, *, at: datetime, evidence: str, by: Staff | None, now: datetime
) -> None:
    """Settle a locked promise because the customer no longer wants it.

    :raises EvidenceMissingError: as `release_promise`.
    :raises NotYetHappenedError: as `release_promise`.
    :raises ToldTooLateError: as `release_promise`.
    """
    settling.end_by_consent(
        promise, promises.release(promise.facts(), at=at), evidence, by=by, now=now
    )
    never_silent(promise.case, now=now)
    askings.look(promise.case, now=now)


@transaction.atomic
def replace_promise(
    *, promise_id: int, word: Word, evidence: str, by: Staff | None, now: datetime
) -> Promise:
    """Settle because the customer agreed to another promise, which is made in its place.

    :param by: who recorded it; None if the customer did so on their page.

    :raises AlreadySettledError: if it is settled.
    :raises EvidenceMissingError: if nothing says how the agreement is known.
    :raises NotYetHappenedError: if that lies in the future, or before it was promised.
    :raises ToldTooLateError: if the due time had passed when the customer agreed.
    """
    promise = lock_open(promise_id)
    _check_free(promise)
    return replace_locked(promise, word, evidence=evidence, by=by, now=now)


def replace_locked(
    promise: Promise, word: Word, *, evidence: str, by: Staff | None, now: datetime
) -> Promise:
    """Settle a locked promise because the customer agreed to another one, which is made.

    :raises EvidenceMissingError: as `replace_promise`.
    :raises NotYetHappenedError: as `replace_promise`.
    :raises ToldTooLateError: as `replace_promise`.
    """
    if word.said_at > promise.due_at:
        raise promises.ToldTooLateError
    successor = _make(promise.case, word, now=now, follows=promise.pk)
    settled = promises.supersede(promise.facts(), at=word.said_at)
    promise.replaced_by = successor
    settling.end_by_consent(promise, settled, evidence, by=by, now=now)
    if by is not None:  # what a page says by itself is no news from the owner
        _news_has_come(promise.case, successor, now=now)
    doubts.look_at(successor, now=now)
    askings.look(promise.case, now=now)
    return successor


@transaction.atomic
def decide_revision(
    *,
    promise_id: int,
    due_at: datetime,
    cause: str,
    by: Staff,
    now: datetime,
    earliest_at: datetime | None = None,
) -> PromiseRevision:
    """Decide on a new date. It counts once the customer was told, before the old one passes.

    :raises AlreadySettledError: if it is settled.
    :raises ToldTooLateError: if the old time has passed.
    :raises WindowError: if the new window cannot be kept.
    """
    promise = lock_open(promise_id)
    visit_words.check_of_no_visit(promise)
    return decide_locked(
        promise, due_at=due_at, earliest_at=earliest_at, cause=cause, by=by, now=now
    )


def decide_locked(
    promise: Promise,
    *,
    due_at: datetime,
    earliest_at: datetime | None,
    cause: str,
    by: Staff | None,
    now: datetime,
) -> PromiseRevision:
    """Decide on a new date for a locked promise; nobody in `by` is the clock.

    :raises ToldTooLateError: if the old time has passed.
    :raises WindowError: if the new window cannot be kept.
    """
    promises.revise(promise.facts(), due_at=due_at, told_at=now)
    promises.check_window(said_at=now, earliest_at=earliest_at, due_at=due_at)
    revision = PromiseRevision.objects.create(
        promise=promise,
        number=promise.revisions.count() + 1,
        old_due_at=promise.due_at,
        new_earliest_at=earliest_at,
        new_due_at=due_at,
        cause=cause,
        decided_at=now,
        decided_by=by,
    )
    facts = {
        "promise": promise.pk,
        "revision": revision.number,
        "new_due": due_at.isoformat(),
        "by": by.pk if by else None,
    }
    timeline.append(
        case_id=promise.case_id, kind="revision_decided", at=now, now=now, facts=facts, words=cause
    )
    return revision


@transaction.atomic
def record_told(
    *, revision_id: int, at: datetime, channel: Channel, evidence: str, now: datetime
) -> Promise:
    """Record the proof that the customer was told of a revision at `at`: now the date moves.

    :raises AlreadySettledError: if the promise is settled.
    :raises AlreadyToldError: if the customer was told of this date before.
    :raises OvertakenError: if the customer was told of another date since it was decided.
    :raises ToldTooLateError: if the customer heard of it after the old time.
    :raises EvidenceMissingError: if there is no proof.
    :raises NotYetHappenedError: if the telling lies in the future, or before the decision.
    """
    about = PromiseRevision.objects.values_list("promise_id", flat=True).get(pk=revision_id)
    promise = lock_open(about)
    revision = PromiseRevision.objects.get(pk=revision_id)
    _check_telling(revision, promise, at=at, evidence=evidence, now=now)
    visit_words.check_current(revision)
    revised = promises.revise(promise.facts(), due_at=revision.new_due_at, told_at=at)
    _write_told(revision, at=at, channel=channel, evidence=evidence, now=now)
    _move(promise, revised, earliest_at=revision.new_earliest_at, now=now)
    visit_words.said(revision, at=at, channel=channel, now=now)
    facts = {"promise": promise.pk, "revision": revision.number, "channel": channel.value}
    timeline.append(
        case_id=promise.case_id, kind="revision_told", at=at, now=now, facts=facts, words=evidence
    )
    return promise


def _make(case: Case, word: Word, *, now: datetime, follows: int | None = None) -> Promise:
    place = Place(
        case=case.pk,
        severity=case.severity,
        zone=case.customer.zone,
        terms=policies.snapshot(case.team, Severity(case.severity)),
        follows=follows,
    )
    row = drafts.draft(word, place, id_=bulk.next_ids(NewPromise.TABLE, 1)[0], now=now)
    bulk.copy_in([row])
    timeline.append(
        case_id=case.pk,
        kind="promise_made",
        at=word.said_at,
        now=now,
        facts=drafts.made_facts(row),
    )
    return Promise.objects.get(pk=row.id)


def _lock_open_case(case_id: int) -> Case:
    case = Case.objects.select_for_update(no_key=True).get(pk=case_id)
    if case.closed_at is not None:
        raise promises.ClosedCaseError(f"Case {case.reference} is closed; reopen it first.")
    return case


def lock_open(promise_id: int) -> Promise:
    """Take an open promise and its case for this transaction.

    :raises AlreadySettledError: if it is settled.
    """
    case_id = Promise.objects.values_list("case_id", flat=True).get(pk=promise_id)
    case = Case.objects.select_for_update(no_key=True).get(pk=case_id)
    promise = Promise.objects.select_for_update(no_key=True).get(pk=promise_id)
    promise.case = case
    if promise.outcome is not None:
        raise promises.AlreadySettledError(f"This promise was {promise.outcome} already.")
    return promise


def _check_free(promise: Promise) -> None:
    """What was granted ends by its arrival (law 7), and the word of a visit with the visit."""
    visit_words.check_of_no_visit(promise)
    is_redress = promise.kind == PromiseKind.REDRESS
    if is_redress and Remedy.objects.filter(promise=promise, outcome=None).exists():
        raise promises.OfARemedyError


def _check_telling(
    revision: PromiseRevision, promise: Promise, *, at: datetime, evidence: str, now: datetime
) -> None:
    if revision.told_at is not None:
        raise promises.AlreadyToldError
    if revision.old_due_at != promise.due_at:
        raise promises.OvertakenError
    if not evidence.strip():
        raise promises.EvidenceMissingError("Say how the customer was told of the new date.")
    if not revision.decided_at <= at <= now:
        raise promises.NotYetHappenedError("A new date is told after it was decided, and by now.")


def _write_told(
    revision: PromiseRevision, *, at: datetime, channel: Channel, evidence: str, now: datetime
) -> None:
    revision.told_at = at
    revision.told_recorded_at = now
    revision.told_channel = channel.value
    revision.told_evidence = evidence
    revision.save(update_fields=["told_at", "told_recorded_at", "told_channel", "told_evidence"])


def _move(
    promise: Promise, revised: promises.Promise, *, earliest_at: datetime | None, now: datetime
) -> None:
    terms = policies.read({promise.policy_id})[promise.policy_id]
    steps = escalation.steps(terms.policy.ladder, said_at=promise.said_at, due_at=revised.due_at)
    spoken = sum(step.at <= now for step in steps)
    promise.due_at = revised.due_at
    promise.earliest_at = earliest_at
    promise.judge_at = revised.judge_after
    promise.rungs_spoken = spoken
    promise.escalate_at = steps[spoken].at if spoken < len(steps) else None
    promise.message_at = drafts.message_at(promise.kind, opens=earliest_at, now=now)
    promise.save(
        update_fields=[
            "due_at", "earliest_at", "judge_at", "rungs_spoken", "escalate_at", "message_at",
        ]
    )  # fmt: skip


def _news_has_come(case: Case, made: Promise, *, now: datetime) -> None:
    """What was said to the customer in time keeps the promise that they would hear."""
    waiting = case.promises.still_open().filter(
        kind=PromiseKind.NEWS, said_at__lte=made.said_at, due_at__gte=made.said_at
    )
    for news in waiting.exclude(pk=made.pk):
        evidence = f"The customer was told: {made.words}"
        settle_by_deed(news, at=made.said_at, evidence=evidence, now=now)


def never_silent(case: Case, *, now: datetime) -> None:
    """Promise the customer of a locked case the next news, if nothing is promised any more."""
    if not case.promises.still_open().exists():
        promise_news(case, now=now)
