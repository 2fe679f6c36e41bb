"""`makegood import` of other systems: a dry run, each row once, bad rows by line and reason."""

import json
import mailbox
from contextlib import suppress
from email.message import EmailMessage

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer import Typer
from typer.testing import CliRunner

from examples import examples
from mail_world import proof
from makegood.actions import erasing
from makegood.doors.cli import importing
from makegood.queries import import_files, verify
from makegood.queries.import_files import ImportFileError
from makegood.records.models import (
    Asset,
    Case,
    Customer,
    Letter,
    Mail,
    Origin,
    Promise,
    Report,
)
from world import MONDAY, a_person

pytestmark = pytest.mark.django_db

TICKETS = """Ticket ID,Subject,Requester,Requester email,Status,Created at,Assignee email
1,Food bin missed,Ann Lee,ann@example.org,open,2026-05-29T08:00:00Z,laura.bennett@example.org
2,Wrong bill,Bob Ray,bob@example.org,pending,2026-05-30T08:00:00Z,gone@example.org
3,Long done,Cy Fox,cy@example.org,solved,2026-05-01T08:00:00Z,
4,,Dee,dee@example.org,open,2026-05-30T08:00:00Z,
5,No date,Eve,eve@example.org,open,yesterday,
6,Second bill,Bob Ray,bob@example.org,new,2026-05-31T08:00:00Z,
"""


@pytest.fixture
def run():
    app = Typer()
    app.command()(importing.import_)
    return lambda *arguments: CliRunner().invoke(app, [*map(str, arguments)])


@pytest.fixture
def tickets(tmp_path):
    a_person()
    file = tmp_path / "tickets.csv"
    file.write_text(TICKETS)
    return file


def test_open_tickets_become_cases_with_an_owner_and_a_promise(run, tickets):
    said = run("--from", "csv", tickets, "--source", "old desk")

    assert said.exit_code == 1, "some rows are bad"
    assert "Took in 3 of 6 rows; 0 were here before, 1 are closed there, 2 cannot" in said.output
    assert "line 5: it has no title." in said.output
    assert "line 6: opened_at is a moment" in said.output
    ann = Case.objects.get(reports__external_id="1")
    assert ann.owner.email == "laura.bennett@example.org"
    assert ann.failed_at.isoformat() == "2026-05-29T08:00:00+00:00"
    for case in Case.objects.all():
        assert case.promises.still_open().exists()
    assert Case.objects.filter(customer__email="bob@example.org").count() == 2
    assert Customer.objects.filter(email="bob@example.org").count() == 1
    assert [str(fault) for fault in verify.run()] == []


def test_a_second_run_takes_nothing_twice_and_says_so(run, tickets):
    run("--from", "csv", tickets)

    again = run("--from", "csv", tickets)

    assert "Took in 0 of 6 rows; 3 were here before" in again.output
    assert (Case.objects.count(), Report.objects.count()) == (3, 3)


def test_a_dry_run_says_the_same_and_keeps_nothing(run, tickets):
    said = run("--from", "csv", tickets, "--dry-run")

    assert "Would take in 3 of 6 rows" in said.output
    assert "line 5: it has no title." in said.output
    assert not Case.objects.exists()
    assert not Customer.objects.exists()
    assert not Origin.objects.exists()


def test_what_was_promised_there_is_promised_here_only_where_somebody_says_so(run, tmp_path):
    a_person()
    file = tmp_path / "open.csv"
    file.write_text(
        "id;subject;customer email;created at;due;told\n"
        "1;Late;ann@example.org;2026-05-29;2099-06-02 12:00;We bring it by noon.\n"
    )

    run("--from", "csv", file, "--source", "plain")
    run(
        "--from",
        "csv",
        file,
        "--source",
        "told",
        "--map",
        "promised_by=due",
        "--map",
        "promised=told",
    )

    plain, told = Case.objects.order_by("pk")
    assert not Promise.objects.filter(case=plain, words="We bring it by noon.").exists()
    promise = Promise.objects.get(case=told, words="We bring it by noon.")
    assert promise.due_at.isoformat() == "2099-06-02T12:00:00+00:00"


