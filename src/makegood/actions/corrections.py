"""Marks that were set by mistake: the old one stays as it was recorded, the truth stands beside it.

A promise is settled once (law 3), so a mark "kept" is never removed. The same word is given once
more, for the same time, and the clock judges it as if nobody had marked it.
"""

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from makegood.actions import drafts, policies, timeline
from makegood.actions.drafts import Place, Word
from makegood.records import bulk
from makegood.records.models import Case, Correction, Promise, PromiseKind, Staff
from makegood.records.rows import NewPromise
from makegood.rules import escalation, undoing
from makegood.rules.promises import Channel, Outcome, Precision, Speaker
from makegood.rules.undoing import OvertakenByEventsError, UndoError


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
    return again


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
    return Promise.objects.get(pk=number)
