"""The whole company goes out as files, comes into an empty desk, and goes out the same."""

import csv
import json
import zipfile

import pytest
from django.db import connection
from typer import Typer
from typer.testing import CliRunner

from api_world import a_token
from full_day import a_full_day
from makegood.actions import tokens
from makegood.actions.moving_in import BadExportError, NotEmptyError
from makegood.doors.cli import export
from makegood.doors.cli.moving_in import move_in
from makegood.queries.export_files import ExportFileError
from makegood.queries.exporting import MANIFEST
from makegood.queries.tokens import find_live
from makegood.records.export_tables import LEFT_OUT, SECRET, export_tables
from makegood.records.models import Case, Customer, GatePass, Staff, Token
from raw_sql import sql
from world import MONDAY, a_case, a_customer, a_person

pytestmark = pytest.mark.django_db


def exported(path):
    app = Typer()
    app.command()(export.export)
    said = CliRunner().invoke(app, [str(path)])
    assert said.exit_code == 0 or path.exists(), said.exception
    return said


def an_empty_company() -> None:
    """As a new desk has it; a superuser looks away."""
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    sql("SET session_replication_role = replica")
    tables = [name for name in connection.introspection.table_names() if name[:8] == "records_"]
    sql(f"TRUNCATE {', '.join(tables)} CASCADE")
    sql("SET session_replication_role = DEFAULT")
    sql("SET CONSTRAINTS ALL DEFERRED")


def everything_in(folder) -> dict[str, str]:
    return {path.name: path.read_text() for path in sorted(folder.glob("jsonl/*.jsonl"))}


def test_a_company_that_left_and_came_into_an_empty_desk_leaves_the_same(tmp_path):
    a_full_day()
    for token in Token.objects.filter(revoked_at=None):
        tokens.revoke(token.pk, by=token.made_by, now=MONDAY)
    before, after = tmp_path / "before", tmp_path / "after"

    left = exported(before)
    an_empty_company()
    came = move_in(before, dry_run=False)
    again = exported(after)

    assert (left.exit_code, again.exit_code) == (0, 0), left.output + again.output
    assert everything_in(before) == everything_in(after)
    assert came == json.loads((before / MANIFEST).read_text())["counts"]
    assert came["case"] > 5
    assert Customer.objects.create(name="New", zone="UTC", since="2026-06-01T09:00Z").pk


def test_what_another_system_said_comes_in_with_its_name_and_its_token_opens_nothing(tmp_path):
    case = a_case()
    words = a_token(name="Shop bot")
    token = Token.objects.get(name="Shop bot")
    GatePass.objects.create(
        case=case, digest=bytes(32), speaker="bot", channel="chat", token=token, at=MONDAY
    )
    exported(tmp_path / "all.zip")
    an_empty_company()

    move_in(tmp_path / "all.zip", dry_run=False)

    came = GatePass.objects.get().token
    assert (came.name, came.hint, came.made_by.name) == ("Shop bot", "", "Laura Bennett")
    assert came.revoked_at is not None
    assert find_live(words, now=MONDAY) is None


def test_a_token_that_was_revoked_comes_in_as_it_was_revoked_then_and_by_whom(tmp_path):
    olga = a_person("Olga Reyes")
    a_token(name="Shop bot")
    tokens.revoke(Token.objects.get(name="Shop bot").pk, by=olga, now=MONDAY)
    exported(tmp_path / "all.zip")
    an_empty_company()

    move_in(tmp_path / "all.zip", dry_run=False)

    came = Token.objects.get(name="Shop bot")
    assert (came.revoked_at, came.revoked_by.name) == (MONDAY, "Olga Reyes")


def test_files_that_refer_to_what_is_not_in_them_are_refused_in_a_sentence(tmp_path):
    a_case()
    exported(tmp_path / "all")
    (tmp_path / "all" / "jsonl" / "customer.jsonl").write_text("")
    manifest = json.loads((tmp_path / "all" / MANIFEST).read_text())
    manifest["counts"]["customer"] = 0
    (tmp_path / "all" / MANIFEST).write_text(json.dumps(manifest))
    an_empty_company()

    with pytest.raises(BadExportError, match="refer to rows that are not in them"):
        move_in(tmp_path / "all", dry_run=False)


