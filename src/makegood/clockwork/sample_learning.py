"""What the sample company learned from its own stories: a cause that came twice, and a change."""

from datetime import datetime, timedelta

from makegood.actions import improvements, lessons
from makegood.actions.improvements import Change
from makegood.actions.lessons import Finding
from makegood.clockwork.learning import look_for_repeats
from makegood.clockwork.sample_stage import Cast
from makegood.records.models import Case

BILLS = "Bills go out before our own books are up to date"


def learn(cast: Cast, *, now: datetime) -> None:
    """Name causes, close one gap and leave one open, ship one change and begin another."""
    helen, paul = _case("Helen Marsh"), _case("Paul Hensley")
    seen = now - timedelta(hours=1.5)
    first = lessons.name(
        helen.pk,
        Finding(cause=BILLS, gap="Which plan the summer flyer names", owner=cast.grace),
        by=cast.laura,
        now=now - timedelta(hours=27),
    )
    lessons.close_gap(
        first.pk,
        learned="The flyer hangs at every till, and the team went through it.",
        by=cast.grace,
        now=now - timedelta(hours=26),
    )
    lesson = lessons.name(
        paul.pk,
        Finding(cause=BILLS, gap="When a returned phone is booked", owner=cast.laura),
        by=cast.laura,
        now=seen,
    )
    if lesson.cause is not None:
        _change(lesson.cause.pk, cast, now=seen)
    look_for_repeats([helen.pk, paul.pk], now=seen)


def _change(cause: int, cast: Cast, *, now: datetime) -> None:
    """One change is in force; another is still to come."""
    hold = improvements.begin(
        Change(
            cause=cause,
            title="No bill while something is on its way back",
            what="A bill waits for a day if a return is announced and has not been booked.",
            owner=cast.grace,
        ),
        by=cast.grace,
        now=now,
    )
    improvements.ship(hold.pk, by=cast.grace, now=now + timedelta(minutes=30))
    improvements.begin(
        Change(
            cause=cause,
            title="Book returns on the day they arrive",
            what="The depot books each return as it comes in, with a scanner at the gate.",
            owner=cast.laura,
            due_on=(now + timedelta(days=21)).date(),
        ),
        by=cast.grace,
        now=now,
    )


def _case(customer: str) -> Case:
    return Case.objects.get(customer__name=customer, closed_at__isnull=False)
