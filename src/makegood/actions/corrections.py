"""Marks that were set by mistake: the old one stays as it was recorded, the truth stands beside it.

A promise is settled once (law 3), so a mark "kept" is never removed. The same word is given once
more, for the same time, and the clock judges it as if nobody had marked it.
"""

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from makegood.actions import askings, cases, contacts, drafts, policies, reopening, timeline
from makegood.actions.cases import CaseOpenError
from makegood.actions.drafts import Place, Word
from makegood.records import bulk
from makegood.records.models import Case, Correction, Promise, PromiseKind, RoundWord, Staff
from makegood.records.rows import NewPromise
from makegood.rules import escalation, undoing
from makegood.rules.promises import Channel, Outcome, Precision, Speaker
from makegood.rules.undoing import OvertakenByEventsError, TooLateToUndoError, UndoError


class NotMarkedKeptError(UndoError):
    """Only a mark “kept” can be taken back: what was broken, released or replaced stays so."""


@transaction.atomic
def take_back_kept(*, promise_id: int, by: Staff, now: datetime) -> Promise:
    """Let a promise that was marked as kept by mistake stand again; returns the one that stands.

    If its time has passed meanwhile, the clock breaks it at its next round, as of that time.

    :raises NotMarkedKeptError: if it is not kept.
    :raises TooLateToUndoError: if it was marked more than some minutes ago.
    :raises OvertakenByEventsError: if that was taken back already, or the case was closed.
    """
    case_id = Promise.objects.values_list("case_id", flat=True).get(pk=promise_id)
    case = Case.objects.select_for_update(no_key=True).get(pk=case_id)
    promise = Promise.objects.get(pk=promise_id)
    _check(case, promise, now=now)
    again = _give_again(case, promise, now=now)
    Correction.objects.create(promise=promise, again=again, by=by, at=now)
    facts = {"promise": promise.pk, "again": again.pk, "by": by.pk}
    timeline.append(case_id=case.pk, kind="kept_taken_back", at=now, now=now, facts=facts)
    askings.look(case, now=now)
    return again


@transaction.atomic
def take_back_closing(*, case_id: int, why: str, by: Staff, now: datetime) -> Case:
    """Open a case again that was closed wrongly, with the same owner and a new promise.

    Opening again harms no customer, so there is a month for it. What somebody wrote down as the
    customer's answer a moment ago is taken back as well.

    :raises CaseOpenError: if it is open.
    :raises TooLateToUndoError: if it was closed more than a month ago.
    :raises NobodyToCoverError: if the owner has left and nobody stands in.
    """
    case = cases.lock(case_id)
    if case.closed_at is None:
        raise CaseOpenError(CaseOpenError.__doc__)
    if now - case.closed_at > undoing.REOPEN_FOR:
        raise TooLateToUndoError("A month has passed; open it again by what the customer says.")
    answer = case.closed_by_contact
    facts = {"by": by.pk}
    reopening.write_reopened(
        case, at=now, facts=facts, now=now, kind="closing_taken_back", words=why
    )
    was_written_now = answer is not None and now - answer.recorded_at <= undoing.UNDO_FOR
    if answer is not None and answer.staff_id is not None and was_written_now:
        contacts.withdraw_contact(contact_id=answer.pk, by=by, now=now)
    return case


def _check(case: Case, promise: Promise, *, now: datetime) -> None:
    if promise.outcome != Outcome.KEPT or promise.settled_recorded_at is None:
        raise NotMarkedKeptError(NotMarkedKeptError.__doc__)
    undoing.check_time(promise.settled_recorded_at, now=now)
    if case.closed_at is not None:
        raise OvertakenByEventsError(
            "The case was closed meanwhile. Open it again by what the customer says."
        )
    if Correction.objects.filter(promise=promise).exists():
        raise OvertakenByEventsError("This mark was taken back already; the promise stands again.")


def _same_word(promise: Promise) -> Word:
    return Word(
        kind=PromiseKind(promise.kind),
        words=promise.words,
        speaker=Speaker(promise.speaker),
        speaker_name=promise.speaker_name,
        channel=Channel(promise.channel),
        said_at=promise.said_at,
        due_at=promise.due_at,
        said_by=promise.said_by_id,
        earliest_at=promise.earliest_at,
        precision=Precision(promise.precision),
        trace=tuple(promise.trace),
    )


def _give_again(case: Case, promise: Promise, *, now: datetime) -> Promise:
    """Under the terms that it was given under; rungs that were told of it are not told again."""
    terms = policies.read({promise.policy_id})[promise.policy_id]
    place = Place(
        case=case.pk,
        severity=case.severity,
        zone=promise.zone,
        terms=terms,
        follows=promise.pk,
    )
    number = bulk.next_ids(NewPromise.TABLE, 1)[0]
    row = drafts.draft(_same_word(promise), place, id_=number, now=now)
    steps = escalation.steps(terms.policy.ladder, said_at=promise.said_at, due_at=promise.due_at)
    spoken = promise.rungs_spoken
    next_at = steps[spoken].at if spoken < len(steps) else None
    bulk.copy_in([replace(row, rungs_spoken=spoken, escalate_at=next_at)])
    for with_it in RoundWord.objects.filter(promise=promise):
        RoundWord.objects.create(promise_id=number, round_id=with_it.round_id)
    return Promise.objects.get(pk=number)
