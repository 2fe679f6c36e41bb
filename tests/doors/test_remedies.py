"""Making good at the desk: one act gives, doors keep Alice, Bob and Charlie apart."""

import re
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from asking import keep
from busy_day import NOW, BusyDay, a_busy_day
from makegood.actions import approvals, payments
from makegood.actions.authorities import declare_conflict
from makegood.actions.fees import Charge, record_fee
from makegood.actions.scheme_uses import use_scheme
from makegood.queries import verify
from makegood.records.models import ApprovalRequest, Message, Remedy, Withholding
from makegood.rules.remedies import Activity
from makegood.rules.roles import Role
from money_world import a_remedy, a_wish, limits, may_give
from standing_clock import StandingClock
from world import a_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def day(monkeypatch) -> BusyDay:
    monkeypatch.setattr("makegood.doors.moment.datetime", StandingClock)
    day = a_busy_day()
    for activity in Activity:
        may_give(role=day.laura.role, activity=activity, held=limits(9_000, 90_000))
    return day


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def body_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def offers(client: Client, case) -> list[dict]:
    page = client.get(f"/cases/{case.reference}").content.decode()
    return [
        {"offer": offer, "amount": amount, "key": key}
        for offer, amount, key in re.findall(
            r'name="offer" value="([^"]+)">\s*<input type="hidden"\s+name="amount"\s+value="(\d+)">'
            r'\s*<input type="hidden" name="key" value="([^"]+)">',
            page,
        )
    ]


def test_the_case_offers_what_is_fair_with_its_reasons_and_the_sentence_to_say(day, laura):
    page = body_of(laura.get(f"/cases/{day.bill.reference}"))
    assert "Make it good" in page
    assert "I have sent you £" in page
    assert "You may give £90.00 more" in page


def test_who_decides_on_no_money_sees_no_empty_card_for_it(day):
    ada = signed_in(a_person("Ada Moreno", role=Role.ADMINISTRATOR))

    assert "Make it good" not in body_of(ada.get(f"/cases/{day.bill.reference}"))


def test_one_act_gives_what_is_offered_and_a_second_click_gives_nothing_more(day, laura):
    [offer] = offers(laura, day.bill)

    first = laura.post(f"/cases/{day.bill.reference}/remedies/offer", offer)
    second = laura.post(f"/cases/{day.bill.reference}/remedies/offer", offer)

    assert (first.status_code, second.status_code) == (302, 302)
    remedy = Remedy.objects.get()
    assert (remedy.granted_by, remedy.amount_minor) == (day.laura, int(offer["amount"]))
    assert verify.run() == []
    page = body_of(laura.get(f"/cases/{day.bill.reference}"))
    assert "made good: " in page
    assert "Given by Laura Bennett" in page


@pytest.mark.parametrize(
    ("kind", "is_mending"), [("replacement", True), ("in_kind", True), ("gift", False)]
)
def test_a_replacement_on_its_way_puts_it_right_and_a_gift_does_not(day, laura, kind, is_mending):
    told = "No open promise puts this right"
    assert told not in body_of(laura.get(f"/cases/{day.bill.reference}"))
    for promise in day.bill.promises.still_open():
        keep(promise, now=NOW)
    assert told in body_of(laura.get(f"/cases/{day.bill.reference}"))

    remedy = a_remedy(
        600, case=day.bill, by=day.laura, now=NOW, kind=kind, thing="A new lid for the bin"
    )

    payments.record_sent(remedy.payments.get().pk, reference="", now=NOW)
    page = body_of(laura.get(f"/cases/{day.bill.reference}"))
    assert (told not in page) == is_mending
    assert "It was handed on to whoever sends or does it." in page
    assert "The payment was sent." not in page

    payments.record_failed(remedy.payments.get().pk, error="No stock.", now=NOW)
    payments.pay_again(remedy.pk, by=day.laura, now=NOW)
    page = body_of(laura.get(f"/cases/{day.bill.reference}"))
    assert "It could not be sent or done." in page
    assert "It is tried again." in page
    assert "made good: something that costs us £6.00." in page
    assert remedy.promise.words.count(" a new lid for the bin. ") == 1


