"""The desk's acts on a case: each does one thing, and a refusal says why, with the words kept."""

import re
from datetime import timedelta

import pytest
from django.template.loader import get_template
from django.test import Client

from busy_day import NOW, open_promise
from makegood.actions import links, staff
from makegood.records.models import (
    Case,
    CaseLink,
    Contact,
    Customer,
    Escalation,
    Handover,
    Message,
    Promise,
    PromiseRevision,
)
from world import a_person

pytestmark = pytest.mark.django_db

REPORT = {
    "key": "5f1d7a3c-2b4e-4c6d-8e9f-0a1b2c3d4e5f",
    "lives_in": "Europe/Lisbon",
    "function": "shelter",
    "harm": "lost",
}
TYPED = ("name", "title", "wanted", "note", "asset_name")


def a_link(case: Case) -> str:
    return links.mint_link(case.pk, now=NOW)


def _text(answer) -> str:
    return " ".join(answer.content.decode().split())


def test_who_is_not_there_now_is_named_as_such_before_a_case_is_handed_to_them(day, laura):
    priya, omar = a_person("Priya Shah"), a_person("Omar Hadid")
    staff.be_absent(omar, starts_at=NOW, ends_at=NOW + timedelta(days=1))

    page = _text(laura.get(f"/cases/{day.bin.reference}?act=handover"))

    assert f">{priya.name}, {priya.team.name}</option>" in page
    assert f">{omar.name}, {omar.team.name} (off duty)</option>" in page


def test_a_handover_is_offered_once_and_accepted_by_the_one_who_was_asked(day, laura):
    priya = a_person("Priya Shah")
    address = f"/cases/{day.bin.reference}/handovers"
    assert laura.post(address, {"to": priya.pk, "why": "Holiday."}).status_code == 302

    again = laura.post(address, {"to": priya.pk, "why": "Holiday."})
    assert again.status_code == 409
    assert "already asked" in _text(again)
    assert laura.post(address, {"to": day.laura.pk, "why": "Me."}).status_code == 422

    offer = Handover.objects.get(case=day.bin)
    other = Client()
    other.force_login(priya)
    assert other.post(f"/handovers/{offer.pk}/answer", {"answer": "accept"}).status_code == 302
    day.bin.refresh_from_db()
    assert day.bin.owner_id == priya.pk


def test_a_contact_counts_minutes_and_money_once(day, laura):
    sent = {
        "direction": "inbound",
        "channel": "phone",
        "note": "Asked again.",
        "hold_minutes": "7",
        "talk_minutes": "3",
        "estimated": "on",
        "money": "1.20",
        "currency": "gbp",
    }
    keyed = sent | {"sent_key": "0b9f1c9e-3c1b-4d0e-9f5e-2f3f5b6c7d8e"}
    assert laura.post(f"/cases/{day.bin.reference}/contacts", keyed).status_code == 302
    again = laura.post(f"/cases/{day.bin.reference}/contacts", keyed, follow=True)
    assert "This was sent twice. It counts once." in _text(again)

    contact = Contact.objects.get(note="Asked again.")
    assert (contact.hold_minutes, contact.money_minor, contact.currency) == (7, 120, "GBP")
    assert contact.estimated
    bad = laura.post(f"/cases/{day.bin.reference}/contacts", {**sent, "money": "12.345"})
    assert bad.status_code == 422
    assert "no amount of GBP" in _text(bad)


def test_an_apology_is_said_once_in_words(day, laura):
    owed = Message.objects.get(case=day.alarm)
    address = f"/messages/{owed.pk}/said"
    assert laura.post(address, {"words": "", "channel": "phone"}).status_code == 422
    assert laura.post(address, {"words": "I am sorry.", "channel": "phone"}).status_code == 302

    again = laura.post(address, {"words": "I am sorry again.", "channel": "phone"})
    assert again.status_code == 409
    assert "I am sorry again." in _text(again)
    owed.refresh_from_db()
    assert (owed.words, owed.said_at) == ("I am sorry.", NOW)


def test_an_apology_that_nobody_waited_for_is_recorded_and_stands_on_both_pages(day, laura):
    here, theirs = f"/cases/{day.bill.reference}", f"/c/{a_link(day.bill)}"
    assert "We are sorry." not in _text(Client().get(theirs))
    assert "?act=sorry" in laura.get(here).content.decode()
    address = f"{here}/apologies"
    assert laura.post(address, {"words": " ", "channel": "phone"}).status_code == 422

    said = laura.post(address, {"words": "I am sorry.", "channel": "phone"}, follow=True)

    assert "Laura Bennett apologised by phone." in _text(said)
    assert "?act=sorry" not in said.content.decode()
    page = _text(Client().get(theirs))
    assert "That was our mistake. We are sorry." in page
    assert "Laura Bennett apologised." in page
    assert Message.objects.get(case=day.bill).said_at == NOW


