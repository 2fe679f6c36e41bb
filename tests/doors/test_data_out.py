"""Taking data out by the page: everything, one person's, its end, and what goes by itself."""

import io
import json
import re
import zipfile
from datetime import timedelta
from threading import Event

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from asking import a_call, a_case_put_right
from busy_day import NOW
from makegood.actions import cases, exports
from makegood.clockwork import moving_data
from makegood.queries import verify
from makegood.queries.person_file import KINDS
from makegood.records.models import (
    Case,
    Customer,
    DataAct,
    Erasure,
    Export,
    ExportPiece,
    Retention,
    SettingsChange,
)
from makegood.records.personal import OF_A_PERSON
from makegood.rules.roles import Role
from standing_clock import StandingClock
from world import MONDAY, a_bin, a_case, a_customer, a_person

pytestmark = pytest.mark.django_db
EXPORTS, PEOPLE = "/settings/data/exports", "/settings/data/people"
RETENTION = "/settings/data/retention"


@pytest.fixture(autouse=True)
def _one_moment(monkeypatch):
    monkeypatch.setattr("makegood.doors.moment.datetime", StandingClock)


@pytest.fixture
def closed() -> Case:
    case = a_case_put_right()
    answer = a_call(case, "All is right.", now=MONDAY + timedelta(hours=2))
    return cases.close_case(case_id=case.pk, answer=answer, now=MONDAY + timedelta(hours=2))


def client_of(role: Role = Role.ADMINISTRATOR) -> Client:
    client = Client()
    client.force_login(a_person(f"Some {role.value}", role=role.value))
    return client


def page(answer) -> str:
    return " ".join(answer.content.decode().split())


def tick() -> None:
    while moving_data.move_data(NOW, Event()):
        pass


