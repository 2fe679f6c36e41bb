"""About signing in: where somebody is signed in, and who needs a second step."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from zoneinfo import ZoneInfo

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, Q, QuerySet

from makegood.queries import plain
from makegood.queries.when import When, at
from makegood.records import prepared
from makegood.records.models import SecondStepRole, Staff, StaffRole

SECOND_STEPS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)

# The first that stands in what a browser says of itself; the order matters, for they all lie.
BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)

_SIGNED_IN = plain.Kept(f"""
    SELECT {plain.columns(Staff, "s")},
           EXISTS (SELECT FROM records_secondsteprole n WHERE n.role = s.role)
           AND NOT EXISTS (SELECT FROM mfa_authenticator a
                            WHERE a.user_id = s.id AND a.type = ANY(%(steps)s)) lacks_second_step
      FROM records_staff s WHERE s.id = %(person)s AND s.is_active
""")  # noqa: S608 - columns of our own model

_SESSION = """
    SELECT session_data FROM django_session
     WHERE session_key = %(key)s AND expire_date > %(now)s
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Device:
    """One place where somebody is signed in. An unknown browser or system is empty."""

    id: int
    browser: str
    system: str
    address: str
    since: When
    is_this: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class SecondStepOf:
    """Whether a role needs a second step, how many people have the role, and how many lack it."""

    role: StaffRole
    is_needed: bool
    people: int
    without: int


def devices(reader: Staff, *, this: str, now: datetime) -> tuple[Device, ...]:
    """Where somebody is signed in now, the newest first."""
    live = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=now)
    rows = UserSession.objects.filter(Exists(live), user=reader).order_by("-created_at")
    zone = ZoneInfo(reader.zone)
    return tuple(
        Device(
            id=row.pk,
            browser=_named(row.user_agent, BROWSERS),
            system=_named(row.user_agent, SYSTEMS),
            address=row.ip,
            since=at(row.created_at, now=now, zone=zone),
            is_this=row.session_key == this,
        )
        for row in rows
    )


def person_signed_in(person: int) -> Staff | None:
    """Somebody who works here, with `lacks_second_step`: their role needs one, and they have none.

    Every request reads this, so it is a plain statement (see `queries.plain`).
    """
    found = plain.models(_SIGNED_IN, Staff, person=person, steps=list(SECOND_STEPS))
    if not found:
        return None
    somebody, lacks_second_step = found[0]
    somebody.lacks_second_step = lacks_second_step
    return cast("Staff", somebody)


def session_data(key: str, *, now: datetime) -> str | None:
    """What a sign-in that is not over holds, as Django wrote it; none if there is no such one.

    Every request of somebody who has signed in reads this too.
    """
    if "\x00" in key:  # in a forged cookie; PostgreSQL cannot hold it
        return None
    found = prepared.fetch_one(_SESSION, {"key": key, "now": now})
    return found[0] if found else None


def without_demands(people: QuerySet[Staff]) -> QuerySet[Staff]:
    """Those of the people who lack no second step that their role needs."""
    return people.exclude(_lacks_one())


def second_steps() -> tuple[SecondStepOf, ...]:
    """Each role with what it needs, and how many lack it."""
    needed = set(SecondStepRole.objects.values_list("role", flat=True))
    active = Staff.objects.people().filter(is_active=True).annotate(has_one=_has_one())
    rows = list(active.values_list("role", "has_one"))
    people = Counter(role for role, _has in rows)
    without = Counter(role for role, has in rows if not has)
    return tuple(
        SecondStepOf(
            role=role,
            is_needed=role.value in needed,
            people=people[role.value],
            without=without[role.value],
        )
        for role in StaffRole
    )


def people_with_second_step() -> tuple[tuple[int, str], ...]:
    """Who has a second step, by name."""
    people = Staff.objects.people().filter(_has_one(), is_active=True)
    return tuple(people.order_by("name", "pk").values_list("pk", "name"))


def _lacks_one() -> Q:
    needed = Exists(SecondStepRole.objects.filter(role=OuterRef("role")))
    return Q(needed) & ~Q(_has_one())


def _has_one() -> Exists:
    return Exists(Authenticator.objects.filter(user=OuterRef("pk"), type__in=SECOND_STEPS))


def _named(text: str, names: tuple[tuple[str, str], ...]) -> str:
    return next((name for sign, name in names if sign in text), "")
