"""Found things: pushed once, promised, told; by form, by file, and by the sweep; and attacked."""

import json
import uuid
from datetime import timedelta

import pytest
import typer
from django.db.models import Sum
from django.test import Client
from typer.testing import CliRunner

from asking import a_call, a_case_put_right
from busy_day import NOW
from letter_world import ADDRESS
from makegood.actions import cases, erasing, found_things, ledger, payments, promises
from makegood.actions.found_things import Where
from makegood.actions.payments import Arrival
from makegood.clockwork import making_good, paying, ticks
from makegood.doors.cli.found import found as found_command
from makegood.gateways.payments import ConsolePayments
from makegood.queries import verify
from makegood.records import authorities
from makegood.records.models import (
    Account,
    ApprovalRequest,
    Asking,
    Entitlement,
    ErasedBecause,
    FoundThing,
    LedgerEntry,
    Letter,
    Payment,
    Promise,
    PromiseKind,
    Remedy,
)
from makegood.rules.found_things import BadFoundError, Found, FoundKind
from makegood.rules.remedies import Activity
from makegood.rules.roles import Role
from money_world import a_request, arrive, may_give
from raw_sql import insert, refused_by, sql
from standing_clock import StandingClock
from world import MONDAY, a_case, a_customer, a_person, a_word

pytestmark = pytest.mark.django_db

SHIRT = Found(kind=FoundKind.PROPERTY, what="Your blue shirt.")
MONEY = Found(kind=FoundKind.BALANCE, what="Guthaben", amount_minor=1250, currency="EUR")


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
    thing = push(MONEY, customer=customer)

    assert "12,50\xa0€ (Guthaben)" in Promise.objects.get(case=thing.case, kind="redress").words


def test_found_money_is_paid_through_the_gateway_and_its_promise_kept_when_it_arrives():
    thing = push(MONEY)
    lines: list[str] = []

    handed = paying.pay_due(ConsolePayments(lines.append), now=MONDAY)
    payment = Payment.objects.get()
    news = Arrival(key=payment.key, at=MONDAY + timedelta(hours=1), evidence="The bank says so.")
    payments.record_arrival(news, now=MONDAY + timedelta(hours=1))

    remedy = Remedy.objects.get(case=thing.case)
    assert (handed, payment.amount_minor, payment.currency) == (1, 1250, "EUR")
    assert "12.50" in lines[0]
    assert (remedy.source, remedy.granted_by, remedy.outcome) == ("found", None, "arrived")
    assert remedy.promise.outcome == "kept"
    assert verify.run() == []


def test_a_case_of_found_money_waits_for_it_and_offers_no_gift():
    case = push(MONEY).case
    may_give(case.owner)
    laura = Client()
    laura.force_login(case.owner)

    page = laura.get(f"/cases/{case.reference}").content.decode()

    assert "12.50" in page
    assert "No open promise puts this right" not in page
    assert "goodwill" not in page


def booked(remedy: Remedy) -> dict[str, int]:
    entries = LedgerEntry.objects.filter(transaction__remedy=remedy).values("account")
    return {row["account"]: row["sum"] for row in entries.annotate(sum=Sum("amount_minor"))}


def test_found_money_is_booked_to_an_account_of_its_own():
    remedy = Remedy.objects.get(case=push(MONEY).case)

    assert booked(remedy) == {"found": 1250, "owed": -1250}


@pytest.mark.parametrize("account", [Account.FOUND, Account.SCHEME])
def test_found_money_is_taken_back_where_it_was_booked(account, monkeypatch):
    with monkeypatch.context() as before_it_had_its_account:
        before_it_had_its_account.setattr(ledger, "_cost", lambda _remedy: account)
        remedy = Remedy.objects.get(case=push(MONEY).case)

    payments.release(remedy.pk, evidence="Keep it.", by=a_person("Ruth"), now=MONDAY)

    assert booked(remedy) == {account.value: 0, "owed": 0}


def test_found_money_that_does_not_come_in_time_is_promised_again():
    thing = push(MONEY)
    first = Remedy.objects.get(case=thing.case).promise
    late = first.due_at + timedelta(days=1)

    ticks.sweep_promises(now=late)

    again = Remedy.objects.get(case=thing.case).promise
    assert again != first
    assert again.outcome is None
    assert verify.run() == []


def test_found_money_takes_nothing_of_what_somebody_may_give():
    customer, giver = a_customer(email=ADDRESS), a_person("Giver")
    may_give(giver, activity=Activity.SCHEME)
    push(MONEY, customer=customer)

    standing = authorities.read_standing(
        staff=giver.pk, customer=customer.pk, currency="EUR", activity=Activity.SCHEME, now=MONDAY
    )

    assert (standing.to_customer_minor, standing.by_person_minor) == (0, 0)


