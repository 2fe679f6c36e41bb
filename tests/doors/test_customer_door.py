"""The customer's page at its door: read, answered, written to; never more than its own case."""

import re

import pytest
from django.test import Client

from busy_day import NOW, BusyDay, a_busy_day, at, open_promise
from makegood.actions import links, promises
from makegood.doors.web.customer.views import WRITES_AN_HOUR
from makegood.records.models import Contact
from standing_clock import StandingClock

pytestmark = pytest.mark.django_db


@pytest.fixture
def day(monkeypatch) -> BusyDay:
    monkeypatch.setattr("makegood.doors.moment.datetime", StandingClock)
    return a_busy_day()


def _text(answer) -> str:
    return " ".join(answer.content.decode().split())


def _key(token: str) -> str:
    page = Client().get(f"/c/{token}").content.decode()
    return re.findall(r'name="form_key"\s+value="([^"]+)"', page)[0]


def _send(token: str, what: str, **fields: str):
    return Client().post(f"/c/{token}/{what}", {"form_key": _key(token), **fields})


def test_the_page_is_small_and_needs_no_script(day):
    page = Client().get(f"/c/{day.bin_token}").content

    assert len(page) < 30_000
    assert b"<script" not in page
    assert b"style=" not in page


def test_the_page_says_nothing_internal(day):
    for token in (day.alarm_token, day.bin_token):
        body = re.sub(r"<[^>]+>", "", _text(Client().get(f"/c/{token}")))
        for internal in ("P1", "P2", "everity", "scalat", "collections", "Makegood", "evidence"):
            assert internal not in body, internal


def test_yes_closes_the_case_when_nothing_else_is_promised(day):
    token = links.mint_link(day.lengthy.pk, now=NOW)

    answer = _send(token, "answer", right="yes")

    assert answer.headers["Location"] == f"/c/{token}?thanks=right"
    day.lengthy.refresh_from_db()
    assert day.lengthy.closed_at == NOW
    after = _text(Client().get(answer.headers["Location"]))
    assert "We are glad that it is right." in after


def test_not_yet_opens_a_closed_case_again_and_cannot_be_switched_off(day):
    token = links.mint_link(day.lengthy.pk, now=NOW)
    _send(token, "answer", right="yes")

    assert _send(token, "answer", right="no").status_code == 302

    day.lengthy.refresh_from_db()
    assert day.lengthy.closed_at is None
    assert day.lengthy.promises.still_open().exists()


def test_yes_is_recorded_and_thanked_for_while_something_is_promised(day):
    answer = _send(day.bin_token, "answer", right="yes")

    assert answer.status_code == 302
    day.bin.refresh_from_db()
    assert day.bin.closed_at is None
    assert Contact.objects.get(case=day.bin, channel="web").note == (
        "The customer says that it is right."
    )
    assert "What is still promised below stays promised." in _text(
        Client().get(answer.headers["Location"])
    )


def test_yes_past_the_time_of_the_news_leaves_no_open_promise_on_a_closed_case(day, monkeypatch):
    token = links.mint_link(day.lengthy.pk, now=NOW)
    news = day.lengthy.promises.get()
    late = news.due_at + (news.grace / 2)
    key = _key(token)
    monkeypatch.setattr(StandingClock, "now", classmethod(lambda cls, tz=None: late))  # noqa: ARG005 - its shape

    answer = Client().post(f"/c/{token}/answer", {"form_key": key, "right": "yes"})

    assert answer.status_code == 302
    day.lengthy.refresh_from_db()
    still_open = day.lengthy.promises.still_open().exists()
    assert still_open == (day.lengthy.closed_at is None)


def test_the_same_words_twice_are_recorded_once(day):
    for _ in range(2):
        assert _send(day.bin_token, "write", words="Please hurry.").status_code == 302

    assert Contact.objects.filter(note="Please hurry.").count() == 1


def test_a_wish_for_a_call_is_recorded_with_its_time(day):
    _send(day.bin_token, "call", when="after six")

    note = Contact.objects.get(case=day.bin, channel="web").note
    assert note == "The customer asks for a call. after six"


def test_empty_words_are_asked_for_and_long_ones_are_cut(day):
    assert _send(day.bin_token, "write", words="  ").status_code == 422
    _send(day.bin_token, "write", words="x\x00" + "y" * 5_000)

    assert len(Contact.objects.get(case=day.bin, channel="web").note) == 2_000


def test_a_page_that_was_open_too_long_keeps_the_words(day):
    answer = Client().post(
        f"/c/{day.bin_token}/write", {"form_key": "old", "words": "Do not lose me."}
    )

    assert answer.status_code == 422
    assert "Do not lose me." in _text(answer)


def test_nobody_can_flood_the_owner(day):
    for number in range(WRITES_AN_HOUR):
        _send(day.bin_token, "write", words=f"Number {number}.")

    answer = _send(day.bin_token, "write", words="One more.")

    assert answer.status_code == 422
    assert "We have all that you wrote." in _text(answer)
    assert not Contact.objects.filter(note="One more.").exists()


def test_what_the_customer_wrote_stands_on_the_owners_desk(day):
    _send(day.bin_token, "write", words="Please come before noon.")
    client = Client()
    client.force_login(day.laura)

    assert "Please come before noon." in _text(client.get("/"))


def test_a_date_that_was_only_decided_is_not_said(day):
    token = links.mint_link(day.bill.pk, now=NOW)
    call = open_promise(day.bill, "I'll call")
    promises.decide_revision(
        promise_id=call.pk, due_at=at(16), cause="Staff ill", by=day.laura, now=NOW
    )

    page = _text(Client().get(f"/c/{token}"))

    assert "By 15:00 today" in page
    assert "Staff ill" not in page
    assert "Madrid time" in page
