"""A new company sets itself up from the command line: a calendar, then people."""

from datetime import UTC, datetime

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from typer import Typer
from typer.testing import CliRunner

from makegood.actions import canary
from makegood.doors.cli import company
from makegood.queries.calendars import get_calendar
from makegood.records.models import Staff, Team, WorkingCalendar
from signing_in import link_in, with_app

pytestmark = pytest.mark.django_db

OFFICE = """
name = "Exeter office"
zone = "Europe/London"
known_until = 2027-12-31
[hours]
weekdays = ["09:00-17:00"]
[holidays]
code = "GB-ENG"
"""


@pytest.fixture
def run():
    app = Typer()
    app.command()(company.calendar)
    app.command()(company.person)
    app.command()(company.admit)
    return lambda *arguments: CliRunner().invoke(app, arguments)


@pytest.fixture
def office(tmp_path, run):
    file = tmp_path / "office.toml"
    file.write_text(OFFICE)
    said = run("calendar", str(file))
    assert said.exit_code == 0, said.output
    return file


def a_person_of(run, email="laura@example.org", **more):
    options = {"name": "Laura Bennett", "team": "Street", "password": "s3cret words"} | more
    return run("person", email, *(f"--{key}={value}" for key, value in options.items()))


def test_a_calendar_is_stored_and_found_by_name(run, office):
    assert "known until 2027-12-31" in run("calendar", str(office)).output
    assert get_calendar("exeter OFFICE").zone.key == "Europe/London"


@pytest.mark.usefixtures("office")
def test_the_first_person_founds_the_team_and_stands_on_every_rung(run):
    said = a_person_of(run)

    assert said.exit_code == 0, said.output
    laura, team = Staff.objects.get(), Team.objects.get()
    assert laura.check_password("s3cret words")
    assert {team.lead, team.head, team.executive} == {laura}
    assert team.day_end_at is not None


def test_without_a_calendar_a_code_stands_for_the_usual_office_hours(run):
    said = a_person_of(run, calendar="gb-eng")

    assert said.exit_code == 0, said.output
    laura, hours = Staff.objects.get(), get_calendar("GB-ENG")
    assert laura.team.calendar.name == "GB-ENG"
    assert laura.zone == hours.zone.key == "Europe/London"


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({}, "There is no calendar yet; give --calendar a code such as GB-ENG"),
        ({"calendar": "US"}, "more than one time zone; give --tz"),
        ({"calendar": "lunar"}, "(known: none yet), and no such place"),
    ],
)
def test_the_calendar_of_the_clocks_canary_is_nobodys_hours(run, more, words):
    canary.ensure(now=datetime(2026, 6, 1, 9, tzinfo=UTC))

    said = a_person_of(run, **more)

    assert said.exit_code == 2
    assert words in " ".join(said.output.split())


def test_a_team_on_the_calendar_of_the_canary_moves_to_the_one_that_is_given(run):
    nobodys = canary.ensure(now=datetime(2026, 6, 1, 9, tzinfo=UTC)).team
    Team.objects.create(name="Street", calendar=nobodys.calendar)

    said = a_person_of(run, calendar="GB-ENG")

    assert said.exit_code == 0, said.output
    assert "The team Street keeps the hours of GB-ENG from now on." in said.output
    street = Team.objects.get(name="Street")
    assert street.calendar.name == "GB-ENG"
    assert street.day_end_at is not None
    nobodys.refresh_from_db()
    assert nobodys.calendar.name != "GB-ENG"


@pytest.mark.usefixtures("office")
def test_a_team_with_an_office_keeps_its_calendar_and_says_where_to_change_it(run):
    a_person_of(run)

    said = a_person_of(run, email="x@example.org", calendar="GB-ENG")

    assert said.exit_code == 2
    assert "The team Street keeps the hours of Exeter office; leave --calendar out" in said.output
    assert Team.objects.get().calendar.name == "Exeter office"
    assert not WorkingCalendar.objects.filter(name="GB-ENG").exists()
    assert Staff.objects.count() == 1


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"email": "LAURA@example.org"}, "signs in as LAURA@example.org already"),
        ({"email": "x@example.org", "tz": "Mars"}, 'no time zone "Mars"'),
        ({"email": "x@example.org", "calendar": "lunar"}, "known: Exeter office"),
    ],
)
@pytest.mark.usefixtures("office")
def test_what_cannot_be_done_is_one_sentence(run, more, words):
    a_person_of(run)

    said = a_person_of(run, **more)

    assert said.exit_code == 2
    assert words in said.output
    assert "Traceback" not in said.output


def test_a_file_that_is_no_calendar_is_one_sentence(run, tmp_path):
    said = run("calendar", str(tmp_path / "missing.toml"))

    assert said.exit_code == 2
    assert "cannot be read" in said.output


@pytest.mark.usefixtures("office")
def test_who_has_lost_everything_is_let_in_from_the_command_line(run):
    a_person_of(run)
    laura = Staff.objects.get()
    with_app(laura)

    said = run("admit", "Laura@example.org")

    assert said.exit_code == 0, said.output
    assert "second step is forgotten" in said.output
    client = Client()
    page = client.get(link_in(said.output), follow=True)
    assert "Choose your password" in page.content.decode()
    assert not Authenticator.objects.exists()


def test_nobody_unknown_or_gone_is_let_in_from_the_command_line(run):
    said = run("admit", "nobody@example.org")
    assert said.exit_code == 2
    assert "Nobody who works here signs in as nobody@example.org." in said.output
