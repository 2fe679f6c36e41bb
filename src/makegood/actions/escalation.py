"""Climbing the ladder: rungs speak before a promise breaks, and again until it is put right."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from makegood.actions import policies, timeline
from makegood.actions.policies import Terms
from makegood.actions.telling import Rosters, skipped_facts, told_facts
from makegood.records import bulk
from makegood.records.bulk import DuePromise
from makegood.records.models import Case, Escalation, Staff
from makegood.records.rows import NewEscalation
from makegood.rules import escalation
from makegood.rules.duty import Told
from makegood.rules.escalation import Reason, Role
from makegood.rules.timeline import Entry, Head, link

_ALL = 10_000
"""More escalations than one promise can have waiting."""


class AlreadyAcknowledgedError(Exception):
    """Somebody has acknowledged this already."""


@transaction.atomic
def speak_due(*, now: datetime, limit: int, rosters: Rosters) -> int:
    """Let the next rung of up to `limit` promises speak. Returns how many did."""
    locked = bulk.lock_escalating(now=now, limit=limit)
    if locked:
        _speak(locked, rosters=rosters)
    return len(locked)


@transaction.atomic
def speak_one(promise_id: int, *, now: datetime, rosters: Rosters) -> None:
    """Let the next rung of one promise speak, alone, if it is still open and due to."""
    locked = [pk for pk in bulk.lock_open([promise_id]) if pk in bulk.escalating_of(pk, now=now)]
    _speak(locked, rosters=rosters)


def speak_of_tonight(promises: Sequence[int], *, rosters: Rosters) -> None:
    """Tell the lead of promises that fall due before the office opens again."""
    speak_now(promises, role=Role.LEAD, reason=Reason.DAY_END, rosters=rosters)


@transaction.atomic
def speak_now(promises: Sequence[int], *, role: Role, reason: Reason, rosters: Rosters) -> None:
    """Tell somebody of open promises at once, whatever their rungs say."""
    round_ = _Round(bulk.lock_open(promises), rosters)
    for row in round_.due.values():
        round_.tell(row, role, reason)
    round_.write()


@transaction.atomic
def speak_of(promise_id: int, role: Role, reason: Reason, *, rosters: Rosters) -> None:
    """Tell whoever answers for a role of one open promise, by somebody's decision."""
    round_ = _Round(bulk.lock_open([promise_id]), rosters)
    for row in round_.due.values():
        round_.tell(row, role, reason)
    round_.write()


@transaction.atomic
def speak_again_due(*, now: datetime, limit: int, rosters: Rosters) -> int:
    """Climb on with what nobody acknowledged, or what is still open after it was acknowledged."""
    locked = bulk.lock_speaking_again(now=now, limit=limit)
    if locked:
        _speak_again(list(locked), rosters=rosters)
    return len(locked)


@transaction.atomic
def speak_again_one(promise_id: int, *, now: datetime, rosters: Rosters) -> None:
    """Climb on with what should speak again of one promise, alone."""
    locked = bulk.lock_speaking_again(now=now, limit=_ALL, promise=promise_id)
    _speak_again(list(locked), rosters=rosters)


@transaction.atomic
def acknowledge(*, escalation_id: int, by: Staff, now: datetime) -> Escalation:
    """Say that one has heard it. What stays open speaks again after the ladder's time.

    :raises AlreadyAcknowledgedError: if somebody acknowledged it before.
    """
    case_id = Escalation.objects.values_list("case_id", flat=True).get(pk=escalation_id)
    Case.objects.select_for_update(no_key=True).get(pk=case_id)
    heard = Escalation.objects.select_for_update().select_related("promise").get(pk=escalation_id)
    if heard.acknowledged_at is not None:
        raise AlreadyAcknowledgedError(AlreadyAcknowledgedError.__doc__)
    terms = policies.read({heard.promise.policy_id})[heard.promise.policy_id]
    heard.acknowledged_at = now
    heard.acknowledged_by = by
    if heard.promise.outcome is None:
        _silence({heard.promise_id})  # whoever else was told of it: it speaks again once for all
        heard.speak_again_at = now + terms.policy.ladder.speak_again_after
    heard.save(update_fields=["acknowledged_at", "acknowledged_by", "speak_again_at"])
    timeline.append(
        case_id=case_id,
        kind="escalation_acknowledged",
        at=now,
        now=now,
        facts={"escalation": heard.pk, "by": by.pk, "role": heard.role},
    )
    return heard