def test_the_letter_that_tells_of_found_money_is_all_that_has_to_be_said():
    thing = push(MONEY)

    letter = Letter.objects.get()
    assert letter.duty is not None
    assert letter.duty.about == f"remedy:{Remedy.objects.get(case=thing.case).pk}:granted"


def test_what_was_found_goes_when_its_customer_is_erased():
    thing = push(customer=a_customer())
    promise = Promise.objects.get(case=thing.case, kind="delivery")
    now = MONDAY + timedelta(hours=2)
    promises.keep_promise(
        promise_id=promise.pk, at=now, evidence="Handed over.", by=thing.case.owner, now=now
    )
    answer = a_call(thing.case, "Thanks.", now=now, is_answer=True)
    cases.close_case(case_id=thing.case.pk, answer=answer, now=now)

    erasing.erase(thing.case.customer_id, because=ErasedBecause.ASKED, now=now)

    thing.refresh_from_db()
    assert thing.what == "—"
    assert verify.run() == []


def test_whose_money_has_come_is_asked_whether_it_is_right():
    thing = push(MONEY)
    assert not Asking.objects.exists()

    arrive(Remedy.objects.get(case=thing.case), at=MONDAY + timedelta(hours=1))

    assert Asking.objects.get(case=thing.case).ended_at is None
    assert verify.run() == []


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


def test_nothing_is_pushed_to_who_was_erased():
    case = a_case_put_right()
    now = MONDAY + timedelta(hours=2)
    cases.close_case(
        case_id=case.pk, answer=a_call(case, "Thanks.", now=now, is_answer=True), now=now
    )
    Entitlement.objects.create(
        case=case, scheme="our-promise", amount_minor=2_000, currency="GBP", raised_at=MONDAY
    )
    erasing.erase(case.customer_id, because=ErasedBecause.ASKED, now=now)

    assert found_things.unclaimed(now=now + timedelta(days=2), limit=1) == []


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


def forge_again(row: Remedy | ApprovalRequest, **more) -> None:
    """Another row like this one, but for some columns."""
    table = row._meta.db_table
    sql(
        f"INSERT INTO {table} SELECT n.* FROM {table} r,"
        " jsonb_populate_record(r, %s::jsonb) n WHERE r.id = %s",
        json.dumps({"id": row.pk + 1_000} | more),
        row.pk,
    )


class TestLaws:
    """Attacked with raw SQL."""

    def test_nothing_is_found_without_a_promise_to_bring_it(self):
        with refused_by("found_is_promised"):
            forge(a_case())

    @pytest.mark.parametrize("more", [{"amount_minor": 1300}, {"kind": "credit"}, {"case_id": 0}])
    def test_found_money_is_paid_as_it_was_found(self, more):
        remedy = Remedy.objects.get(case=push(MONEY).case)
        with refused_by("remedy_of_found_money_is_what_was_found"):
            forge_again(remedy, key="again", **more)

    def test_found_money_is_paid_once_and_nobody_has_to_ask_for_it(self):
        remedy = Remedy.objects.get(case=push(MONEY).case)
        word = a_word(kind=PromiseKind.REDRESS, words="You have it by noon.")
        other = promises.make_promise(remedy.case_id, word, now=MONDAY)
        with refused_by("remedy_of_found_money_once"):
            forge_again(remedy, key="again", promise_id=other.pk)
        with refused_by("approval_is_not_asked_for_found_money"):
            forge_again(a_request(), key="ask", source="found")

    def test_found_money_without_a_payment_is_refused(self):
        case = a_case()
        word = a_word(kind=PromiseKind.REDRESS, words="You have it by noon.")
        promises.make_promise(case.pk, word, now=MONDAY)
        with refused_by("found_money_is_paid"):
            forge(case, kind="refund", amount_minor=100, currency="GBP")

    def test_what_was_found_is_not_written_anew(self):
        push()
        with refused_by("found_stays_as_found"):
            sql("UPDATE records_foundthing SET what = 'A red shirt'")

    def test_it_is_a_thing_or_money_once_and_stays(self):
        push()
        case = a_case()
        word = a_word(kind=PromiseKind.DELIVERY, words="You have it by noon.")
        promises.make_promise(case.pk, word, now=MONDAY)
        with refused_by("found_is_a_thing_or_money"):
            forge(case, amount_minor=5)
        with refused_by("found_once"):
            forge(case, external_id="1")
        with refused_by("found_stays"):
            sql("DELETE FROM records_foundthing")