def test_as_an_archive_it_comes_in_too_and_a_dry_run_leaves_nothing(tmp_path):
    a_case()
    exported(tmp_path / "all.zip")
    an_empty_company()

    counts = move_in(tmp_path / "all.zip", dry_run=True)

    assert counts["case"] == 1
    assert not Case.objects.exists()
    assert (tmp_path / "all.zip").stat().st_mode & 0o077 == 0


def test_no_secret_leaves(tmp_path):
    case = a_case()
    Staff.objects.filter(pk=case.owner_id).update(password="md5$salt$digest")  # noqa: S106 - of a test
    folder = tmp_path / "all"

    exported(folder)

    assert "md5$salt" not in "".join(everything_in(folder).values())
    for name, columns in SECRET.items():
        first = (folder / "jsonl" / f"{name}.jsonl").read_text().split("\n")[0]
        assert not columns & set(json.loads(first or "{}"))
    assert not {f"{name}.jsonl" for name in LEFT_OUT} & set(everything_in(folder))


def test_in_the_sheets_no_cell_is_a_formula(tmp_path):
    a_customer('=HYPERLINK("http://evil.example","Click")', address="+1+1")

    exported(tmp_path / "all")

    with (tmp_path / "all" / "csv" / "customer.csv").open(newline="") as file:
        row = next(csv.DictReader(file))
    assert row["name"].startswith("'=")
    assert row["address"].startswith("'+")


def test_a_company_comes_into_an_empty_desk_only(tmp_path):
    a_case()
    exported(tmp_path / "all")

    with pytest.raises(NotEmptyError):
        move_in(tmp_path / "all", dry_run=False)

    assert Case.objects.count() == 1


def test_what_an_empty_desk_has_comes_into_an_empty_desk(tmp_path):
    exported(tmp_path / "all")
    an_empty_company()

    came = move_in(tmp_path / "all", dry_run=False)

    assert came == json.loads((tmp_path / "all" / MANIFEST).read_text())["counts"]


def test_an_export_never_writes_over_anything(tmp_path):
    (tmp_path / "all").mkdir()

    said = exported(tmp_path / "all")

    assert said.exit_code == 2
    assert "exists already" in said.output


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("no json", "line 2: it is no JSON"),
        ("[]", "line 2: it is no row with its id"),
        ('{"id": 8, "name": null}', "customer.jsonl, after line 0"),
        ('{"id": "x"}', "customer.jsonl, after line 0"),
    ],
)
def test_a_row_that_is_none_is_named_and_nothing_stays(tmp_path, line, why):
    a_customer()
    exported(tmp_path / "all")
    an_empty_company()
    with (tmp_path / "all" / "jsonl" / "customer.jsonl").open("a") as file:
        file.write(f"{line}\n")

    with pytest.raises(BadExportError, match=why):
        move_in(tmp_path / "all", dry_run=False)

    assert not Customer.objects.exists()


def test_rows_that_are_missing_and_chains_that_were_changed_are_found(tmp_path):
    a_case()
    exported(tmp_path / "all")
    an_empty_company()
    entries = tmp_path / "all" / "jsonl" / "timelineentry.jsonl"
    whole = entries.read_text()

    entries.write_text(whole.split("\n", 1)[1])
    with pytest.raises(BadExportError):
        move_in(tmp_path / "all", dry_run=False)
    entries.write_text(whole.replace("case_opened", "case_mended"))
    with pytest.raises(BadExportError):
        move_in(tmp_path / "all", dry_run=False)

    assert not Case.objects.exists()


def test_what_is_no_export_is_refused_in_a_sentence(tmp_path):
    text, bomb = tmp_path / "a.zip", tmp_path / "b.zip"
    text.write_text("no archive")
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(MANIFEST, b" " * (300 << 20))
    (tmp_path / "folder").mkdir()

    with pytest.raises(ExportFileError, match="no ZIP archive"):
        move_in(text, dry_run=False)
    with pytest.raises(ExportFileError, match="unpacks to far more"):
        move_in(bomb, dry_run=False)
    with pytest.raises(ExportFileError, match=f"lacks the file {MANIFEST}"):
        move_in(tmp_path / "folder", dry_run=False)


def test_the_documentation_names_every_table_and_column(pytestconfig):
    page = (pytestconfig.rootpath / "docs" / "export.md").read_text()

    for table in export_tables():
        columns = ", ".join(column.name for column in table.columns)
        assert f"| `{table.name}` | {columns} |" in page, (
            f"run scripts/export_schema.py: {table.name}"
        )
