"""Improvements: a change begins with its cause, ships, and is told to whom it came from."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from makegood.actions import gate, letters, timeline
from makegood.actions.cases import lock
from makegood.actions.gate import Saying, StoppedError
from makegood.actions.letter_gate import LetterStoppedError
from makegood.actions.letters import Draft, LetterError
from makegood.language import sentences
from makegood.records.models import Cause, ChangeTold, Improvement, Lesson, Staff
from makegood.rules import roles
from makegood.rules.learning import (
    CauseMissingError,
    NobodyToTellError,
    NothingDoneError,
    NotShippedError,
    NotYoursToLearnError,
    ShippedError,
)
from makegood.rules.promises import Channel, Speaker
from makegood.rules.roles import Right

TITLE_MAX, WHAT_MAX, WHY_MAX, WORDS_MAX = 200, 1000, 300, 2000
AT_ONCE = 50
"""Customers told in one round of the clock, so that nothing else waits for them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """What shall be changed, by whom and by when."""

    cause: int
    title: str
    what: str
    owner: Staff
    due_on: date | None = None


@transaction.atomic
def begin(change: Change, *, by: Staff, now: datetime) -> Improvement:
    """Begin to change what causes failures.

    :raises NothingDoneError: if nothing says what is changed.
    :raises CauseMissingError: if there is no such cause.
    """
    title, what = " ".join(change.title.split()), change.what.strip()
    if not title or not what:
        raise NothingDoneError
    if not Cause.objects.filter(pk=change.cause).exists():
        raise CauseMissingError
    return Improvement.objects.create(
        cause_id=change.cause,
        title=title[:TITLE_MAX],
        what=what[:WHAT_MAX],
        owner=change.owner,
        due_on=change.due_on,
        begun_at=now,
        begun_by=by,
    )


@transaction.atomic
def ship(improvement_id: int, *, by: Staff, now: datetime) -> Improvement:
    """Record that the change is in force from now on.

    :raises ShippedError: if it was shipped or dropped already.
    :raises NotYoursToLearnError: if they do not own it, nor may change what causes failures.
    """
    row = _open(improvement_id, by=by)
    row.shipped_at, row.shipped_by = now, by
    row.save(update_fields=["shipped_at", "shipped_by"])
    return row


@transaction.atomic
def drop(improvement_id: int, *, why: str, by: Staff, now: datetime) -> Improvement:
    """Record that the change does not come, and why.

    :raises ShippedError: if it was shipped or dropped already.
    :raises NotYoursToLearnError: if they do not own it, nor may change what causes failures.
    :raises NothingDoneError: if nothing says why.
    """
    if not why.strip():
        raise NothingDoneError
    row = _open(improvement_id, by=by)
    row.dropped_at, row.dropped_why = now, why.strip()[:WHY_MAX]
    row.save(update_fields=["dropped_at", "dropped_why"])
    return row


@transaction.atomic
def tell(improvement_id: int, words: str, *, by: Staff, now: datetime) -> int:
    """Tell the customers whose cases had this cause what was changed; how many are to hear it.

    The words are held against the first of their cases at once, and against each as it is written.

    :raises NotShippedError: if it is not in force.
    :raises NothingDoneError: if there are no words.
    :raises NobodyToTellError: if all of them were told.
    :raises StoppedError: if the gate says that it is not true.
    """
    row = _locked(improvement_id)
    if row.shipped_at is None:
        raise NotShippedError
    if not words.strip():
        raise NothingDoneError
    waiting = to_tell(row)
    if not waiting:
        raise NobodyToTellError
    verdict = gate.check(waiting[0], _saying(words, by=by), now=now)
    if not verdict.passes:
        raise StoppedError(verdict)
    row.tell_words, row.tell_by, row.tell_at = words.strip()[:WORDS_MAX], by, now
    row.save(update_fields=["tell_words", "tell_by", "tell_at"])
    return len(waiting)


def to_tell(row: Improvement) -> list[int]:
    """The cases with this cause, known before the change, whose customers were not told of it."""
    told = ChangeTold.objects.filter(improvement=row).values("case")
    cases = Lesson.objects.filter(cause=row.cause_id, case__known_at__lte=row.shipped_at)
    return list(cases.exclude(case__in=told).order_by("case").values_list("case", flat=True))


def due(*, now: datetime, limit: int) -> list[int]:
    """The changes of which customers are still to be told."""
    waiting = Improvement.objects.filter(tell_at__lte=now).order_by("tell_at", "pk")
    return list(waiting.values_list("pk", flat=True)[:limit])


def put_off(improvement_id: int, *, until: datetime) -> None:
    """Go on telling later, after an error."""
    Improvement.objects.filter(pk=improvement_id, tell_at__isnull=False).update(tell_at=until)


def tell_some(improvement_id: int, *, now: datetime) -> int:
    """Write to the next customers of a change; its clock stops once all were told. How many."""
    row = Improvement.objects.select_related("tell_by").get(pk=improvement_id)
    waiting = to_tell(row)[:AT_ONCE]
    for case in waiting:
        _tell_one(row, case, now=now)
    if len(waiting) < AT_ONCE:
        Improvement.objects.filter(pk=row.pk, tell_words=row.tell_words).update(tell_at=None)
    return len(waiting)


@transaction.atomic
def _tell_one(row: Improvement, case_id: int, *, now: datetime) -> None:
    case = lock(case_id)
    if ChangeTold.objects.filter(improvement=row, case=case).exists():
        return
    told = ChangeTold(improvement=row, case=case, at=now)
    try:
        with transaction.atomic():
            draft = Draft(words=row.tell_words, by=row.tell_by)
            told.letter = letters.write(case.pk, draft, now=now)
    except (LetterError, LetterStoppedError) as refused:
        told.why_not = sentences.said(str(refused))[:500]
    told.save()
    facts = {"improvement": row.pk, "by": row.tell_by_id, "told": told.letter_id is not None}
    timeline.append(case_id=case.pk, kind="change_told", at=now, now=now, facts=facts)


def _saying(words: str, *, by: Staff) -> Saying:
    return Saying(text=words, speaker=Speaker.PERSON, channel=Channel.EMAIL, by=by, tells=True)


def _open(improvement_id: int, *, by: Staff) -> Improvement:
    row = _locked(improvement_id)
    if row.shipped_at is not None or row.dropped_at is not None:
        raise ShippedError
    if row.owner_id != by.pk and not roles.has(by.role, Right.IMPROVE):
        raise NotYoursToLearnError
    return row


def _locked(improvement_id: int) -> Improvement:
    return Improvement.objects.select_for_update(no_key=True, of=("self",)).get(pk=improvement_id)