def test_an_apology_by_a_form_that_was_open_when_it_broke_is_the_one_that_is_owed(day, laura):
    owed = Message.objects.get(case=day.alarm)
    address = f"/cases/{day.alarm.reference}/apologies"

    laura.post(address, {"words": "I am sorry.", "channel": "phone"})

    owed.refresh_from_db()
    assert (owed.words, owed.said_at) == ("I am sorry.", NOW)
    assert Message.objects.filter(case=day.alarm).count() == 1


def test_the_customers_page_says_no_sorry_that_a_person_still_owes(day):
    owed = Client().get(f"/c/{day.alarm_token}")
    said = Client().get(f"/c/{day.bin_token}")

    assert "We are sorry." not in _text(owed)
    assert "That was our mistake. We are sorry." in _text(said)


def test_a_case_closes_by_the_customers_answer_and_not_while_something_is_promised(day, laura):
    sent = {"channel": "phone", "note": "All is well."}
    early = laura.post(f"/cases/{day.bin.reference}/close", sent)
    assert early.status_code == 409
    assert "Something is still promised" in _text(early)
    assert not Contact.objects.filter(note="All is well.").exists()

    closed = laura.post(f"/cases/{day.lengthy.reference}/close", sent)
    assert closed.status_code == 302
    day.lengthy.refresh_from_db()
    assert day.lengthy.closed_at == NOW
    assert laura.post(f"/cases/{day.lengthy.reference}/close", sent).status_code == 409


def test_a_case_opens_again_when_the_customer_says_so(day, laura):
    address = f"/cases/{day.lengthy.reference}/reopen"
    sent = {"channel": "phone", "note": "It leaks again."}
    assert laura.post(address, sent).status_code == 409
    laura.post(
        f"/cases/{day.lengthy.reference}/close", {"channel": "phone", "note": "All is well."}
    )
    assert "Open it again" in _text(laura.get(f"/cases/{day.lengthy.reference}"))

    assert laura.post(address, {"channel": "phone", "note": ""}).status_code == 422
    assert laura.post(address, sent).status_code == 302

    day.lengthy.refresh_from_db()
    assert day.lengthy.closed_at is None
    assert "Opened again" in _text(laura.get(f"/cases/{day.lengthy.reference}"))


def test_a_case_closes_by_an_answer_that_was_recorded_before(day, laura):
    laura.post(
        f"/cases/{day.lengthy.reference}/contacts",
        {"direction": "inbound", "channel": "phone", "note": "It is right now."},
    )
    contact = Contact.objects.get(note="It is right now.")

    foreign = Contact.objects.filter(case=day.bin)[0]
    address = f"/cases/{day.lengthy.reference}/close"
    assert laura.post(address, {"contact": foreign.pk, "channel": "phone"}).status_code == 422
    assert laura.post(address, {"contact": contact.pk, "channel": "phone"}).status_code == 302
    day.lengthy.refresh_from_db()
    assert day.lengthy.closed_by_contact_id == contact.pk


def test_a_link_is_shown_once_and_can_be_taken_back(day, laura, settings):
    made = laura.post(f"/cases/{day.bill.reference}/links")
    assert made.headers["Cache-Control"] == "private, no-store"
    address = next(word for word in made.content.decode().split('"') if "/c/" in word)
    assert address.startswith(settings.BASE_URL)
    path = address.removeprefix(settings.BASE_URL)
    assert Client().get(path).status_code == 200
    assert path not in laura.get(f"/cases/{day.bill.reference}").content.decode()

    laura.post(f"/cases/{day.bill.reference}/links/revoke")
    assert Client().get(path).status_code == 404
    assert CaseLink.objects.get(case=day.bill).revoked_at == NOW


def test_the_page_with_a_new_link_makes_no_second_one_when_it_is_reloaded(day, laura):
    page = laura.get(f"/cases/{day.bill.reference}").content.decode()
    key = re.findall(r'name="sent_key"\s+value="([^"]+)"', page)[0]
    made = laura.post(f"/cases/{day.bill.reference}/links", {"sent_key": key})
    assert "/c/" in made.content.decode()

    again = laura.post(f"/cases/{day.bill.reference}/links", {"sent_key": key}, follow=True)

    assert "This link was made already" in _text(again)
    assert CaseLink.objects.filter(case=day.bill).count() == 1
    fresh = re.findall(r'name="sent_key"\s+value="([^"]+)"', made.content.decode())
    assert key not in fresh


