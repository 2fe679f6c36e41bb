"""Answering doubts: the article was wrong, or what was said; the customer keeps their word.

Either error is a gap in the company's knowledge, with an owner. It is never a word to a customer.
"""

from datetime import datetime

from django.db import transaction

from makegood.actions import cases, claims, timeline
from makegood.records.models import Doubt, Promise, Staff
from makegood.rules import roles
from makegood.rules.doubts import (
    DoubtAnsweredError,
    NoGapError,
    NothingSaidError,
    NotYoursToAnswerError,
    Verdict,
)
from makegood.rules.roles import Right


@transaction.atomic
def answer(doubt_id: int, verdict: Verdict, *, why: str, by: Staff, now: datetime) -> Doubt:
    """Say which of the two is right.

    If the word that was given is wrong, the ladder of honour begins for it, so that nobody takes
    it back before that.

    :raises DoubtAnsweredError: if it was answered already.
    :raises NotYoursToAnswerError: if they do not answer for the article, nor keep knowledge.
    :raises NothingSaidError: if nothing says why.
    """
    doubt = _lock(doubt_id)
    if doubt.answered_at is not None:
        raise DoubtAnsweredError
    if not may_answer(doubt, by=by):
        raise NotYoursToAnswerError
    if not why.strip():
        raise NothingSaidError
    doubt.verdict, doubt.why = verdict.value, why.strip()
    doubt.answered_at, doubt.answered_by, doubt.act_at = now, by, None
    doubt.gap_owner = doubt.article.owner if verdict.is_error else None
    doubt.save()
    if verdict is Verdict.STATEMENT_WRONG and doubt.promise_id is not None:
        _honour(doubt, doubt.promise_id, by=by, now=now)
    _note(doubt, "doubt_answered", by=by, now=now, words=doubt.why)
    return doubt


@transaction.atomic
def close_gap(doubt_id: int, *, lesson: str, by: Staff, now: datetime) -> Doubt:
    """Say what was learned and changed, so that it is not said wrongly again.

    :raises NoGapError: if there is none, or it was closed already.
    :raises NotYoursToAnswerError: if they do not answer for the article, nor keep knowledge.
    :raises NothingSaidError: if nothing says what was learned.
    """
    doubt = _lock(doubt_id)
    if doubt.gap_owner_id is None or doubt.gap_closed_at is not None:
        raise NoGapError
    if not (doubt.gap_owner_id == by.pk or roles.has(by.role, Right.KEEP_KNOWLEDGE)):
        raise NotYoursToAnswerError
    if not lesson.strip():
        raise NothingSaidError
    doubt.gap_closed_at, doubt.gap_closed_by, doubt.lesson = now, by, lesson.strip()
    doubt.save(update_fields=["gap_closed_at", "gap_closed_by", "lesson"])
    _note(doubt, "gap_closed", by=by, now=now, words=doubt.lesson)
    return doubt


def may_answer(doubt: Doubt, *, by: Staff) -> bool:
    """Whether somebody may say which is right: who owns it, who is asked, who keeps knowledge."""
    return by.pk in {doubt.asked_id, doubt.article.owner_id} or roles.has(
        by.role, Right.KEEP_KNOWLEDGE
    )


def _lock(doubt_id: int) -> Doubt:
    case_id = Doubt.objects.values_list("case_id", flat=True).get(pk=doubt_id)
    if case_id is not None:
        cases.lock(case_id)
    locked = Doubt.objects.select_for_update(no_key=True, of=("self",))
    return locked.select_related("article__owner").get(pk=doubt_id)


def _honour(doubt: Doubt, promise_id: int, *, by: Staff, now: datetime) -> None:
    promise = Promise.objects.filter(pk=promise_id, outcome=None).first()
    if promise is not None:
        claim = claims.own_up(promise.pk, why=doubt.why, by=by, now=now)
        claim.article = doubt.article
        claim.save(update_fields=["article"])


def _note(doubt: Doubt, kind: str, *, by: Staff, now: datetime, words: str) -> None:
    """On the timeline of the case that it came up in; two articles have none."""
    if doubt.case_id is None:
        return
    facts = {
        "doubt": doubt.pk,
        "article": doubt.article_id,
        "series": str(doubt.article.series),
        "verdict": doubt.verdict,
        "by": by.pk,
    }
    timeline.append(case_id=doubt.case_id, kind=kind, at=now, now=now, facts=facts, words=words)