def test_customers_then_assets_come_by_their_ids(run, tmp_path):
    a_person()
    people, things = tmp_path / "people.csv", tmp_path / "things.csv"
    people.write_text("id,name,email,postcode\n7,'=Ann,ann@example.org,EX1\n8,,bob@example.org,\n")
    things.write_text("id,customer,name,function,location\na,7,food bin,hygiene,yard\nb,9,bin,,\n")

    first = run("--from", "csv", people, "--source", "crm")
    second = run("--from", "csv", things, "--source", "crm")

    assert "line 3: it has no name." in first.output
    assert "line 3: no customer 9 was imported: import customers first." in second.output
    assert Customer.objects.get().name == "=Ann"
    assert Asset.objects.get().customer == Customer.objects.get()
    assert (
        "0 of 2 rows; 1 were here before" in run("--from", "csv", things, "--source", "crm").output
    )


@pytest.mark.parametrize("shape", ["list", "named", "lines"])
def test_zendesk_comes_as_json_and_as_json_lines(run, tmp_path, shape):
    a_person()
    ticket = {"id": 1, "subject": "On fire", "status": "new", "requester_id": 5}
    closed = ticket | {"id": 2, "status": "closed"}
    text = {
        "list": json.dumps([ticket, closed, 7]),
        "named": json.dumps({"tickets": [ticket, closed, 7]}),
        "lines": f"{json.dumps(ticket)}\n{json.dumps(closed)}\nhalf a {{line\n",
    }[shape]
    file = tmp_path / "tickets.json"
    file.write_text(text)

    said = run("--from", "zendesk", file)

    assert "Took in 1 of 3 rows; 0 were here before, 1 are closed there, 1 cannot" in said.output
    assert "line 3: it is no record." in said.output
    assert Case.objects.get().title == "On fire"


def test_users_of_zendesk_are_customers_whose_tickets_find_them(run, tmp_path):
    a_person()
    users, tickets = tmp_path / "users.json", tmp_path / "tickets.json"
    users.write_text(json.dumps({"users": [{"id": 5, "name": "Ann", "email": "ann@example.org"}]}))
    tickets.write_text(json.dumps({"tickets": [{"id": 1, "subject": "x", "requester_id": 5}]}))

    run("--from", "zendesk", users)
    run("--from", "zendesk", tickets)

    assert Case.objects.get().customer == Customer.objects.get(name="Ann")


def test_freshdesk_comes_as_xml(run, tmp_path):
    a_person()
    file = tmp_path / "Tickets0.xml"
    file.write_text(
        """<?xml version="1.0" encoding="UTF-8"?><helpdesk-tickets type="array"><helpdesk-ticket>
        <display-id type="integer">12</display-id><subject>Late &amp; wet</subject>
        <requester-id>9</requester-id><requester-name>Ann</requester-name>
        <status type="integer">2</status></helpdesk-ticket></helpdesk-tickets>"""
    )

    said = run("--from", "freshdesk", file)

    assert "Took in 1 of 1 rows" in said.output, said.output
    assert Case.objects.get().title == "Late & wet"


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE z [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    "<t><h><subject>&b;</subject></h></t>"
)


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("bomb.xml", BOMB.encode(), "declares a document type"),
        ("wide.xml", BOMB.encode("utf-16"), "not in UTF-8"),
        ("half.xml", b"<t><h>", "cannot be read"),
        ("latin.csv", "id,name\n1,J\xf6rg".encode("latin-1"), "no text in UTF-8"),
        ("quoted.csv", b'id,name\n1,"half', "cannot be read"),
        ("deep.json", b"[" * 200_000, "holds no list"),
        ("one.json", b"7", "No column is the id"),
        ("empty.csv", b"", "No column is the id"),
    ],
)
def test_files_that_are_none_are_refused_in_a_sentence(run, tmp_path, name, content, why):
    a_person()
    file = tmp_path / name
    file.write_bytes(content)

    said = run("--from", "csv" if name.endswith("csv") else "freshdesk", file)

    assert said.exit_code == 2, said.output
    assert why in said.output
    assert not Case.objects.exists()


