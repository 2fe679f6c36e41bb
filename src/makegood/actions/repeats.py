"""Cards: the same cause, site, thing, gap or template twice within its period, with an owner."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from makegood.actions.telling import Rosters
from makegood.records import repeating
from makegood.records.models import (
    Case,
    Cause,
    Improvement,
    Lesson,
    Repeat,
    RepeatCase,
    Staff,
    Template,
)
from makegood.rules import learning, roles
from makegood.rules.escalation import Role
from makegood.rules.learning import (
    ANSWER_WITHIN,
    NAME_WITHIN,
    Again,
    Came,
    CardAnsweredError,
    NothingDoneError,
    NotYoursToLearnError,
    OtherCauseError,
    Seen,
)
from makegood.rules.roles import Right
from makegood.rules.severity import Severity

WORDS_MAX = 300


def look(cases: Sequence[int], *, now: datetime) -> int:
    """Raise a card for what came again in these cases, or add them to the one that is open.

    Looking twice changes nothing. Returns how many cards were raised.
    """
    seen = repeating.read_seen(cases, now=now) if cases else ()
    if not seen:
        return 0
    answered = repeating.read_answered(sorted({(one.kind, one.key) for one in seen}))
    came = (one for one in learning.came_again(seen) if _is_new(one, seen, answered))
    return sum(_raise(one, now=now) for one in came)


@transaction.atomic
def answer(
    repeat_id: int, *, why: str, by: Staff, now: datetime, improvement: Improvement | None = None
) -> Repeat:
    """Say what is done about it, or why nothing can be.

    :raises CardAnsweredError: if it was answered already.
    :raises NotYoursToLearnError: if they do not own it, nor may change what causes failures.
    :raises NothingDoneError: if nothing says what is done.
    :raises OtherCauseError: if the change is to end another cause.
    """
    card = Repeat.objects.select_for_update(no_key=True, of=("self",)).get(pk=repeat_id)
    if card.answered_at is not None:
        raise CardAnsweredError
    if card.owner_id != by.pk and not roles.has(by.role, Right.IMPROVE):
        raise NotYoursToLearnError
    if not why.strip():
        raise NothingDoneError
    of_cause = int(card.key) if card.kind == Again.CAUSE else None
    if improvement is not None and of_cause not in {None, improvement.cause_id}:
        raise OtherCauseError
    card.answered_at, card.answered_by, card.act_at = now, by, None
    card.why, card.improvement = why.strip()[:WORDS_MAX], improvement
    card.save()
    return card


@transaction.atomic
def pass_on(repeat_id: int, *, now: datetime) -> None:
    """Give a card that nobody answered in time to the next on the ladder; it stays with the top."""
    card = Repeat.objects.select_for_update(no_key=True, of=("self",)).get(pk=repeat_id)
    if card.act_at is None or card.act_at > now:
        return
    role = learning.next_role(Role(card.role))
    if role is None:
        card.act_at = None
    else:
        card.role, card.owner_id = role.value, _person(role, card.team_id, card.owner_id, now=now)
        card.act_at = now + NAME_WITHIN
    card.save(update_fields=["role", "owner", "act_at"])


def due(*, now: datetime, limit: int) -> list[int]:
    """The cards whose clock has come."""
    waiting = Repeat.objects.filter(act_at__lte=now).order_by("act_at", "pk")
    return list(waiting.values_list("pk", flat=True)[:limit])


def postpone(repeat_id: int, *, now: datetime) -> None:
    """Look at a card again later, after an error."""
    Repeat.objects.filter(pk=repeat_id, act_at__lte=now).update(act_at=now + NAME_WITHIN)


def _is_new(came: Came, seen: Sequence[Seen], answered: dict[tuple[Again, str], datetime]) -> bool:
    """Whether it came after the last card about it was answered."""
    since = answered.get((came.kind, came.key))
    return since is None or any(
        one.at > since for one in seen if (one.kind, one.key) == (came.kind, came.key)
    )


def _raise(came: Came, *, now: datetime) -> bool:
    card = Repeat.objects.filter(kind=came.kind, key=came.key, answered_at=None).first()
    if card is not None:
        _add(card, came.cases)
        return False
    try:
        with transaction.atomic():
            _add(_new(came, now=now), came.cases)
    except IntegrityError as twice:
        if "repeat_one_open_card_per_thing" not in str(twice):
            raise
        return False  # another clock has just raised it
    return True


def _new(came: Came, *, now: datetime) -> Repeat:
    newest = Case.objects.select_related("owner").get(pk=max(came.cases))
    owner = _owner(came) or _person(Role.LEAD, newest.team_id, newest.owner_id, now=now)
    return Repeat.objects.create(
        kind=came.kind.value,
        key=came.key,
        raised_at=now,
        due_at=now + ANSWER_WITHIN,
        act_at=now + ANSWER_WITHIN,
        owner_id=owner,
        team_id=newest.team_id,
        role=Role.OWNER.value,
    )


def _add(card: Repeat, cases: Sequence[int]) -> None:
    rows = [RepeatCase(repeat=card, case_id=case) for case in cases]
    RepeatCase.objects.bulk_create(rows, ignore_conflicts=True)


def _owner(came: Came) -> int | None:
    """Whoever answers for the thing itself, if they still work here."""
    owner = _answers_for(came)
    if owner is None or not Staff.objects.filter(pk=owner, is_active=True).exists():
        return None
    return owner


def _answers_for(came: Came) -> int | None:
    if came.kind is Again.CAUSE:
        return Cause.objects.get(pk=int(came.key)).owner_id
    if came.kind is Again.TEMPLATE:
        template = Template.objects.filter(name=came.key).order_by("-pk").first()
        return template.owner_id if template else None
    if came.kind is Again.GAP:
        lesson = Lesson.objects.filter(gap__iexact=came.key).order_by("-named_at").first()
        return lesson.gap_owner_id if lesson else None
    return None


def _person(role: Role, team: int, owner: int, *, now: datetime) -> int:
    told = Rosters(now=now).whom_to_tell(role, team=team, owner=owner, severity=Severity.P3)
    return told.person
