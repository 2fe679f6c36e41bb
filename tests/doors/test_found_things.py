"""Found things: pushed once, promised, told; by form, by file, and by the sweep; and attacked."""

import uuid
from datetime import timedelta

import pytest
import typer
from django.test import Client
from typer.testing import CliRunner

from asking import a_call, a_case_put_right
from busy_day import NOW
from letter_world import ADDRESS
from makegood.actions import cases, found_things, promises
from makegood.actions.found_things import Where
from makegood.clockwork import making_good
from makegood.doors.cli.found import found as found_command
from makegood.queries import verify
from makegood.records.models import Entitlement, FoundThing, Letter, Promise, PromiseKind
from makegood.rules.found_things import BadFoundError, Found, FoundKind
from makegood.rules.roles import Role
from raw_sql import insert, refused_by, sql
from standing_clock import StandingClock
from world import MONDAY, a_case, a_customer, a_person, a_word

pytestmark = pytest.mark.django_db

SHIRT = Found(kind=FoundKind.PROPERTY, what="Your blue shirt.")


@pytest.fixture(autouse=True)
def _standing(monkeypatch):
    monkeypatch.setattr("makegood.doors.moment.datetime", StandingClock)


def push(found: Found = SHIRT, *, id_: str = "1", now=MONDAY, **more) -> FoundThing:
    where = Where(source="hotel", external_id=id_, found_at=MONDAY)
    customer = more.get("customer") or a_customer(email=ADDRESS)
    return found_things.push(customer, found, where, now=now, owner=a_person())


def test_the_shirt_is_promised_and_told_once_without_a_report():
    customer = a_customer(email=ADDRESS)
    thing = push(customer=customer)

    again = push(customer=customer)

    promise = Promise.objects.get(case=thing.case, kind="delivery")
    letter = Letter.objects.get()
    assert again == thing
    assert promise.words.startswith("We found something of yours: Your blue shirt. You have it by")
    assert (letter.recipient, letter.promise, letter.words) == (ADDRESS, promise, promise.words)
    assert thing.case.title == "We found something of yours: Your blue shirt"
    assert verify.run() == []


def test_found_money_says_how_much_in_the_customers_language():
    customer = a_customer(email=ADDRESS, language="de")
    money = Found(kind=FoundKind.BALANCE, what="Guthaben", amount_minor=1250, currency="EUR")

    thing = push(money, customer=customer)

    assert "12,50\xa0€ (Guthaben)" in Promise.objects.get(case=thing.case, kind="delivery").words


def test_nothing_is_found_in_the_future():
    with pytest.raises(BadFoundError):
        push(now=MONDAY - timedelta(hours=1))


def test_what_a_scheme_owes_on_a_closed_case_is_pushed_once():
    case = a_case_put_right()
    now = MONDAY + timedelta(hours=2)
    cases.close_case(
        case_id=case.pk, answer=a_call(case, "Thanks.", now=now, is_answer=True), now=now
    )
    Entitlement.objects.create(
        case=case, scheme="our-promise", amount_minor=2_000, granted_minor=500, currency="GBP",
        raised_at=MONDAY,
    )  # fmt: skip

    early = making_good.sweep_unclaimed(now=now)
    found = [making_good.sweep_unclaimed(now=now + timedelta(days=2)) for _ in range(2)]

    thing = FoundThing.objects.get()
    assert (early, found) == (0, [1, 0])
    assert (thing.amount_minor, thing.case.customer) == (1_500, case.customer)
    assert "£15.00" in thing.case.title


def form(**more) -> dict:
    return {"kind": "property", "what": "Your blue shirt", "amount": "", "currency": "GBP"} | {
        "key": str(uuid.uuid4())
    } | more  # fmt: skip


def alice() -> Client:
    client = Client()
    client.force_login(a_person("Alice"))
    return client


def test_at_the_desk_one_finds_the_customer_and_promises_to_bring_it_once():
    customer, desk = a_customer("Ann Lee"), alice()
    filled = form()

    sought = desk.get("/found/new?q=Ann").content.decode()
    answers = [desk.post(f"/found/new?customer={customer.pk}", filled) for _ in range(2)]

    thing = FoundThing.objects.get()
    assert f"/found/new?customer={customer.pk}" in sought
    assert {answer.headers["Location"] for answer in answers} == {f"/cases/{thing.case.reference}"}
    assert thing.found_at == NOW


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"what": ""}, "This field is required"),
        ({"kind": "balance"}, "Say how much was found"),
        ({"kind": "refund", "amount": "much"}, "is no amount"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(wrong, why):
    refused = alice().post(f"/found/new?customer={a_customer().pk}", form(**wrong))

    assert refused.status_code == 422
    assert why in refused.content.decode()


def test_whoever_may_not_answer_customers_pushes_nothing():
    kim = Client()
    kim.force_login(a_person("Kim", role=Role.KNOWLEDGE_KEEPER.value))

    assert kim.get("/found/new").status_code == 403
    assert Client().get("/found/new").status_code == 302


def test_a_file_is_taken_once_and_wrong_rows_are_said(tmp_path):
    customer = a_customer()
    a_person()
    file = tmp_path / "found.csv"
    head = "customer,source,id,kind,what,amount,currency,found_at\n"
    good = f"{customer.uuid},till,1,refund,Fare of May,12.50,GBP,2026-05-01\n"
    bad = f"{customer.uuid},till,2,wallet,A wallet,,,2026-05-01\n"
    file.write_text(head + good + good + bad)
    app = typer.Typer()
    app.command()(found_command)

    told = CliRunner().invoke(app, [str(file)])

    assert FoundThing.objects.get().amount_minor == 1_250
    assert "line 4: kind is one of property, balance, refund." in told.output
    assert told.exit_code == 1


def forge(case, **more) -> None:
    columns = {
        "case_id": case.pk, "kind": "property", "what": "A shirt", "amount_minor": 0,
        "currency": "", "source": "hotel", "external_id": "9", "found_at": MONDAY,
        "recorded_at": MONDAY,
    }  # fmt: skip
    insert("records_foundthing", **columns | more)


class TestLaws:
    """Attacked with raw SQL."""

    def test_nothing_is_found_without_a_promise_to_bring_it(self):
        with refused_by("found_is_promised"):
            forge(a_case())

    def test_it_is_a_thing_or_money_once_and_stays(self):
        push()
        case = a_case()
        word = a_word(kind=PromiseKind.DELIVERY, words="You have it by noon.")
        promises.make_promise(case.pk, word, now=MONDAY)
        with refused_by("found_is_a_thing_or_money"):
            forge(case, kind="refund")
        with refused_by("found_once"):
            forge(case, external_id="1")
        with refused_by("found_stays"):
            sql("DELETE FROM records_foundthing")
