"""What the API takes is what its description says: kinds of values, and the order of checks."""

import pytest

from api_world import Standing, System, problem
from makegood.doors.api import callers
from makegood.records.models import Contact, Remedy
from world import a_case, a_customer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _one_moment(monkeypatch):
    monkeypatch.setattr("makegood.doors.moment.datetime", Standing)
    callers.calls.forget()


@pytest.mark.parametrize("given", [True, False, "5"])
def test_a_whole_number_is_no_text_and_no_yes(given):
    case, bot = a_case(), System()

    contact = bot.post(
        f"cases/{case.reference}/contacts", channel="sms", direction="inbound", hold_minutes=given
    )
    gift = bot.post(
        f"cases/{case.reference}/remedies", kind="credit", amount_minor=given, currency="GBP",
        because="The bin was left.",
    )  # fmt: skip

    assert problem(contact) == (422, "unreadable")
    assert problem(gift) == (422, "unreadable")
    assert (Contact.objects.count(), Remedy.objects.count()) == (0, 0)


@pytest.mark.parametrize("given", ["yes", 1, "true"])
def test_a_yes_is_true_and_nothing_else(given):
    answer = System().post("customers", name="Ada Lewis", is_vulnerable=given)

    assert problem(answer) == (422, "unreadable")


def test_an_act_without_a_key_is_told_so_before_anything_is_looked_for():
    answer = System().post(
        "reports", key="", customer="e3e70682-c209-4cac-a29f-6fbed82c07cd", title="Bin",
        function="hygiene", harm="lost",
    )  # fmt: skip

    assert problem(answer) == (400, "no-key")


def test_a_key_that_is_too_long_is_refused_also_where_none_is_needed():
    a_customer()

    assert problem(System().post("say", key="k" * 201, text="Hello.")) == (400, "no-key")