def test_an_offer_that_has_changed_gives_nothing_and_says_so(day, laura):
    [offer] = offers(laura, day.bill)
    answer = laura.post(f"/cases/{day.bill.reference}/remedies/offer", offer | {"amount": "999999"})
    assert answer.status_code == 409
    assert "nothing was given" in body_of(answer)
    assert not Remedy.objects.exists()
    junk = laura.post(f"/cases/{day.bill.reference}/remedies/offer", {"offer": "x"})
    assert junk.status_code == 422


def test_what_a_scheme_owes_is_offered_first_with_its_version(day, laura):
    use_scheme(
        "our-promise", on="case", is_own=True, now=NOW,
        facts={"failure": "wrong_bill", "failed_on": "@failed_on", "bill_error": "30.00"},
    )  # fmt: skip

    first, *_rest = offers(laura, day.bill)
    laura.post(f"/cases/{day.bill.reference}/remedies/offer", first)

    assert (first["offer"], first["amount"]) == ("scheme:our-promise", "3300")
    remedy = Remedy.objects.get()
    assert (remedy.source, remedy.version) == ("own", "2026-01-01")
    assert remedy.late_minor == 1_000
    assert remedy.pay_by is not None
    assert [o["offer"] for o in offers(laura, day.bill)] == ["goodwill"]


def test_a_case_is_not_made_good_by_some_of_what_is_owed(day, laura):
    use_scheme(
        "our-promise", on="case", is_own=True, now=NOW,
        facts={"failure": "wrong_bill", "failed_on": "@failed_on", "bill_error": "30.00"},
    )  # fmt: skip
    laura.post(f"/cases/{day.bill.reference}/remedies/new", given(amount="5.00"))
    still_owed = body_of(laura.get(f"/cases/{day.bill.reference}"))

    laura.post(f"/cases/{day.bill.reference}/remedies/offer", offers(laura, day.bill)[0])

    assert "Owed, and not given yet</dt><dd>£33.00<" in still_owed
    assert "Owed, and not given yet" not in body_of(laura.get(f"/cases/{day.bill.reference}"))


def test_a_scheme_that_lacks_a_fact_says_what_it_is_unsure_of(day, laura):
    use_scheme("our-promise", on="case", now=NOW, facts={"failed_on": "@failed_on"})
    page = body_of(laura.get(f"/cases/{day.bill.reference}"))
    assert "It cannot be worked out from this case" in page


def test_a_fee_that_came_with_the_failure_is_found_and_waived(day, laura):
    charge = Charge(
        what="late fee", amount_minor=1_200, currency="GBP", charged_at=NOW, source="b",
        external_id="1",
    )  # fmt: skip
    record_fee(day.bill.customer, charge, now=NOW)
    fee = next(offer for offer in offers(laura, day.bill) if offer["offer"].startswith("fee:"))

    laura.post(f"/cases/{day.bill.reference}/remedies/offer", fee)

    assert Remedy.objects.get().kind == "waiver"
    assert not any(o["offer"].startswith("fee:") for o in offers(laura, day.bill))


def test_a_wish_that_waits_holds_up_nothing_that_is_owed(day, laura):
    charge = Charge(
        what="late fee", amount_minor=1_200, currency="GBP", charged_at=NOW, source="b",
        external_id="1",
    )  # fmt: skip
    record_fee(day.bill.customer, charge, now=NOW)
    may_give(day.bill.team.lead, held=limits(50_000, 90_000))

    laura.post(f"/cases/{day.bill.reference}/remedies/new", given(amount="300.00"))

    [fee] = offers(laura, day.bill)  # goodwill is what was asked for, and is not offered besides
    assert fee["offer"].startswith("fee:")


def test_nobody_is_told_to_say_that_they_gave_what_they_may_only_ask_for(day):
    sam = signed_in(a_person("Sam Rowe", role=Role.AGENT))

    page = body_of(sam.get(f"/cases/{day.bill.reference}"))

    assert "Ask for £" in page
    assert "I have sent you £" not in page
    assert "Do not say it before they have agreed." in page


