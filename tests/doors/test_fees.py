"""Fees at their doors: a form on the case that takes one off, and a file of billing."""

import uuid

import pytest
from django.test import Client
from typer import Typer
from typer.testing import CliRunner

from busy_day import BusyDay, a_busy_day
from makegood.doors.cli import fees as cli
from makegood.records.models import Fee, Remedy, TimelineEntry
from makegood.rules.remedies import Activity
from makegood.rules.roles import Role
from money_world import limits, may_give
from standing_clock import StandingClock
from world import a_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def day(monkeypatch) -> BusyDay:
    monkeypatch.setattr("makegood.doors.moment.datetime", StandingClock)
    day = a_busy_day()
    may_give(role=day.laura.role, activity=Activity.WAIVER, held=limits(9_000, 90_000))
    return day


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def typed(**more) -> dict:
    return {
        "key": str(uuid.uuid4()), "what": "return postage", "amount": "12.00", "currency": "gbp",
        "charged_on": "2026-06-01",
    } | more  # fmt: skip


def test_a_fee_is_taken_off_in_one_act_from_the_case(day):
    laura, address = signed_in(day.laura), f"/cases/{day.bill.reference}/fees/new"
    opened = laura.get(address)
    form = typed()

    laura.post(address, form)
    laura.post(address, form)

    assert opened.status_code == 200
    remedy = Remedy.objects.get()
    assert (remedy.kind, remedy.amount_minor, remedy.fee.what) == ("waiver", 1200, "return postage")
    assert "return postage" in remedy.because


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"amount": "0"}, "A fee is more than nothing."),
        ({"amount": "a lot"}, "amount"),
        ({"charged_on": "2026-06-09"}, "up to today"),
        ({"what": ""}, "required"),
        ({"key": "x"}, "Open it again"),
    ],
)
def test_a_form_that_is_wrong_says_so_and_takes_nothing_off(day, wrong, why):
    refused = signed_in(day.laura).post(f"/cases/{day.bill.reference}/fees/new", typed(**wrong))

    assert refused.status_code == 422
    assert why in refused.content.decode()
    assert Fee.objects.count() == 0


def test_charlie_without_the_right_and_strangers_take_nothing_off(day):
    keeper = a_person("Kim Keeper", role=Role.KNOWLEDGE_KEEPER.value)
    address = f"/cases/{day.bill.reference}/fees/new"

    assert signed_in(keeper).post(address, typed()).status_code == 403
    assert Client().post(address, typed()).status_code == 302
    assert signed_in(day.laura).get("/cases/mg-nothing/fees/new").status_code == 404
    assert Fee.objects.count() == 0


def run(file):
    app = Typer()
    app.command()(cli.fees)
    return CliRunner().invoke(app, [str(file)])


def test_a_file_of_billing_is_found_on_the_case_and_wrong_rows_are_said(day, tmp_path):
    customer = day.bill.customer.uuid
    file = tmp_path / "fees.csv"
    file.write_text(
        "customer,source,id,what,amount,currency,charged_at\n"
        f"{customer},billing,1,late fee,8.00,GBP,2026-06-01T08:59:00+00:00\n"
        f"{customer},billing,1,late fee,8.00,GBP,2026-06-01T08:59:00+00:00\n"
        f"{customer},billing,2,late fee,0,GBP,2026-06-01\n"
        f"{customer},billing,3,late fee,8.00,GBP,2996-06-01\n"
        f"{customer},billing,4,late fee,8.00,GBP,soon\n"
        "nobody,billing,5,late fee,8.00,GBP,2026-06-01\n"
        f"{uuid.uuid4()},billing,6,late fee,8.00,GBP,2026-06-01\n"
        f"{customer},billing,7,,8.00,GBP,2026-06-01\n"
    )

    told = run(file)

    assert told.exit_code == 1
    assert "Fees that are known: 2." in told.output
    for line, why in enumerate(
        ["above zero", "lies ahead", "a day or a moment", "their id", "no customer", "what has 1"],
        start=4,
    ):
        assert f"line {line}: " in told.output
        assert why in told.output
    assert Fee.objects.count() == 1
    found = TimelineEntry.objects.filter(kind="fee_found")
    assert found.count() == (1 if day.bill.failed_at <= Fee.objects.get().charged_at else 0)


def test_a_file_that_lacks_a_column_says_which(tmp_path):
    file = tmp_path / "fees.csv"
    file.write_text("customer,id\n")

    told = run(file)

    assert told.exit_code == 2
    assert "it lacks the column source" in told.output
