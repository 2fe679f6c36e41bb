"""What somebody who leaves answered for besides their cases: it goes to whoever takes those.

Incidents that are going on, what the company says (articles and templates), rounds, and what they
kept in hand of the learning. What is over keeps its name.
"""

from django.db.models import Model, Q, QuerySet

from makegood.actions import changes
from makegood.actions.changes import Editor
from makegood.records import settings_facts
from makegood.records.models import (
    Article,
    Cause,
    Doubt,
    Improvement,
    Incident,
    Lesson,
    Repeat,
    Round,
    Staff,
    Template,
    Thing,
)


def lock_incidents(person: Staff) -> list[Incident]:
    """Take their incidents for this transaction: no case is opened in their name meanwhile."""
    rows = Incident.objects.select_for_update(no_key=True)
    return list(rows.filter(owner=person, over_at=None).order_by("pk"))


def holds_anything(person: Staff) -> bool:
    """Whether something of it is theirs."""
    return _rounds(person).exists() or any(rows.exists() for _field, rows in _held(person))


def hand_on(person: Staff, heir: int, *, editor: Editor) -> None:
    """Give all of it to somebody, in the transaction of the caller."""
    for field, rows in _held(person):
        rows.update(**{field: heir})
    for key in map(str, _rounds(person).order_by("pk").values_list("pk", flat=True)):
        changes.lock(Thing.ROUND, key)
        before = settings_facts.read(Thing.ROUND, key)
        Round.objects.filter(pk=key).update(owner=heir)
        after = settings_facts.read(Thing.ROUND, key)
        changes.note(Thing.ROUND, key, before, after, editor=editor)


def _rounds(person: Staff) -> QuerySet[Round]:
    """Rounds are settings, whose changes stand in the history."""
    return Round.objects.filter(retired_at=None, owner=person)


def _held(person: Staff) -> tuple[tuple[str, QuerySet[Model]], ...]:
    """What is theirs, and open. A stopped template is: they decide whether it speaks again."""
    is_open = Q(shipped_at=None, dropped_at=None)
    is_said = Q(replaced_at=None, withdrawn_at=None)
    return (
        ("owner", Incident.objects.filter(over_at=None, owner=person)),
        ("owner", Article.objects.filter(is_said, owner=person)),
        ("owner", Template.objects.filter(owner=person)),
        ("owner", Cause.objects.filter(owner=person)),
        ("owner", Improvement.objects.filter(is_open, owner=person)),
        ("owner", Repeat.objects.filter(answered_at=None, owner=person)),
        ("gap_owner", Lesson.objects.filter(gap_closed_at=None, gap_owner=person)),
        ("gap_owner", Doubt.objects.filter(gap_closed_at=None, gap_owner=person)),
    )