def test_an_export_is_asked_for_written_taken_and_gone_after_a_day():
    client = client_of()
    client.post(EXPORTS)
    client.post(EXPORTS)
    asked = page(client.get(EXPORTS))
    tick()
    row = Export.objects.get()

    taken = client.post(f"{EXPORTS}/{row.pk}/file")

    content = b"".join(taken.streaming_content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    assert "Being written" in asked
    assert (row.state, row.size, int(taken["Content-Length"])) == (
        "ready",
        len(content),
        len(content),
    )
    assert manifest["counts"]["staff"] > 0
    assert taken["Content-Disposition"].startswith("attachment")
    deeds = [(act.deed, act.number) for act in DataAct.objects.order_by("pk")]
    assert deeds == [("exported", row.pk), ("taken", row.pk)]
    exports.forget_due(now=NOW + exports.LIVES_FOR)
    late = client.post(f"{EXPORTS}/{row.pk}/file")
    assert (late.status_code, ExportPiece.objects.count()) == (410, 0)
    assert "the file is gone" in page(late)


def test_an_export_that_fails_says_so_and_can_be_asked_for_again(monkeypatch):
    client = client_of()
    client.post(EXPORTS)

    def breaks(*_arguments, **_more):
        raise OSError("no space")

    monkeypatch.setattr(moving_data, "write_all", breaks)
    tick()

    assert Export.objects.get().state == "failed"
    assert "could not be written" in page(client.get(EXPORTS))
    client.post(EXPORTS)
    assert Export.objects.count() == 2


def test_what_another_clock_writes_is_not_written_twice():
    client_of().post(EXPORTS)
    row = Export.objects.get()
    other = connection.copy()  # as another clock has it
    try:
        with other.cursor() as cursor:
            place = "(hashtext('makegood export file'), %s)"
            cursor.execute(f"SELECT pg_advisory_lock{place}", [row.pk])
            tick()
            row.refresh_from_db()
            assert row.state == "asked"
            cursor.execute(f"SELECT pg_advisory_unlock{place}", [row.pk])
    finally:
        other.close()

    tick()

    row.refresh_from_db()
    assert row.state == "ready"


def test_what_was_written_a_moment_ago_is_not_written_again(monkeypatch):
    client_of().post(EXPORTS)
    seen = exports.waiting()
    tick()
    monkeypatch.setattr(exports, "waiting", lambda: seen)
    monkeypatch.setattr(moving_data, "write_all", lambda *_a, **_m: pytest.fail("written again"))

    moving_data.move_data(NOW, Event())

    assert Export.objects.get().state == "ready"


def test_every_record_of_a_person_has_a_name_on_their_page():
    assert set(KINDS) == {one.record.__name__ for one in OF_A_PERSON}


def test_a_file_is_never_given_by_an_address_alone():
    client = client_of()
    assert client.get(f"{EXPORTS}/1/file").status_code == 405
    assert client.post(f"{EXPORTS}/1/file").status_code == 404


def place_of(customer: Customer) -> str:
    return f"{PEOPLE}/{customer.uuid}"


def test_a_person_is_found_and_what_there_is_of_them_is_shown(closed):
    client, customer = client_of(), closed.customer
    for typed in (customer.name[:5], closed.reference, str(customer.uuid)):
        assert str(customer.uuid) in page(client.get(PEOPLE, {"q": typed}))

    shown = page(client.get(place_of(customer)))

    assert closed.reference in shown
    assert "The chain of 1 case verifies" in shown
    assert "Nobody was found" in page(client.get(PEOPLE, {"q": "nobody of this name"}))
    assert client.get(f"{PEOPLE}/00000000-0000-4000-8000-000000000000").status_code == 404


def test_the_copy_can_be_read_by_the_person_and_by_a_machine_and_is_on_record(closed):
    client, customer = client_of(), closed.customer
    stranger = a_case(customer=a_customer("Bob Stranger"))

    taken = client.post(f"{place_of(customer)}/copy")

    with zipfile.ZipFile(io.BytesIO(taken.content)) as archive:
        names = archive.namelist()
        whole = json.loads(archive.read("person.json"))
        read = archive.read("read-me-first.html").decode()
    assert names == ["person.json", "read-me-first.html", f"cases/{closed.reference}.pdf"]
    assert whole["Customer"][0]["name"] == customer.name
    assert "What we promised you" in read
    for text in (read, json.dumps(whole)):
        assert stranger.reference not in text
        assert "Bob Stranger" not in text
    act = DataAct.objects.get()
    assert (act.deed, act.customer, act.by.name) == ("copied", customer, "Some administrator")
    assert client.get(f"{place_of(customer)}/copy").status_code == 405


def test_erasing_needs_the_name_and_a_second_look_and_the_laws_hold_after_it(closed):
    client, customer = client_of(), closed.customer
    name, erase = customer.name, f"{place_of(closed.customer)}/erase"

    looked = page(client.get(erase))
    other = client.post(erase, {"name": "Somebody Else", "sure": "on"})
    unsure = client.post(erase, {"name": name})
    done = client.post(erase, {"name": name.upper(), "sure": "on"})

    assert "What stays, and why" in looked
    assert (other.status_code, unsure.status_code, done.status_code) == (422, 422, 302)
    assert Erasure.objects.get().by.name == "Some administrator"
    assert [str(fault) for fault in verify.run()] == []
    shown = page(client.get(place_of(customer)))
    assert "Some administrator erased this person" in shown
    assert "The chain of 1 case verifies" in shown
    assert "This was done already" in page(client.get(erase))
    assert client.post(erase, {"name": "—", "sure": "on"}).status_code == 409
    assert "erased the data of a person" in page(client.get("/settings/data"))


def test_an_open_case_keeps_its_person_until_it_is_closed():
    client, case = client_of(), a_case()
    erase = f"{place_of(case.customer)}/erase"

    said = page(client.get(erase))
    refused = client.post(erase, {"name": case.customer.name, "sure": "on"})

    assert "What they were promised comes first." in said
    assert "Erase it for good" not in said
    assert refused.status_code == 409
    assert not Erasure.objects.exists()


def test_every_page_that_named_them_says_that_it_was_erased(closed):
    client, customer = client_of(), closed.customer
    a_bin(customer)
    name = customer.name
    before = page(client.get(f"/cases/{closed.reference}"))
    client.post(f"{place_of(customer)}/erase", {"name": name, "sure": "on"})

    for place in (
        f"/cases/{closed.reference}",
        "/cases?state=all",
        f"/search?q={closed.reference}",
        place_of(customer),
        "/settings/data",
        "/settings/assets",
    ):
        shown = page(client.get(place))
        assert name not in shown, place
        assert "— </" not in shown, place
        if place not in {"/settings/data", f"/search?q={closed.reference}"}:
            assert re.search(r"erased *</span>", shown), place
    assert name in before
    assert "erased this person" in page(client.get(f"/cases/{closed.reference}"))


def test_a_period_is_previewed_agreed_to_and_recorded(closed):
    client, customer = client_of(), closed.customer
    Customer.objects.filter(pk=customer.pk).update(since=NOW - timedelta(days=400))
    wish = {"kind": "customers", "days": "30", "seen": "0"}

    first = page(client.post(RETENTION, wish))
    other = client.post(RETENTION, wish | {"days": "40", "agreed": "30:0"})
    silent = Retention.objects.exists()
    agreed = client.post(RETENTION, wish | {"agreed": "30:0"})

    assert "Nothing would go today." in first
    assert (other.status_code, silent, agreed.status_code) == (200, False, 302)
    assert Retention.objects.get().days == 30
    change = SettingsChange.objects.get()
    assert (change.thing, change.key, change.by.name) == (
        "retention",
        "customers",
        "Some administrator",
    )
    shown = page(client.get(RETENTION))
    assert "Kept for 30 days." in shown
    assert "added Customers whose last case is long closed" in shown


def test_what_would_go_is_named_and_counted(closed):
    client, customer = client_of(), closed.customer
    Customer.objects.filter(pk=customer.pk).update(since=NOW - timedelta(days=400))
    Case.objects.filter(pk=closed.pk).update(closed_at=closed.closed_at)
    old = a_customer("Olga Old", since=NOW - timedelta(days=400))

    shown = page(client.post(RETENTION, {"kind": "customers", "days": "365", "seen": "0"}))

    assert "1 would go at once" in shown
    assert old.name in shown
    assert client.post(RETENTION, {"kind": "customers", "days": "3"}).status_code == 422
    assert client.post(RETENTION, {"kind": "letters", "days": "365"}).status_code == 404


def test_a_period_that_somebody_else_changed_meanwhile_is_not_written_over():
    client = client_of()
    wish = {"kind": "mail", "days": "90", "seen": "0", "agreed": "90:0"}
    client.post(RETENTION, wish)

    late = client.post(RETENTION, wish | {"days": "60", "agreed": "60:0"})

    assert late.status_code == 409
    assert Retention.objects.get().days == 90


def test_a_period_is_not_taken_back_by_one_press():
    client = client_of()
    for days, seen in (("90", 0), ("60", SettingsChange.objects.count() + 1)):
        number = SettingsChange.objects.order_by("-pk").values_list("pk", flat=True).first() or seen
        wish = {"kind": "mail", "days": days, "seen": number, "agreed": f"{days}:0"}
        client.post(RETENTION, wish)
    change = SettingsChange.objects.latest("pk")

    refused = client.post(f"/settings/changes/{change.pk}/undo", {"back": RETENTION})

    assert refused.status_code == 409
    assert "first shows what would go" in page(refused)
    assert "Undo the change" not in page(client.get(RETENTION))


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_but_an_administrator_takes_copies_or_erases(role, closed):
    client, place = client_of(role), place_of(closed.customer)
    for address in (EXPORTS, RETENTION, PEOPLE, place, f"{place}/erase", "/settings/data"):
        assert client.get(address).status_code == 403, address
    for address in (EXPORTS, f"{EXPORTS}/1/file", f"{place}/copy", f"{place}/erase", RETENTION):
        asked = client.post(address, {"name": closed.customer.name, "sure": "on"})
        assert asked.status_code == 403, address
    assert Client().post(f"{place}/copy").status_code == 302
    assert not DataAct.objects.exists()
    assert not Erasure.objects.exists()


@pytest.mark.parametrize(
    ("row", "law"),
    [
        ({"state": "lost"}, "export_state_is_known"),
        ({"state": "ready"}, "export_that_is_ready_expires"),
    ],
)
def test_an_export_is_known_and_expires(row, law):
    with pytest.raises(IntegrityError, match=law), transaction.atomic():
        Export.objects.create(made_by=a_person(), made_at=NOW, **row)


@pytest.mark.parametrize(
    ("row", "law"),
    [
        ({"deed": "dreamt"}, "data_act_is_a_known_deed"),
        ({"deed": "copied"}, "data_act_names_whose_data_was_copied"),
    ],
)
def test_an_act_says_what_and_whose(row, law):
    with pytest.raises(IntegrityError, match=law), transaction.atomic():
        DataAct.objects.create(at=NOW, by=None, **row)


def test_a_piece_of_an_export_stands_once():
    row = Export.objects.create(made_by=a_person(), made_at=NOW, state="asked")
    ExportPiece.objects.create(of_export=row, number=0, content=b"x")
    with pytest.raises(IntegrityError, match="export_piece_once"), transaction.atomic():
        ExportPiece.objects.create(of_export=row, number=0, content=b"y")