class _Round:
    """What a batch of locked promises has to say, gathered and then written at once."""

    def __init__(self, locked: Sequence[int], rosters: Rosters) -> None:
        self.due = {row.id: row for row in bulk.read_due(sorted(set(locked)))}
        self.terms = policies.read({row.policy for row in self.due.values()})
        self._rosters = rosters
        self._numbers = _numbers(list(self.due))
        self._heads: dict[int, Head] = {}
        self._told: list[NewEscalation] = []
        self._entries: list[Entry] = []

    def tell(self, row: DuePromise, role: Role, reason: Reason) -> None:
        """Tell whoever answers for the role; a canary tells nobody."""
        if row.is_canary:
            return
        told = self._rosters.whom_to_tell(
            role, team=row.team, owner=row.owner, severity=row.severity
        )
        number = self._numbers[row.id] = self._numbers.get(row.id, 0) + 1
        now, terms = self._rosters.now, self.terms[row.policy]
        self._told.append(_row(row, told, reason, terms, number=number, now=now))
        facts = told_facts(row.id, told, reason=reason)
        head = self._heads.get(row.case, row.head)
        entry = link(head, case=row.case, kind="escalated", at=now, recorded=now, facts=facts)
        self._heads[row.case] = entry.head
        self._entries.append(entry)

    def write(self) -> None:
        """Write what was said. The latest telling of a promise is the one that speaks again."""
        _silence({row.promise_id for row in self._told})
        bulk.copy_in(self._told)
        bulk.copy_timeline(self._entries)


def _silence(promises: set[int]) -> None:
    waiting = Escalation.objects.filter(promise__in=promises, speak_again_at__isnull=False)
    waiting.update(speak_again_at=None)


def _speak_again(locked: Sequence[int], *, rosters: Rosters) -> None:
    waiting = Escalation.objects.filter(pk__in=locked, promise__outcome=None).order_by("pk")
    round_ = _Round([again.promise_id for again in waiting], rosters)
    for again in waiting:
        reason = Reason.STILL_OPEN if again.acknowledged_at else Reason.UNHEARD
        row = round_.due[again.promise_id]
        round_.tell(row, escalation.above(Role(again.role)), reason)
    Escalation.objects.filter(pk__in=locked).update(speak_again_at=None)
    round_.write()


def _speak(locked: Sequence[int], *, rosters: Rosters) -> None:
    round_ = _Round(locked, rosters)
    moves: list[tuple[int, int, datetime | None]] = []
    for row in round_.due.values():
        ladder = round_.terms[row.policy].policy.ladder
        round_.tell(row, ladder.rungs[row.rungs_spoken].role, Reason.WARNING)
        moves.append((row.id, row.rungs_spoken + 1, _next_at(row, ladder)))
    if moves:
        bulk.move_rungs(moves)
    round_.write()


def _row(
    row: DuePromise, told: Told, reason: Reason, terms: Terms, *, number: int, now: datetime
) -> NewEscalation:
    return NewEscalation(
        case_id=row.case,
        promise_id=row.id,
        broken_id=None,
        number=number,
        reason=reason.value,
        role=told.role.value,
        staff_id=told.person,
        skipped=skipped_facts(told),
        told_at=now,
        speak_again_at=now + terms.policy.ladder.unheard_after,
    )


def _next_at(row: DuePromise, ladder: escalation.Ladder) -> datetime | None:
    step = escalation.next_step(
        ladder, said_at=row.said_at, due_at=row.due_at, reached=row.rungs_spoken + 1
    )
    return step.at if step else None


def _numbers(promises: Sequence[int]) -> dict[int, int]:
    counted = Escalation.objects.filter(promise__in=promises).values_list("promise")
    return dict(counted.annotate(last=Max("number")))