@pytest.mark.parametrize(
    ("act", "sent"),
    [
        ("keep", {"evidence": "Rang her too."}),
        ("release", {"evidence": "Rang her too."}),
        ("move", {"due_on": "2026-06-02", "cause": "Rang her too."}),
    ],
)
def test_what_can_no_longer_be_done_comes_back_with_its_words_and_without_its_form(
    day, laura, act, sent
):
    call = open_promise(day.bill, "I'll call")
    laura.post(f"/promises/{call.pk}/keep", {"evidence": "Rang her."})

    late = laura.post(f"/promises/{call.pk}/{act}", sent)

    assert late.status_code == 409
    assert "This can no longer be done." in _text(late)
    assert "<blockquote>Rang her too.</blockquote>" in late.content.decode()
    assert f'action="/promises/{call.pk}/{act}"' not in late.content.decode()
    opened = laura.get(f"/cases/{day.bill.reference}?act={act}&on={call.pk}")
    assert "This can no longer be done." in _text(opened)


def test_a_closed_case_takes_no_promise_and_keeps_what_was_typed(day, laura):
    said = {"channel": "phone", "note": "All is well."}
    laura.post(f"/cases/{day.lengthy.reference}/close", said)
    sent = {"words": "One more thing.", "due_on": "2026-06-10", "kind": "visit", "channel": "phone"}

    late = laura.post(f"/cases/{day.lengthy.reference}/promises", sent)

    assert late.status_code == 409
    assert "<blockquote>One more thing.</blockquote>" in late.content.decode()


def test_an_acknowledgement_counts_once(day, laura):
    told = Escalation.objects.filter(case=day.bill).get()

    assert laura.post(f"/escalations/{told.pk}/acknowledge").status_code == 302
    again = laura.post(f"/escalations/{told.pk}/acknowledge")

    assert again.status_code == 409
    assert "acknowledged already" in _text(again)


@pytest.mark.usefixtures("day")
def test_text_of_people_is_shown_as_text_everywhere(laura):
    evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
    laura.post(
        "/reports/new",
        REPORT | dict.fromkeys(TYPED, evil),
    )
    case = Customer.objects.get(name=evil).cases.get()
    reference = case.reference
    post = laura.post
    post(
        f"/cases/{reference}/promises",
        {"words": evil, "due_on": "2026-06-10", "kind": "other", "channel": "phone"},
    )
    call = Promise.objects.get(words=evil)
    post(f"/promises/{call.pk}/move", {"due_on": "2026-06-11", "cause": evil})
    revision = PromiseRevision.objects.get()
    post(f"/revisions/{revision.pk}/told", {"channel": "phone", "evidence": evil})
    post(f"/cases/{reference}/contacts", {"direction": "inbound", "channel": "phone", "note": evil})
    post(f"/cases/{reference}/handovers", {"to": a_person("Priya Shah").pk, "why": evil})
    post(f"/promises/{call.pk}/keep", {"evidence": evil})
    made = post(f"/cases/{reference}/links").content.decode()
    link = next(word for word in made.split('"') if "/c/" in word)
    path = "/c/" + link.rpartition("/c/")[2]

    pages = ["/", "/cases", f"/cases/{reference}?act=close", "/reports/new?q=%3Cscript%3E"]
    bodies = [laura.get(page).content.decode() for page in pages]
    bodies += [Client().get(path).content.decode(), made]
    bodies.append(laura.post(f"/promises/{call.pk}/keep", {"evidence": evil}).content.decode())

    for body in bodies:
        assert "<script>alert" not in body
        assert "<img src=x" not in body
    assert any("&lt;script&gt;alert(1)" in body for body in bodies)


@pytest.mark.usefixtures("day")
def test_a_search_takes_any_text(laura):
    for sought in ("%00", "%25", "'", "_", "%F0%9F%99%82", "a" * 500, "\\"):
        assert laura.get(f"/cases?q={sought}&page=x").status_code == 200
        assert laura.get(f"/reports/new?q={sought}").status_code == 200
    for page in ("-1", "0", "999999999999", "1.5"):
        assert laura.get(f"/cases?page={page}").status_code == 200


@pytest.mark.usefixtures("day")
def test_error_pages_help(laura):
    assert "There is nothing here" in _text(laura.get("/nowhere"))
    assert "belongs to somebody else" in _text(
        laura.post(f"/escalations/{Escalation.objects.filter(reason='break')[0].pk}/acknowledge")
    )


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "500"])
def test_error_pages_need_nothing_that_may_be_broken(name):
    page = get_template(f"{name}.html").render()

    assert "Go to My word" in page
