"""`makegood person export`, `person erase` and `retention`, as an administrator types them."""

import json
import zipfile
from datetime import timedelta

import pytest
from typer import Typer
from typer.testing import CliRunner

from asking import a_call, a_case_put_right
from mail_world import a_mail, came
from makegood.actions import cases
from makegood.clockwork import ticks
from makegood.doors.cli import people, retention
from makegood.queries import verify
from makegood.records.models import Customer, Erasure, Mail, Retention, SettingsChange
from world import MONDAY, a_case, a_customer

pytestmark = pytest.mark.django_db

LATER = MONDAY + timedelta(hours=2)


@pytest.fixture
def run():
    app = Typer()
    app.command()(people.export)
    app.command()(people.erase)
    app.command()(retention.retention)
    return lambda *arguments, **more: CliRunner().invoke(app, [*map(str, arguments)], **more)


@pytest.fixture
def david() -> Customer:
    """Somebody who said that all is right."""
    case = a_case_put_right(customer=a_customer(email="david@example.org", phone="+441392000000"))
    answer = a_call(case, "All is right, says David.", now=LATER)
    cases.close_case(case_id=case.pk, answer=answer, now=LATER)
    return case.customer


def test_a_person_gets_all_that_the_desk_has_of_them_and_of_nobody_else(run, david, tmp_path):
    a_case(customer=a_customer("Somebody Else"))
    came(a_mail(sender="david@example.org", subject="My bin", text="Thank you for the new bin."))
    file = tmp_path / "david.zip"

    said = run("export", david.uuid, file)

    assert said.exit_code == 0, said.output
    with zipfile.ZipFile(file) as archive:
        person = json.loads(archive.read("person.json"))
        mails = [name for name in archive.namelist() if name.startswith("mail/")]
    assert person["Customer"][0]["email"] == "david@example.org"
    assert "All is right, says David." in {row["note"] for row in person["Contact"]}
    assert person["TimelineText"]
    assert len(mails) == Mail.objects.count() == 1
    assert "Somebody Else" not in json.dumps(person)
    assert file.stat().st_mode & 0o077 == 0


def test_the_file_holds_no_secret_that_opens_anything(run, david, tmp_path):
    run("export", david.uuid, tmp_path / "david.zip")

    with zipfile.ZipFile(tmp_path / "david.zip") as archive:
        person = json.loads(archive.read("person.json"))

    assert not {"secret", "reply_digest"} & {key for row in person["Letter"] for key in row}
    assert "CaseLink" not in person


def test_a_person_is_erased_after_a_second_yes(run, david):
    no = run("erase", david.uuid, input="n\n")
    assert not Erasure.objects.exists()
    yes = run("erase", david.uuid, input="y\n")

    assert (no.exit_code, yes.exit_code) == (1, 0), yes.output
    assert "every chain still verifies" in yes.output
    david.refresh_from_db()
    assert (david.name, david.email) == ("—", "")
    assert [str(fault) for fault in verify.run()] == []


@pytest.mark.parametrize("wrong", ["17", "00000000-0000-0000-0000-000000000000", ""])
def test_an_id_that_nobody_has_is_refused_in_a_sentence(run, tmp_path, wrong):
    for command in (("erase", wrong, "--yes"), ("export", wrong, tmp_path / "x.zip")):
        said = run(*command)
        assert said.exit_code == 2
        assert "No customer has this id" in said.output
    assert not (tmp_path / "x.zip").exists()


def test_an_open_case_comes_before_erasing(run):
    case = a_case()

    said = run("erase", case.customer.uuid, "--yes")

    assert said.exit_code == 2
    assert "what they were promised comes first" in said.output


def test_without_a_term_everything_is_kept_for_good(run, david):
    assert "customers: for good; 0 over their time." in run("retention").output
    ticks.tick(now=MONDAY + timedelta(days=20_000))
    assert not Erasure.objects.exists()
    assert Customer.objects.get(pk=david.pk).name == "David Taylor"


def test_a_dry_run_says_what_would_go_and_changes_nothing(run, david):
    Customer.objects.filter(pk=david.pk).update(since=MONDAY)

    said = run("retention", "customers", "--days", 30, "--dry-run")

    assert "customers: for 30 days; 1 over their time." in said.output
    assert not Retention.objects.exists()


def test_what_is_over_its_time_goes_and_the_change_is_in_the_history(run, david):
    open_case = a_case(customer=a_customer("Still Waiting"))
    came(a_mail(sender="stranger@example.net"))
    for kind in ("customers", "mail"):
        assert run("retention", kind, "--days", 365).exit_code == 0
    Retention.objects.update(look_at=MONDAY)
    Mail.objects.update(aside_because="machine", case=None)

    ticks.tick(now=LATER + timedelta(days=364))
    early = Erasure.objects.count()
    ticks.tick(now=LATER + timedelta(days=366))
    ticks.tick(now=LATER + timedelta(days=366))

    assert early == 0
    assert [erasure.customer for erasure in Erasure.objects.all()] == [david]
    assert Erasure.objects.get().because == "retention"
    assert Customer.objects.get(pk=open_case.customer_id).name == "Still Waiting"
    assert not Mail.objects.exists()
    assert SettingsChange.objects.filter(thing="retention").count() == 2


def test_a_term_that_is_too_short_is_refused(run):
    said = run("retention", "mail", "--days", 3)

    assert said.exit_code == 2
    assert "30 to 36500 days" in said.output
