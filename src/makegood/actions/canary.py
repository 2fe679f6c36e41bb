"""The clock's canary: a case whose promise falls due every ten minutes, and breaks, for ever.

It goes through the same sweeps as everybody's promises, at the lowest severity: last in line, so
that when it is in time, all are. It owes no apology and tells nobody. Its case is exchanged for a
fresh one about once a week, because a break looks at its case's earlier ones. It leaves some
fifty thousand promises a year, a hundred megabytes, which is the price of knowing.
"""

from datetime import date, datetime, timedelta

from django.db import transaction

from makegood.actions import cases
from makegood.actions.cases import Failure
from makegood.actions.contacts import Touch, record_contact
from makegood.records import canary
from makegood.records.models import (
    Case,
    Customer,
    Direction,
    Ladder,
    Staff,
    Team,
    WorkingCalendar,
)
from makegood.rules import policy
from makegood.rules.escalation import Ladder as Rungs
from makegood.rules.escalation import Role, Rung
from makegood.rules.policy import Policy
from makegood.rules.promises import Channel
from makegood.rules.severity import Function, Harm
from makegood.rules.workinghours import parse_amount

LONGEST_CASE = 1_000
"""Promises after which a fresh case takes over: a week of them."""

POLICY = Policy(
    grace=timedelta(0),
    news_within=parse_amount("10 minutes"),
    ladder=Rungs(
        rungs=(Rung(share=0.5, role=Role.OWNER),),
        unheard_after=timedelta(days=1),
        speak_again_after=timedelta(days=1),
    ),
)


@transaction.atomic
def ensure(*, now: datetime) -> Case:
    """Make sure that there is one canary, with a case that is not too long. Returns the case."""
    canary.hold_alone()
    for case in canary.open_cases():
        if not _may_close(case, now=now):
            return case
        _close(case, now=now)
    owner = _owner()
    failure = _failure(now=now)
    _set_policy(owner.team, failure)
    return cases.open_case(failure, owner=owner, now=now, is_canary=True)


def _may_close(case: Case, *, now: datetime) -> bool:
    """Whether it is long enough, and could be closed without breaking its word."""
    waiting = case.promises.still_open()
    return case.promises.count() > LONGEST_CASE and not waiting.filter(due_at__lte=now).exists()


def _close(case: Case, *, now: datetime) -> None:
    touch = Touch(channel=Channel.SIGNAL, direction=Direction.INBOUND, at=now)
    answer = record_contact(case.pk, touch, now=now)
    cases.close_case(case_id=case.pk, answer=answer, now=now)


def _failure(*, now: datetime) -> Failure:
    customer, _ = Customer.objects.get_or_create(
        uuid=canary.CUSTOMER,
        defaults={"name": f"{canary.NAME} (nobody)", "zone": "UTC", "since": now},
    )
    return Failure(
        customer=customer,
        title="The clock is watched by a promise of its own.",
        function=Function.INFORMATION,
        harm=Harm.COSMETIC,
        failed_at=now,
        known_at=now,
    )


def _owner() -> Staff:
    found = Staff.objects.filter(email=canary.EMAIL).select_related("team").first()
    return found or Staff.objects.create_user(canary.EMAIL, f"{canary.NAME} (nobody)", _team())


def _team() -> Team:
    calendar, _ = WorkingCalendar.objects.get_or_create(
        name=f"always ({canary.NAME.lower()})",
        defaults={"zone": "UTC", "week": [[[0, 1440]]] * 7, "known_until": date.max},
    )
    return Team.objects.get_or_create(name=canary.NAME, defaults={"calendar": calendar})[0]


def _set_policy(team: Team, failure: Failure) -> None:
    Ladder.objects.update_or_create(
        team=team,
        severity=int(failure.assessed().severity),
        defaults={"terms": policy.to_snapshot(POLICY)},
    )