def test_beyond_authority_the_same_act_asks_a_named_person(day, laura):
    lead = day.bill.team.lead
    may_give(lead, held=limits(50_000, 90_000))
    typed = given(amount="300.00")

    answer = laura.post(f"/cases/{day.bill.reference}/remedies/new", typed, follow=True)

    request = ApprovalRequest.objects.get()
    assert request.approver == lead
    assert f"{lead.name} was asked" in body_of(answer)
    assert not Remedy.objects.exists()
    laura.post(f"/cases/{day.bill.reference}/remedies/new", typed)
    assert ApprovalRequest.objects.count() == 1


def given(**more) -> dict:
    return {
        "key": str(uuid.uuid4()), "kind": "credit", "amount": "20.00", "currency": "gbp",
        "thing": "", "because": "Two calls.", "price": "",
    } | more  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"amount": "abc"}, "is no amount"),
        ({"amount": "-5"}, "is no amount"),
        ({"amount": "1e999990"}, "is no amount"),
        ({"amount": "1.5", "currency": "JPY"}, "is no amount"),
        ({"amount": "0"}, "above zero"),
        ({"currency": "pounds"}, "at most 3 characters"),
        ({"kind": "gift"}, "Say what they get."),
        ({"thing": "flowers"}, "leave this empty"),
        ({"because": ""}, "required"),
        ({"price": "10.00"}, "Above 150 %"),
        ({"key": "x"}, "Open it again."),
    ],
)
def test_a_form_that_is_wrong_says_what_would_be_right_and_keeps_the_words(day, laura, wrong, why):
    answer = laura.post(f"/cases/{day.bill.reference}/remedies/new", given(**wrong))
    assert answer.status_code == 422
    assert why in body_of(answer)
    assert not Remedy.objects.exists()


def test_something_of_ones_own_choosing_is_given_at_once(day, laura):
    form = laura.get(f"/cases/{day.bill.reference}/remedies/new")
    assert form.status_code == 200
    gift = given(kind="gift", amount="0", thing="flowers", price="", sure="")
    assert laura.post(f"/cases/{day.bill.reference}/remedies/new", gift).status_code == 302
    assert Remedy.objects.get().thing == "flowers"


def test_the_approver_finds_it_on_my_word_and_gives_it_with_one_click(day, laura):
    lead = day.bill.team.lead
    lead.role = Role.SUPERVISOR
    lead.save()
    may_give(lead, held=limits(50_000, 90_000))
    request = approvals.ask(day.bill.pk, a_wish(30_000), by=day.laura, now=NOW)
    client = signed_in(lead)
    assert "Waiting for your yes" in body_of(client.get("/"))
    assert "Waiting for your yes" not in body_of(laura.get("/"))

    bare = client.post(f"/approvals/{request.pk}/decide", {"answer": "no", "why": "Too much."})
    assert bare.status_code == 422
    assert 'value="Too much."' in body_of(bare)  # what was typed is there to be completed
    done = client.post(f"/approvals/{request.pk}/decide", {"answer": "yes", "back": "word"})

    assert done.headers["Location"] == "/"
    assert Remedy.objects.get().approval == request
    again = client.post(f"/approvals/{request.pk}/decide", {"answer": "yes"})
    assert again.status_code == 409


def test_an_agent_may_not_approve_and_nobody_their_own_wish(day, laura):
    may_give(day.bill.team.lead, held=limits(50_000, 90_000))
    request = approvals.ask(day.bill.pk, a_wish(30_000), by=day.laura, now=NOW)
    assert laura.post(f"/approvals/{request.pk}/decide", {"answer": "yes"}).status_code == 403
    day.laura.role = Role.SUPERVISOR
    day.laura.save()
    assert laura.post(f"/approvals/{request.pk}/decide", {"answer": "yes"}).status_code == 409
    assert not Remedy.objects.exists()


def test_who_is_close_to_the_customer_is_offered_nothing(day, laura):
    declare_conflict(staff=day.laura, customer=day.bill.customer, now=NOW)
    page = body_of(laura.get(f"/cases/{day.bill.reference}"))
    assert "a colleague decides" in page
    refused = laura.post(f"/cases/{day.bill.reference}/remedies/new", given())
    assert refused.status_code == 409
    assert not Remedy.objects.exists()


