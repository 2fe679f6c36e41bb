"""What somebody who leaves kept in hand of the learning: it goes to whoever takes their cases."""

from django.db.models import Model, Q, QuerySet

from makegood.records.models import Cause, Doubt, Improvement, Lesson, Repeat, Staff


def holds_anything(person: Staff) -> bool:
    """Whether something of it is theirs."""
    return any(rows.exists() for _field, rows in _held(person))


def hand_on(person: Staff, heir: int) -> None:
    """Give all of it to somebody, in the transaction of the caller."""
    for field, rows in _held(person):
        rows.update(**{field: heir})


def _held(person: Staff) -> tuple[tuple[str, QuerySet[Model]], ...]:
    """What is theirs, and open; what is over keeps its name."""
    is_open = Q(shipped_at=None, dropped_at=None)
    return (
        ("owner", Cause.objects.filter(owner=person)),
        ("owner", Improvement.objects.filter(is_open, owner=person)),
        ("owner", Repeat.objects.filter(answered_at=None, owner=person)),
        ("gap_owner", Lesson.objects.filter(gap_closed_at=None, gap_owner=person)),
        ("gap_owner", Doubt.objects.filter(gap_closed_at=None, gap_owner=person)),
    )
