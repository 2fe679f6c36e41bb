"""Bringing data in by the page: sent, mapped, tried, and taken in by the clock, each row once."""

import io
import json
import zipfile
from threading import Event

import pytest

from busy_day import NOW
from data_world import PAGE, TICKETS, client_of, mapped, page, send, step, tick, tried
from makegood.actions import imports
from makegood.actions.importing import Became
from makegood.clockwork import moving_data
from makegood.queries import verify
from makegood.queries.exporting import ArchiveHolder, write_all
from makegood.records.models import Case, DataAct, Import, ImportedCase, Mail, Origin
from standing_clock import StandingClock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _one_moment(monkeypatch):
    monkeypatch.setattr("makegood.doors.moment.datetime", StandingClock)


def test_a_file_is_mapped_tried_and_taken_in_and_the_counts_are_checked():
    client = client_of()
    row = tried(client, TICKETS)

    before = Case.objects.filter(is_canary=False).count()
    shown = page(client.get(f"{PAGE}/{row.pk}"))
    step(client, "begin")
    tick()

    row.refresh_from_db()
    assert (before, row.tried) == (0, {"new": 2, "closed": 1, "bad": 2, "known": 1})
    assert "it has no title." in shown
    assert "What cannot be undone" in shown
    assert row.state == "done"
    assert row.counts == {"new": 2, "closed": 1, "bad": 2, "known": 1, "checked": 2}
    assert bytes(row.content) == b""
    assert ImportedCase.objects.filter(of_import=row).count() == 2
    assert "counted once more in the desk there are 2" in page(client.get(f"{PAGE}/{row.pk}"))
    assert [str(fault) for fault in verify.run()] == []
    deed = DataAct.objects.get()
    assert (deed.deed, deed.number, deed.by.name) == ("imported", row.pk, "Some administrator")


def test_the_cases_of_an_import_are_found_by_it():
    client = client_of()
    first = tried(client, TICKETS)
    step(client, "begin")
    tick()
    tried(client, TICKETS.replace("1,Food", "9,Bread"))
    step(client, "begin")
    tick()

    listed = page(client.get(f"/cases?state=all&imported={first.pk}"))

    assert "Food bin missed" in listed
    assert "Bread bin missed" not in listed
    assert f"import {first.pk}" in listed


def test_a_second_file_of_the_same_system_brings_nothing_twice_and_cannot_begin():
    client = client_of()
    tried(client, TICKETS)
    step(client, "begin")
    tick()

    tried(client, TICKETS)
    refused = step(client, "begin")

    assert refused.status_code == 409
    assert "nothing new" in page(refused)
    assert Import.objects.latest("pk").state == "tried"


def test_nothing_comes_in_that_was_not_tried_and_nothing_after_the_end():
    client = client_of()
    send(client, TICKETS)

    untried = step(client, "begin")
    step(client, "stop")
    late = step(client, "try", **mapped(Import.objects.get()))

    assert (untried.status_code, late.status_code) == (409, 409)
    assert "Try it first" in page(untried)
    assert "Some administrator ended it." in page(client.get(late.request["PATH_INFO"]))
    assert step(client, "dance").status_code == 400


def test_a_crash_in_the_middle_takes_no_row_twice_and_leaves_none_out(monkeypatch):
    monkeypatch.setattr(moving_data, "BATCH", 2)
    client = client_of()
    row = tried(client, TICKETS)
    step(client, "begin")
    whole, ending = imports.take_batch, Event()

    def once(*arguments, **more):
        done = whole(*arguments, **more)
        ending.set()
        return done

    monkeypatch.setattr(imports, "take_batch", once)
    moving_data.move_data(NOW, ending)
    half = Import.objects.get(pk=row.pk)
    monkeypatch.setattr(imports, "take_batch", whole)
    tick()

    row.refresh_from_db()
    assert (half.state, half.place) == ("loading", 2)
    assert row.counts == {"new": 2, "closed": 1, "bad": 2, "known": 1, "checked": 2}
    assert Case.objects.filter(is_canary=False).count() == 2
    assert not imports.take_batch(
        row.pk, [1], place=2, state="loading", take=lambda _: Became.NEW, number_of=int
    )


