"""Writing down when visits suit a customer and how to reach them, by themself or at the desk."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from makegood.actions import cases, replies, timeline
from makegood.actions.replies import Effect, Sender
from makegood.records.models import Case, Customer, ReplyKind, Staff
from makegood.rules.convenience import Tick, Way, hours_of

SAID = "The customer says when a visit suits them, and how to reach them."


@dataclass(frozen=True, kw_only=True, slots=True)
class Suits:
    """What suits: the parts of the week, and how to be reached; nothing is anything."""

    ticks: frozenset[Tick] = frozenset()
    reach_by: Way | None = None

    @classmethod
    def of(cls, ticks: Iterable[Tick], way: str) -> "Suits":
        """As forms give it; a way that nobody knows is none."""
        return cls(ticks=frozenset(ticks), reach_by=Way(way) if way in set(Way) else None)


def say(sender: Sender, suits: Suits, *, now: datetime) -> bool:
    """The customer says it on their page. False if the same form was taken before.

    :raises TooManyRepliesError: if too much came by this link within the hour.
    """

    def act(case: Case) -> Effect:
        _write(case, suits, by=None, now=now)
        return Effect(contact=replies.touch(case, SAID, now=now))

    content = (*(f"{day}-{part}" for day, part in sorted(suits.ticks)), str(suits.reach_by))
    return replies.take(sender, ReplyKind.HOURS, content, act, now=now)


@transaction.atomic
def note(case_id: int, suits: Suits, *, by: Staff, now: datetime) -> None:
    """Somebody at the desk heard it; from now on times are chosen by it."""
    _write(cases.lock(case_id), suits, by=by, now=now)


def _write(case: Case, suits: Suits, *, by: Staff | None, now: datetime) -> None:
    customers = Customer.objects.filter(pk=case.customer_id)
    customers.update(
        suits=hours_of(suits.ticks), reach_by=suits.reach_by.value if suits.reach_by else ""
    )
    facts = {"by": by.pk if by else None}
    timeline.append(case_id=case.pk, kind="hours_said", at=now, now=now, facts=facts)
