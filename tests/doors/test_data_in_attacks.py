"""What is sent to break the import: wrong bytes, bombs, names, huge columns; and wrong hands."""

import io
import json
import zipfile

import pytest
from django.db import connection
from django.test import Client

from busy_day import NOW
from data_world import PAGE, TICKETS, client_of, page, send, step, tick, tried
from makegood.actions import imports
from makegood.queries import export_files
from makegood.records.models import Customer, Import
from makegood.rules.roles import Role
from raw_sql import refused_by, sql
from standing_clock import StandingClock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _one_moment(monkeypatch):
    monkeypatch.setattr("makegood.doors.moment.datetime", StandingClock)


@pytest.mark.parametrize(
    ("name", "form", "content", "says"),
    [
        ("latin.csv", "csv", "id,name\n1,J\xf6rg".encode("latin-1"), "no text in UTF-8"),
        ("wide.csv", "csv", "id,name\n".encode("utf-16"), "no text in UTF-8"),
        ("a.json", "zendesk", b"\xff\xfe{}", "UTF-8"),
        ("empty.csv", "csv", b"", "empty"),
        ("blank.csv", "csv", b"\n\n", "no columns"),
        ("head.csv", "csv", b"a" * (1 << 20) + b",b\n1,2\n", "too long to hold names"),
        ("b.xml", "freshdesk", b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", "document type"),
        ("no.mbox", "mbox", b"id,name\n", "is no mbox"),
        ("no.zip", "makegood", b"PK no", "is no ZIP archive"),
        ("plain.zip", "makegood", None, "lacks the file manifest.json"),
    ],
)
def test_what_cannot_be_read_is_refused_at_the_file(name, form, content, says):
    if content is None:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("../../etc/passwd", "root")
        content = out.getvalue()

    answer = send(client_of(), content, name=name, form=form)

    assert answer.status_code == 422
    assert says in page(answer)
    assert not Import.objects.exists()


@pytest.mark.parametrize(
    ("files", "zeros", "says"),
    [(1, 210 << 20, "unpacks to far more than an export does"), (8, 2 << 20, "unpacks to more")],
)
def test_an_archive_that_unpacks_to_far_more_than_it_is_is_not_unpacked(
    monkeypatch, files, zeros, says
):
    if files > 1:
        monkeypatch.setattr(export_files, "MOST_LOOKED_AT", 10 << 20)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for number in range(files):
            archive.writestr(f"jsonl/{number}.jsonl", bytes(zeros))

    answer = send(client_of(), out.getvalue(), name="bomb.zip", form="makegood")

    assert answer.status_code == 422
    assert says in page(answer)


def test_a_file_that_is_too_large_is_refused_before_it_is_taken(monkeypatch):
    client = client_of()
    monkeypatch.setattr("makegood.doors.web.staff.settings.data_forms.FILE_MAX", 100)
    large = send(client, TICKETS)
    monkeypatch.setattr("makegood.doors.web.uploads.LARGEST", 10)

    huge = send(client, TICKETS)

    assert (large.status_code, huge.status_code) == (422, 400)
    assert not Import.objects.exists()


@pytest.mark.parametrize(
    "content",
    [
        "id,name\n1,A\0nn\n",
        "id,name," + ",".join(f"c{number}" for number in range(5_000)) + "\n1,Ann\n",
        'id,name,"' + "x" * 300 + '"\n1,Ann,y\n',
        "id,name,<script>alert(1)</script>\n1,Ann,<b>\n",
        '\ufeffid;name\n1;"Ann"\n',
    ],
)
def test_odd_columns_and_cells_come_through_or_are_left_out(content):
    client = client_of()
    row = tried(client, content, name="../../../../tmp/x<i>.csv")

    shown = page(client.get(f"{PAGE}/{row.pk}"))

    assert (row.state, row.tried) == ("tried", {"new": 1})
    assert len(row.columns) <= 300
    assert "/" not in row.name
    assert "<script>alert" not in shown
    assert "<i>" not in shown


def test_json_that_postgresql_cannot_hold_is_a_bad_row_and_breaks_nothing():
    users = (
        '[{"id": 1, "name": "A\\u0000nn"}, {"id": 2, "name": "\\ud800"}, {"id": 3, "name": "C"}]'
    )
    row = tried(client_of(), users, name="users.json", form="zendesk")
    assert (row.state, row.tried) == ("tried", {"new": 2, "bad": 1})


def test_what_nobody_goes_on_with_is_dropped_and_old_quotes_go():
    client = client_of()
    send(client, TICKETS)
    imports.forget_due(now=NOW + imports.ABANDONED_AFTER)
    dropped = Import.objects.get()
    done = tried(client, TICKETS)
    step(client, "stop")

    imports.forget_due(now=NOW + imports.QUOTED_FOR)

    done.refresh_from_db()
    assert (dropped.state, bytes(dropped.content), dropped.columns) == ("given_up", b"", {})
    assert (done.state, done.bad, done.forget_at) == ("given_up", [], None)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_but_an_administrator_brings_anything_in(role):
    client_of()
    other = client_of(role)
    assert send(other, TICKETS).status_code == 403
    assert other.get(PAGE).status_code == 403
    assert Client().get(PAGE).status_code == 302
    assert not Import.objects.exists()


def test_the_list_asks_as_often_for_many_as_for_one(django_assert_max_num_queries):
    client = client_of()
    for _ in range(5):
        send(client, TICKETS)
    with django_assert_max_num_queries(14):
        client.get(PAGE)


def test_the_database_keeps_imports_and_exports_as_they_were():
    """By its triggers imports_stay_listed and exports_stay_listed, and what stands below."""
    client = client_of()
    tried(client, TICKETS)
    step(client, "begin")
    tick()

    with refused_by("import_that_is_over_stays_so"):
        sql("UPDATE records_import SET counts = '{}'")
    with refused_by("imports_stay_listed"):
        sql("DELETE FROM records_import")
    with refused_by("imported_case_stays"):
        sql("DELETE FROM records_importedcase")
    with refused_by("data_acts_only_grow"):
        sql("UPDATE records_dataact SET by_id = NULL")
    with refused_by("exports_stay_listed"):
        sql("DELETE FROM records_export")
    with refused_by("import_is_begun_by_somebody"):
        sql(
            "INSERT INTO records_import SELECT (jsonb_populate_record(i, %s::jsonb)).* FROM"
            " records_import i",
            json.dumps({"id": 900, "begun_by_id": None}),
        )


def test_pages_of_data_hear_that_it_went_on():
    """By the triggers import_tells_live_pages and export_tells_live_pages."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgname LIKE '%tells_live_pages'")
        names = {name for (name,) in cursor.fetchall()}
    assert {"import_tells_live_pages", "export_tells_live_pages"} <= names
    assert Customer.objects.count() == 0