def test_a_desk_without_people_takes_no_case(run, tmp_path):
    file = tmp_path / "t.csv"
    file.write_text(TICKETS)

    said = run("--from", "csv", file)

    assert said.exit_code == 2
    assert "nobody who could own a case" in said.output


def test_mail_of_an_archive_waits_on_the_mail_desk_whatever_it_proves(run, tmp_path):
    a_person()
    box = mailbox.mbox(tmp_path / "old.mbox")
    for number in (1, 2):
        mail = EmailMessage()
        mail["From"], mail["To"] = "ann@example.org", "desk@example.org"
        mail["Authentication-Results"] = proof("ann@example.org")
        mail["Subject"], mail["Message-ID"] = "My bin", f"<{number}@example.org>"
        mail.set_content("Please call me.")
        box.add(mail)
    box.close()

    tried = run("--from", "mbox", tmp_path / "old.mbox", "--dry-run")
    first = run("--from", "mbox", tmp_path / "old.mbox")
    again = run("--from", "mbox", tmp_path / "old.mbox")

    assert "Would take in 2 of 2 mails" in tried.output
    assert "Took in 2 of 2 mails" in first.output
    assert "Took in 0 of 2 mails; 2 were here before" in again.output
    assert {mail.aside_because for mail in Mail.objects.all()} == {"unproven"}
    assert not Mail.objects.filter(is_proven=True).exists()
    assert not Case.objects.exists()
    assert not Letter.objects.exists()


def test_whoever_was_imported_and_erased_has_no_origin_left(run, tmp_path):
    a_person()
    file = tmp_path / "people.csv"
    file.write_text("id,name\n7,Ann\n")
    run("--from", "csv", file)

    erasing.erase(Customer.objects.get().pk, because="asked", now=MONDAY)

    assert not Origin.objects.exists()


@given(content=st.binary(max_size=300), form=st.sampled_from(["csv", "zendesk", "freshdesk"]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=examples(40))
def test_junk_is_read_or_refused_and_nothing_else(tmp_path, content, form):
    for name in ("junk.csv", "junk.json", "junk.xml"):
        file = tmp_path / name
        file.write_bytes(content)
        found = []
        with suppress(ImportFileError):
            found = list(import_files.read_rows(file, form=form))
        assert all(isinstance(cell, str) for row in found for cell in row.cells.values())


def test_a_dry_run_counts_what_the_file_says_twice_once(run, tmp_path):
    a_person()
    file = tmp_path / "people.csv"
    file.write_text("id;name;tel\n1;Ada Lewis;+44 20 7946 0100\n1;Ada Lewis;\n2;Ben Short;\n")

    tried = run("--from", "csv", file, "--what", "customers", "--dry-run")
    taken = run("--from", "csv", file, "--what", "customers")

    assert "Would take in 2 of 3 rows; 1 were here before" in tried.output
    assert "Took in 2 of 3 rows; 1 were here before" in taken.output
    assert Customer.objects.filter(phone="+44 20 7946 0100").exists()


def test_a_dry_run_takes_what_is_closed_in_one_row_and_open_in_another(run, tmp_path):
    a_person()
    file = tmp_path / "tickets.csv"
    ticket = "Food bin missed,Ann Lee,ann@example.org,{},2026-05-29T08:00:00Z\n"
    file.write_text(
        "Ticket ID,Subject,Requester,Requester email,Status,Created at\n"
        f"1,{ticket.format('solved')}1,{ticket.format('open')}"
    )

    tried = run("--from", "csv", file, "--dry-run")
    taken = run("--from", "csv", file)

    assert "Would take in 1 of 2 rows; 0 were here before, 1 are closed there" in tried.output
    assert "Took in 1 of 2 rows; 0 were here before, 1 are closed there" in taken.output
