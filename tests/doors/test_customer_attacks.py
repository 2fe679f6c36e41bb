"""Attacks on the customer's page: by strangers, scanners, previews and other customers."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.test import Client

from busy_day import NOW, BusyDay, at, open_promise
from customer_client import read, send, text
from makegood.actions import choices, links
from makegood.actions.choices import OtherTime
from makegood.doors.web.customer import public_key
from makegood.records.models import Choice, LinkRequest, Reply
from world import a_case, a_customer

pytestmark = pytest.mark.django_db
TOMORROW = timedelta(days=1)


def _visit(day: BusyDay):
    return open_promise(day.bin, "Collected with")


def _offer(day: BusyDay) -> Choice:
    time = OtherTime(words="The crew comes on Saturday.", due_at=at(12) + 5 * TOMORROW)
    return choices.offer_choice(_visit(day).pk, time, by=day.laura, now=NOW)


def test_alices_choice_and_call_cannot_be_touched_by_bobs_link(day):
    choice = _offer(day)
    send(day.bin_token, "call", opens=int(at(15).timestamp()))
    call = open_promise(day.bin, "Laura Bennett calls you")

    for what, field, number in (
        ("choice", "choice", choice.pk),
        ("no-call", "call", call.pk),
        ("wish", "step", _visit(day).pk),
    ):
        answer = send(day.alarm_token, what, **{field: number}, wish="Never")
        assert answer.status_code == 409, what
        assert "can no longer be changed here" in text(answer)
        assert "Saturday" not in text(answer)
    call.refresh_from_db()
    assert call.outcome is None


def test_what_was_typed_is_shown_and_never_obeyed(day):
    words = "<script>alert(1)</script> {{ 7|add:7 }} </textarea><b>"

    refused = Client().post(f"/c/{day.bin_token}/write", {"form_key": "old", "words": words})
    send(day.bin_token, "write", words=words)

    for page in (refused, Client().get(f"/c/{day.bin_token}")):
        assert b"<script>" not in page.content
        assert b"&lt;script&gt;alert(1)&lt;/script&gt; {{ 7|add:7 }}" in page.content


def test_attack_16_scanners_and_previews_change_nothing_and_learn_nothing(day):
    before = CaseRows(day)
    agents = ("Slackbot-LinkExpanding 1.0", "WhatsApp/2.23", "facebookexternalhit/1.1")
    for agent in agents:
        page = read(day.bin_token, user_agent=agent)
        assert "A private page" in page
        assert "bin" not in page.lower().replace("linkexpanding", "")
    for header in ({"sec-purpose": "prefetch;prerender"}, {"purpose": "prefetch"}):
        answer = Client().get(f"/c/{day.bin_token}", headers=header)
        assert (answer.status_code, answer.content) == (503, b"")
    assert Client().head(f"/c/{day.bin_token}").content == b""

    assert CaseRows(day) == before


class CaseRows:
    """How much is recorded of the bin's case."""

    def __init__(self, day: BusyDay) -> None:
        self.rows = (day.bin.timeline.count(), day.bin.contacts.count(), Reply.objects.count())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CaseRows) and self.rows == other.rows

    def __hash__(self) -> int:
        return hash(self.rows)


def test_what_others_preview_of_the_page_is_neutral(day):
    page = Client().get(f"/c/{day.bin_token}").content.decode()
    head = page.split("</head>")[0]

    assert "bin" not in head.lower()
    assert "og:" not in page
    assert "noindex" in head


def test_attack_17_an_old_link_asks_for_a_fresh_one_and_no_page_tells_whether_it_was_one(day):
    old = links.mint_link(day.bin.pk, now=NOW - timedelta(days=91))
    revoked = links.mint_link(day.bin.pk, now=NOW - timedelta(days=1))
    links.revoke_links(day.bin.pk, by=day.laura, now=NOW - timedelta(hours=1))
    pages = {
        (Client().post(f"/c/{token}{path}", {"fresh": "1"})).content
        for token in (old, revoked, "never-was", "x" * 500)
        for path in ("", "/write")
    }

    assert len(pages) == 1
    assert b"a fresh one goes to the address that we have on record" in pages.pop()
    assert LinkRequest.objects.get().case == day.bin
    assert b"David" not in Client().get(f"/c/{old}").content


@pytest.mark.parametrize(
    "change",
    [
        str.swapcase, str.upper, lambda key: key[:-1], lambda key: f"{key} ", lambda key: f" {key}",
        lambda key: f"{key}\n", lambda key: f"{key}\0", lambda key: f"{key}=", lambda _key: " ",
        lambda _key: "%", lambda _key: "' OR ''='", lambda key: chr(ord(key[0]) + 0xFEE0) + key[1:],
    ],
)  # fmt: skip
def test_attack_19_no_key_but_the_very_one_opens_a_page(day, change):
    given = quote(change(day.bin_token), safe="")

    page, never = Client().get(f"/c/{given}"), Client().get("/c/never-was")

    assert (page.status_code, page.content) == (404, never.content)


@pytest.mark.parametrize("name", ["host", "x-forwarded-host", "forwarded"])
def test_attack_22_a_forged_host_stands_in_no_link_to_a_page(day, settings, name):
    settings.BASE_URL = "https://desk.example.com"
    client = Client()
    client.force_login(day.laura)
    forged = "host=evil.example" if name == "forwarded" else "evil.example"

    page = client.post(f"/cases/{day.bin.reference}/links", headers={name: forged})

    assert b"evil.example" not in page.content
    assert (b"https://desk.example.com/c/" in page.content) == (name != "host")


def test_a_live_link_has_no_form_to_ask_for_a_fresh_one(day):
    assert Client().post(f"/c/{day.bin_token}", {"fresh": "1"}).status_code == 405
    assert not LinkRequest.objects.exists()


def test_attack_24_one_address_of_a_household_is_not_one_customer(day):
    theirs = day.bin.customer
    other = a_customer("Rosa Taylor", email=theirs.email, phone=theirs.phone)
    her_case = a_case(customer=other, title="Her own letters", owner=day.laura)

    page = read(day.bin_token)

    assert "Rosa" not in page
    assert her_case.title not in page
    assert her_case.reference not in page


def test_attack_15_and_42_words_of_a_customer_reach_no_header_and_no_markup(day):
    evil = 'x\r\nSet-Cookie: a=b\r\n\r\n<img src=x onerror=alert(1)> "\u202e'

    answer = send(day.bin_token, "write", words=evil)

    assert "Set-Cookie" not in str(answer.headers)
    client = Client()
    client.force_login(day.laura)
    for page in (client.get(f"/cases/{day.bin.reference}"), client.get("/")):
        assert b"<img src=x" not in page.content


@pytest.mark.parametrize(
    "name", ["cf-connecting-ip", "true-client-ip", "x-real-ip", "x-client-ip", "forwarded"]
)
@pytest.mark.parametrize("behind", [True, False])
def test_attack_45_other_headers_of_proxies_are_never_believed(settings, rf, name, behind):
    settings.BEHIND_PROXY = behind
    knocks = [
        rf.post("/report", headers={name: f"198.51.100.{number}", "x-forwarded-for": "192.0.2.1"})
        for number in (1, 2)
    ]
    assert len({public_key.visitor_of(one, now=NOW) for one in knocks}) == 1