def test_what_breaks_off_says_so_and_keeps_what_came(monkeypatch):
    client = client_of()
    row = tried(client, TICKETS)
    step(client, "begin")

    def breaks(*_arguments, **_more):
        raise KeyError("a mistake of ours")

    monkeypatch.setattr(imports, "take_batch", breaks)
    tick()

    row.refresh_from_db()
    assert row.state == "given_up"
    assert "It broke off at line 1:" in page(client.get(f"{PAGE}/{row.pk}"))


def test_bad_rows_are_a_file_that_carries_no_formula():
    client = client_of()
    rows = "id,name,email\n1,Ann,=cmd()|x\n2,,\n"
    row = tried(client, rows, name="people.csv")

    answer = client.get(f"{PAGE}/{row.pk}/bad.csv")

    said = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert said[0] == "Line,Why it cannot be taken"
    assert said[1].startswith("2,")
    assert said[2] == "3,it has no name."
    assert client.get(f"{PAGE}/999/bad.csv").status_code == 404


def test_customers_keep_where_they_came_from_and_are_counted():
    client = client_of()
    row = tried(client, "id,name,email\n7,Ann,ann@example.org\n7,Ann,ann@example.org\n")
    assert row.tried == {"new": 1, "known": 1}
    step(client, "begin")
    tick()

    row.refresh_from_db()
    assert row.counts == {"new": 1, "known": 1, "checked": 1}
    assert Origin.objects.get().of_import == row


def test_mail_of_an_archive_waits_on_the_mail_desk():
    mail = (
        "From ann@example.org Mon Jun  1 09:00:00 2026\nFrom: ann@example.org\nSubject: Hi\n\nOh\n"
    )
    client = client_of()
    assert send(client, mail, name="old.mbox", form="mbox").status_code == 302
    step(client, "try")
    tick()
    looked = Mail.objects.count()
    step(client, "begin")
    tick()

    row = Import.objects.get()
    assert (looked, Mail.objects.count()) == (0, 1)
    assert (row.tried, row.counts["checked"]) == ({"new": 1}, 1)
    assert "They wait on the mail desk" in page(client.get(f"{PAGE}/{row.pk}"))


@pytest.mark.parametrize(
    ("name", "form", "content"),
    [
        ("users.json", "zendesk", json.dumps({"users": [{"id": 1, "name": "Ann"}]})),
        ("contacts.json", "freshdesk", json.dumps([{"id": 1, "name": "Ann"}])),
        (
            "Tickets0.xml",
            "freshdesk",
            (
                "<helpdesk-tickets><helpdesk-ticket><display-id>1</display-id>"
                "<subject>Bin</subject><requester-name>Ann</requester-name>"
                "<email>ann@example.org</email></helpdesk-ticket></helpdesk-tickets>"
            ),
        ),
    ],
)
def test_files_of_other_helpdesks_are_read_as_by_the_command(name, form, content):
    row = tried(client_of(), content, name=name, form=form)
    assert (row.state, row.tried) == ("tried", {"new": 1})


def test_what_is_sent_as_another_kind_can_be_said_to_be_assets():
    client = client_of()
    send(client, "id,name,customer\nb1,Bin,7\n")
    row = Import.objects.get()

    shown = page(client.get(f"{PAGE}/{row.pk}?what=assets"))
    wrong = step(client, "try", **(mapped(row) | {"what": "assets"}))

    assert "The customer&#x27;s id there" in shown
    assert "such as “b1”" in shown
    assert wrong.status_code == 422, "the customer's column was not chosen"


def test_a_whole_company_is_looked_at_and_how_it_comes_in_is_said():
    client = client_of()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        write_all(ArchiveHolder(archive), now=NOW)

    said = page(send(client, out.getvalue(), name="out.zip", form="makegood"))

    assert "This is a whole company." in said
    assert "makegood import --from makegood" in said
    assert not Import.objects.exists()
