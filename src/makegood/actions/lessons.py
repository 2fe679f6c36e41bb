"""What a case taught: named by anybody who knows, passed on if late, its gap closed.

Nothing here keeps a case open or writes to a customer.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from makegood.actions import asking_why, cases, timeline
from makegood.records.models import Cause, Lesson, Staff
from makegood.rules import learning, roles
from makegood.rules.escalation import Role
from makegood.rules.learning import (
    NAME_WITHIN,
    CauseMissingError,
    GapClosedError,
    GapMissingError,
    NothingDoneError,
    NotYoursToLearnError,
)
from makegood.rules.roles import Right

NAME_MAX = 200
WORDS_MAX = 300


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """Why a case happened, and what was not known; nobody in `owner` is whoever names it.

    :param gap: None says that nothing was missing.
    """

    cause: str
    gap: str | None
    owner: Staff | None = None


@transaction.atomic
def name(case_id: int, finding: Finding, *, by: Staff, now: datetime) -> Lesson:
    """Say why a case happened, or say it better.

    :raises CauseMissingError: if no cause is given.
    :raises GapMissingError: if something was not known, and nothing says what.
    """
    case = cases.lock(case_id)
    if finding.gap is not None and not finding.gap.strip():
        raise GapMissingError
    owner = finding.owner or by
    lesson = Lesson.objects.filter(case=case).first() or Lesson(
        case=case, asked_at=now, due_at=now + NAME_WITHIN, role=Role.OWNER.value, asked=by
    )
    lesson.cause = _cause(finding.cause, owner=owner, by=by, now=now)
    lesson.named_at, lesson.named_by, lesson.act_at = now, by, None
    _set_gap(lesson, (finding.gap or "").strip()[:WORDS_MAX], owner=owner)
    lesson.save()
    facts = {
        "cause": lesson.cause.pk,
        "gap": bool(lesson.gap),
        "owner": lesson.gap_owner_id,
        "by": by.pk,
    }
    timeline.append(
        case_id=case.pk, kind="cause_named", at=now, now=now, facts=facts, words=lesson.cause.name
    )
    return lesson


@transaction.atomic
def close_gap(lesson_id: int, *, learned: str, by: Staff, now: datetime) -> Lesson:
    """Say what was learned, so that it is known from now on.

    :raises GapClosedError: if there is no gap, or it was closed already.
    :raises NotYoursToLearnError: if they do not own it, nor may change what causes failures.
    :raises NothingDoneError: if nothing says what was learned.
    """
    cases.lock(Lesson.objects.values_list("case_id", flat=True).get(pk=lesson_id))
    lesson = Lesson.objects.select_for_update(no_key=True, of=("self",)).get(pk=lesson_id)
    if not lesson.gap or lesson.gap_closed_at is not None:
        raise GapClosedError
    if lesson.gap_owner_id != by.pk and not roles.has(by.role, Right.IMPROVE):
        raise NotYoursToLearnError
    if not learned.strip():
        raise NothingDoneError
    lesson.gap_closed_at, lesson.gap_closed_by = now, by
    lesson.learned = learned.strip()[:WORDS_MAX]
    lesson.save(update_fields=["gap_closed_at", "gap_closed_by", "learned"])
    facts = {"lesson": lesson.pk, "by": by.pk}
    timeline.append(
        case_id=lesson.case_id, kind="lesson_learned", at=now, now=now, facts=facts,
        words=lesson.learned,
    )  # fmt: skip
    return lesson


@transaction.atomic
def pass_on(lesson_id: int, *, now: datetime) -> None:
    """Ask the next on the ladder for a cause that nobody has named; at the top, nobody more."""
    case = cases.lock(Lesson.objects.values_list("case_id", flat=True).get(pk=lesson_id))
    lesson = Lesson.objects.select_for_update(no_key=True, of=("self",)).get(pk=lesson_id)
    if lesson.act_at is None or lesson.act_at > now:
        return
    role = learning.next_role(Role(lesson.role))
    if role is None:
        lesson.act_at = None
    else:
        asking_why.put_before(lesson, case, role, now=now)
        lesson.act_at = now + NAME_WITHIN
        facts = {"to": lesson.asked_id, "role": lesson.role}
        timeline.append(case_id=case.pk, kind="cause_asked_of", at=now, now=now, facts=facts)
    lesson.save(update_fields=["role", "asked", "act_at"])


def due(*, now: datetime, limit: int) -> list[int]:
    """The lessons whose clock has come."""
    waiting = Lesson.objects.filter(act_at__lte=now).order_by("act_at", "pk")
    return list(waiting.values_list("pk", flat=True)[:limit])


def postpone(lesson_id: int, *, now: datetime) -> None:
    """Look at a lesson again later, after an error."""
    Lesson.objects.filter(pk=lesson_id, act_at__lte=now).update(act_at=now + NAME_WITHIN)


def _cause(words: str, *, owner: Staff, by: Staff, now: datetime) -> Cause:
    """The cause of this name, however it is written; a new one has an owner at once."""
    known = " ".join(words.split())[:NAME_MAX]
    if not known:
        raise CauseMissingError
    found = Cause.objects.filter(name__iexact=known).first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return Cause.objects.create(name=known, owner=owner, made_at=now, made_by=by)
    except IntegrityError as twice:
        if "cause_once_by_name" not in str(twice):
            raise
        return Cause.objects.get(name__iexact=known)  # a colleague has just named it as well


def _set_gap(lesson: Lesson, gap: str, *, owner: Staff) -> None:
    """Another gap is open again; the same one stays as it was."""
    if gap != lesson.gap:
        lesson.gap_closed_at = lesson.gap_closed_by = None
        lesson.learned = ""
    lesson.gap, lesson.gap_owner = gap, owner if gap else None
