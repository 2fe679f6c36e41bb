"""Asking why a case happened, in the transaction that closes it; nothing waits for the answer."""

from datetime import datetime

from makegood.actions.telling import Rosters
from makegood.records.models import Case, Lesson
from makegood.rules.escalation import Role
from makegood.rules.learning import NAME_WITHIN
from makegood.rules.severity import Severity


def ask(case: Case, *, now: datetime) -> None:
    """Ask the owner of a locked case that has closed why it happened, unless it was named."""
    if case.is_canary:
        return
    lesson = Lesson.objects.filter(case=case).first()
    if lesson is None:
        lesson = Lesson(case=case, asked_at=now)
    elif lesson.cause_id is not None:
        return
    lesson.asked_at, lesson.due_at = now, now + NAME_WITHIN
    lesson.act_at = lesson.due_at
    put_before(lesson, case, Role.OWNER, now=now)
    lesson.save()


def let_rest(case: Case) -> None:
    """Ask nobody while a case is open again; it is asked once more when it closes."""
    Lesson.objects.filter(case=case, act_at__isnull=False).update(act_at=None)


def put_before(lesson: Lesson, case: Case, role: Role, *, now: datetime) -> None:
    """Put it before whoever answers for this rung now; who is away is passed over."""
    told = Rosters(now=now).whom_to_tell(
        role, team=case.team_id, owner=case.owner_id, severity=Severity.P3
    )
    lesson.role = role.value
    lesson.asked_id = told.person
