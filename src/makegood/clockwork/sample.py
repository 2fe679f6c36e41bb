"""The sample company: its people, and the stories that they have lived through by now.

Everything is told through the real actions on a wound clock, so that the sample obeys every law.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from makegood.actions import changes, day_end
from makegood.actions.changes import Editor
from makegood.actions.links import mint_link
from makegood.actions.services import SERVICES
from makegood.clockwork import (
    sample_knowledge,
    sample_learning,
    sample_remedies,
    sample_rounds,
    sample_stories,
    sample_visits,
)
from makegood.clockwork.sample_stage import LANGUAGE, Cast
from makegood.language import choice
from makegood.queries.holidays import holidays_of
from makegood.records.models import (
    Asset,
    Case,
    Criticality,
    Holiday,
    Service,
    Staff,
    StaffRole,
    Team,
    WorkingCalendar,
)
from makegood.rules.severity import Function

DOMAIN = "example.org"
SIGN_IN = f"laura.bennett@{DOMAIN}"
OTHERS = (
    f"ada.moreno@{DOMAIN} (administrator), grace.lind@{DOMAIN} (supervisor), "
    f"sam.rowe@{DOMAIN} (technician)"
)
OFFICE_HOURS = [[[480, 720], [750, 1080]]] * 5 + [[[540, 780]], []]
ROUND_THE_CLOCK = [[[0, 1440]]] * 7
CALENDAR_YEARS = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class SampleLinks:
    """What to show to somebody who has just started the sample."""

    sign_in: str
    others: str
    password: str
    customer_path: str


def load_if_empty(*, now: datetime) -> SampleLinks | None:
    """Load the sample company into an empty desk; None where a company of its own lives.

    The password is derived from the installation's secret: the same at each start, and unknown
    to whoever does not hold the secret.
    """
    if not Case.objects.filter(is_canary=False).exists():
        with transaction.atomic():
            cast = _hire(now=now)
            sample_remedies.set_up(now=now - timedelta(days=90))
            sample_knowledge.write_down(cast, now=now - timedelta(days=90))
            sample_rounds.set_up(cast, now=now)
        with choice.speaking(LANGUAGE):
            sample_stories.tell(cast, now=now)
            sample_knowledge.a_flyer_disagrees(now=now)
            sample_learning.learn(cast, now=now)
            sample_remedies.declare_closeness(cast.laura, "Omar Hadid", now=now)
        _tie_things_to_services()
    laura = Staff.objects.filter(email=SIGN_IN).first()
    case = Case.objects.filter(customer__name="David Taylor").order_by("pk").first()
    if laura is None or case is None:
        return None
    password = _password()
    if not laura.check_password(password):
        # Everybody gets the one password, so that each role can be tried.
        people = Staff.objects.filter(email__endswith=f"@{DOMAIN}", is_active=True)
        people.update(password=make_password(password))
    token = mint_link(case.pk, now=now)
    return SampleLinks(
        sign_in=SIGN_IN, others=OTHERS, password=password, customer_path=f"/c/{token}"
    )


def _password() -> str:
    secret = settings.SECRET_KEY.encode()
    return hmac.new(secret, b"sample company", hashlib.sha256).hexdigest()[:12]


def _hire(*, now: datetime) -> Cast:
    year = now.year
    shut = holidays_of("GB-ENG", years=range(year - 1, year + CALENDAR_YEARS))
    office = _calendar("Office", OFFICE_HOURS, year=year, shut=shut)
    always = _calendar("Round the clock", ROUND_THE_CLOCK, year=year, shut={})
    street = Team.objects.create(name="Street services", calendar=office)
    alarms = Team.objects.create(name="Alarms", calendar=always)
    ruth = _person("Ruth Castellanos", alarms, StaffRole.EXECUTIVE)
    grace = _person("Grace Lind", street, StaffRole.SUPERVISOR)
    tom = _person("Tom Abara", street, StaffRole.SUPERVISOR, cover=grace)
    priya = _person("Priya Nair", alarms, StaffRole.SUPERVISOR)
    for team, lead in ((street, grace), (alarms, priya)):
        team.lead, team.head, team.executive = lead, tom, ruth
        team.save()
        day_end.schedule(team, now=now)
    mike = _person("Mike Doyle", street, StaffRole.AGENT)
    # The one gap that the settings point out: nobody stands in for the dispatcher.
    _person("Dara Quinn", street, StaffRole.DISPATCHER)
    _person("Kit Larsen", alarms, StaffRole.KNOWLEDGE_KEEPER)
    ada = _person("Ada Moreno", street, StaffRole.ADMINISTRATOR, cover=grace)
    laura = _person("Laura Bennett", street, StaffRole.OWNER, cover=mike)
    nina = _person("Nina Owens", alarms, StaffRole.OWNER, cover=priya)
    sam = _person("Sam Rowe", street, StaffRole.AGENT)
    lee = _person("Lee Kaur", street, StaffRole.AGENT, cover=sam)
    jo = _person("Jo Finch", alarms, StaffRole.AGENT, cover=nina)
    for person, cover in ((ruth, tom), (grace, tom), (priya, nina), (mike, laura), (sam, lee)):
        Staff.objects.filter(pk=person.pk).update(cover=cover)
    _serve(street, alarms, by=ada, now=now)
    set_up = now - timedelta(days=90)
    sample_visits.send_out(street, alarms, members=(sam, lee, jo), by=ada, now=set_up)
    return Cast(laura=laura, mike=mike, nina=nina, ruth=ruth, grace=grace)


def _serve(street: Team, alarms: Team, *, by: Staff, now: datetime) -> None:
    for name, function, criticality, team in (
        ("Food waste round", Function.HYGIENE, Criticality.ORDINARY, street),
        ("Garden waste round", Function.HYGIENE, Criticality.ORDINARY, street),
        ("Bills and payments", Function.MONEY, Criticality.ORDINARY, street),
        ("Parts and repairs", Function.COMFORT, Criticality.ORDINARY, street),
        ("Alarm monitoring", Function.SECURITY, Criticality.CRITICAL, alarms),
    ):
        facts = {
            "name": name,
            "function": function.value,
            "criticality": criticality.value,
            "team": team.pk,
            "retired": False,
        }
        changes.keep(SERVICES, None, facts, editor=Editor(by=by, now=now - timedelta(days=90)))


def _tie_things_to_services() -> None:
    for service in Service.objects.order_by("pk"):
        Asset.objects.filter(service=None, function=service.function).update(service=service)


def _calendar(
    name: str, week: list[list[list[int]]], *, year: int, shut: dict[date, str]
) -> WorkingCalendar:
    until = date(year + CALENDAR_YEARS - 1, 12, 31)
    calendar = WorkingCalendar.objects.create(
        name=name, zone="Europe/London", week=week, known_until=until
    )
    Holiday.objects.bulk_create(
        Holiday(calendar=calendar, day=day, name=why) for day, why in shut.items()
    )
    return calendar


def _person(name: str, team: Team, role: StaffRole, cover: Staff | None = None) -> Staff:
    person = Staff(
        email=f"{name.lower().replace(' ', '.')}@{DOMAIN}",
        name=name,
        team=team,
        role=role,
        zone="Europe/London",
        cover=cover,
    )
    person.set_unusable_password()
    person.save()
    return person
