"""What a company learns, to tell stories about: closed cases, causes, changes and cards."""

from datetime import datetime, timedelta

from honour_world import a_call
from makegood.actions import cases, contacts, improvements, lessons
from makegood.actions.improvements import Change
from makegood.actions.lessons import Finding
from makegood.records.models import Case, Cause, Improvement, Lesson, Staff
from world import MONDAY, a_case, a_person

LATE_LORRY = "The lorry leaves the depot too late"


def a_closed_case(*, now: datetime = MONDAY, **more) -> Case:
    case = a_case(**{"now": now, "failed_at": now, "known_at": now} | more)
    return closed(case, now=now + timedelta(hours=1))


def closed(case: Case, *, now: datetime) -> Case:
    yes = contacts.record_contact(case.pk, a_call("It is right.", now=now), now=now, is_answer=True)
    return cases.close_case(case_id=case.pk, answer=yes, now=now)


def a_lead() -> Staff:
    """Somebody who may change what causes failures."""
    return a_person("Grace Lind", role="supervisor", zone="Europe/London")


def a_lesson(
    case: Case, cause: str = LATE_LORRY, *, gap: str | None = None, now: datetime = MONDAY, **more
) -> Lesson:
    finding = Finding(**{"cause": cause, "gap": gap} | more)
    return lessons.name(case.pk, finding, by=a_person(), now=now)


def an_improvement(cause: Cause, *, now: datetime = MONDAY, **more) -> Improvement:
    change = Change(
        **{
            "cause": cause.pk,
            "title": "Leave at six",
            "what": "The round starts at six instead of seven.",
            "owner": a_lead(),
        }
        | more
    )
    return improvements.begin(change, by=a_lead(), now=now)


def a_shipped_one(cause: Cause, *, now: datetime = MONDAY, **more) -> Improvement:
    return improvements.ship(an_improvement(cause, now=now, **more).pk, by=a_lead(), now=now)