def test_not_to_give_needs_a_reason_and_is_counted(day, laura):
    url = f"/cases/{day.bill.reference}/remedies/withhold"
    assert laura.post(url, {"offer": "goodwill"}).status_code == 422
    assert laura.post(url, {"offer": "nothing", "why": "x"}).status_code == 404
    assert (
        laura.post(url, {"offer": "goodwill", "why": "Not sure.", "asked": "on"}).status_code == 302
    )
    assert Withholding.objects.get().asked
    assert "could have given" in body_of(laura.get(f"/cases/{day.bill.reference}"))

    a_remedy(1_000, case=day.bill, by=day.laura, now=NOW)
    page = body_of(laura.get(f"/cases/{day.bill.reference}"))
    assert "made good: £10.00. It had been held back at first." in page


def test_what_was_given_is_said_arrives_or_is_taken_back(day, laura):
    remedy = a_remedy(1_000, case=day.bill, by=day.laura, now=NOW)
    message = Message.objects.get(about=f"remedy:{remedy.pk}:granted")
    assert laura.post(f"/messages/{message.pk}/remedy-said", {"channel": "x"}).status_code == 422
    said = laura.post(f"/messages/{message.pk}/remedy-said", {"channel": "phone"})
    assert said.status_code == 302
    assert laura.post(f"/remedies/{remedy.pk}/again").status_code == 409
    assert laura.post(f"/remedies/{remedy.pk}/arrived", {}).status_code == 422

    evidence = {"evidence": "She sees it on her account."}
    assert laura.post(f"/remedies/{remedy.pk}/arrived", evidence).status_code == 302

    assert Remedy.objects.get().outcome == "arrived"
    assert laura.post(f"/remedies/{remedy.pk}/release", evidence).status_code == 409
    other = a_remedy(1_000, case=day.bill, by=day.laura, now=NOW)
    assert laura.post(f"/remedies/{other.pk}/release", evidence).status_code == 302
    assert verify.run() == []


def test_what_there_is_not_is_not_found(day, laura):
    for url in ("/remedies/9/arrived", "/remedies/9/again", "/remedies/9/release"):
        assert laura.post(url, {"evidence": "x"}).status_code == 404
    assert (
        signed_in(a_person("Sue", role=Role.SUPERVISOR)).post("/approvals/9/decide").status_code
        == 404
    )
    assert laura.get(f"/cases/{day.bill.reference}/remedies/offer").status_code == 405


def test_the_customer_sees_what_was_made_good_on_their_own_page_and_nowhere_else(day):
    a_remedy(1_000, case=day.bin, by=day.laura, now=NOW, because="Their fifth report.")

    own = body_of(Client().get(f"/c/{day.bin_token}"))
    other = body_of(Client().get(f"/c/{day.alarm_token}"))

    assert "Made good" in own
    assert "£10.00 on your account" in own
    assert "Their fifth report." not in own
    assert "£10.00" not in other


def test_more_remedies_ask_no_more_of_the_database(day, laura):
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            laura.get(f"/cases/{day.bill.reference}")
        return len(found)

    a_remedy(100, case=day.bill, by=day.laura, now=NOW)
    few = asked()
    for _ in range(5):
        a_remedy(100, case=day.bill, by=day.laura, now=NOW)
    assert asked() == few


def test_what_is_paid_is_not_offered_to_be_kept_replaced_or_released_by_hand(day, laura):
    remedy = a_remedy(case=day.bill, by=day.laura, now=NOW)
    promise = remedy.promise_id

    page = body_of(laura.get(f"/cases/{day.bill.reference}"))
    board = body_of(laura.get("/"))

    for act in ("keep", "replace", "release"):
        assert f"?act={act}&amp;on={promise}" not in page
        assert f"?act={act}&amp;on={promise}" not in board
    assert f"?act=move&amp;on={promise}" in page
    assert "It is kept by its arrival" in page
