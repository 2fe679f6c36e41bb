"""A small company to tell stories about: builders with sensible values, each overridable."""

from datetime import UTC, date, datetime, timedelta

from makegood.actions import cases
from makegood.actions.cases import Failure
from makegood.actions.drafts import Word
from makegood.records.models import (
    Asset,
    Case,
    Customer,
    PromiseKind,
    Staff,
    Team,
    WorkingCalendar,
)
from makegood.rules.promises import Channel, Speaker
from makegood.rules.roles import Role
from makegood.rules.severity import Function, Harm

MONDAY = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
OFFICE = [[[540, 1020]]] * 5 + [[], []]


def a_calendar(name: str = "office", zone: str = "Europe/London", week: list | None = None):
    return WorkingCalendar.objects.get_or_create(
        name=name,
        defaults={"zone": zone, "week": week or OFFICE, "known_until": date(2030, 12, 31)},
    )[0]


def a_team(name: str = "collections", **more) -> Team:
    """A team with a lead, a head and an executive, each a person of their own who may approve."""
    team, fresh = Team.objects.get_or_create(name=name, defaults={"calendar": a_calendar()} | more)
    if fresh:
        team.lead = a_person(f"{name} lead", team=team, role=Role.SUPERVISOR)
        team.head = a_person(f"{name} head", team=team, role=Role.SUPERVISOR)
        team.executive = a_person(f"{name} executive", team=team, role=Role.EXECUTIVE)
        team.save()
    return team


def a_person(name: str = "Laura Bennett", *, team: Team | None = None, **more) -> Staff:
    email = f"{name.lower().replace(' ', '.')}@example.org"
    found = Staff.objects.filter(email=email).first()
    return found or Staff.objects.create(email=email, name=name, team=team or a_team(), **more)


def a_customer(name: str = "David Taylor", **more) -> Customer:
    return Customer.objects.create(
        **{"name": name, "zone": "Europe/London", "since": MONDAY} | more
    )


def a_bin(customer: Customer | None = None) -> Asset:
    return Asset.objects.create(
        customer=customer or a_customer(), name="food bin", function=Function.HYGIENE.value
    )


def a_failure(customer: Customer | None = None, **more) -> Failure:
    return Failure(
        **{
            "customer": customer or a_customer(),
            "title": "Food bin not collected",
            "function": Function.HYGIENE,
            "harm": Harm.LOST,
            "failed_at": MONDAY,
            "known_at": MONDAY,
        }
        | more
    )


def a_case(*, now: datetime = MONDAY, owner: Staff | None = None, **more) -> Case:
    return cases.open_case(a_failure(**more), owner=owner or a_person(), now=now)


def a_word(*, now: datetime = MONDAY, due_at: datetime | None = None, **more) -> Word:
    return Word(
        **{
            "kind": PromiseKind.CALLBACK,
            "words": "I'll call you by five.",
            "speaker": Speaker.PERSON,
            "speaker_name": "Laura Bennett",
            "said_by": a_person().pk,
            "channel": Channel.PHONE,
            "said_at": now,
            "due_at": due_at or now + timedelta(hours=8),
        }
        | more
    )
