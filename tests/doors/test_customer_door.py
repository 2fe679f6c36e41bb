"""The customer's page at its door: read, answered, written to; never more than its own case."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from busy_day import NOW, BusyDay, at, many_promises, open_promise
from customer_client import key, read, send, text
from makegood.actions import advice, choices, links, promises, staff
from makegood.actions.choices import OtherTime
from makegood.actions.replies import PER_HOUR
from makegood.doors.web.customer.typed import WORDS_MAX
from makegood.records.models import Choice, Contact, Reply, Staff
from makegood.rules.promises import Outcome
from standing_clock import StandingClock

pytestmark = pytest.mark.django_db
TOMORROW = timedelta(days=1)


def _visit(day: BusyDay):
    return open_promise(day.bin, "Collected with")


def _offer(day: BusyDay) -> Choice:
    time = OtherTime(words="The crew comes on Saturday.", due_at=at(12) + 5 * TOMORROW)
    return choices.offer_choice(_visit(day).pk, time, by=day.laura, now=NOW)


def test_the_page_is_small_and_has_no_script_of_its_own(day):
    many_promises(day.bin, 12)
    page = Client().get(f"/c/{day.bin_token}").content

    assert len(page) < 30_000
    assert re.findall(rb"<script[^>]*>[^<]*", page) == [b'<script src="/static/typed.js" defer>']
    assert b"style=" not in page


def test_the_page_comes_in_one_request_apart_from_its_style_icon_and_what_keeps_words(day):
    page = Client().get(f"/c/{day.bin_token}").content.decode()

    fetched = re.findall(r'<(?:link|img|script|iframe|source)[^>]+(?:href|src)="([^"]+)"', page)
    assert fetched == ["/static/makegood.svg", "/static/customer.css", "/static/typed.js"]


def test_the_page_says_nothing_internal(day):
    for token in (day.alarm_token, day.bin_token):
        body = read(token)
        for internal in ("P1", "P2", "everity", "scalat", "collections", "Makegood", "evidence"):
            assert internal not in body, internal


def test_whose_mistake_it_was_is_said_without_qualification(day):
    assert "That was our mistake. We are sorry." in read(day.bin_token)


def test_the_page_asks_the_database_no_more_when_there_is_more_to_say(day):
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            Client().get(f"/c/{day.bin_token}")
        return len(captured)

    _offer(day)
    before = count()
    many_promises(day.bin, 10)

    assert count() == before <= 10


def test_yes_closes_the_case_when_nothing_else_is_promised(day):
    token = links.mint_link(day.lengthy.pk, now=NOW)

    answer = send(token, "answer", right="yes")

    assert answer.headers["Location"] == f"/c/{token}?thanks=right"
    day.lengthy.refresh_from_db()
    assert day.lengthy.closed_at == NOW
    after = text(Client().get(answer.headers["Location"]))
    assert "We are glad that it is right." in after
    assert "Not right after all?" in after
    assert "Call me" not in after


def test_not_right_opens_a_closed_case_again_with_what_is_wanted(day):
    token = links.mint_link(day.lengthy.pk, now=NOW)
    send(token, "answer", right="yes")

    answer = send(token, "answer", right="no", want="A dishwasher that is mine.")

    day.lengthy.refresh_from_db()
    assert day.lengthy.closed_at is None
    assert day.lengthy.owner == day.laura
    assert day.lengthy.wanted == "A dishwasher that is mine."
    after = text(Client().get(answer.headers["Location"]))
    assert "Laura Bennett has your words and answers by" in after


def test_yes_is_recorded_and_thanked_for_while_something_is_promised(day):
    answer = send(day.bin_token, "answer", right="yes")

    day.bin.refresh_from_db()
    assert day.bin.closed_at is None
    assert Contact.objects.get(case=day.bin, channel="web").note == (
        "The customer says that it is right."
    )
    assert "What is still promised below stays promised." in text(
        Client().get(answer.headers["Location"])
    )


def test_who_has_said_that_it_is_right_is_not_asked_again_while_something_is_promised(day):
    question = "Yes, it is right"
    assert question in read(day.bin_token)

    send(day.bin_token, "answer", right="yes")
    after = read(day.bin_token)
    send(day.bin_token, "answer", right="no", want="Now it is not.")

    assert question not in after
    assert "You told us that it is right" in after
    assert "What is still promised above stays promised" in after
    assert question in read(day.bin_token)


def test_yes_past_the_time_of_the_news_leaves_no_open_promise_on_a_closed_case(day, monkeypatch):
    token = links.mint_link(day.lengthy.pk, now=NOW)
    news = day.lengthy.promises.get()
    late = news.due_at + (news.grace / 2)
    form_key = key(token)
    monkeypatch.setattr(StandingClock, "now", classmethod(lambda cls, tz=None: late))  # noqa: ARG005 - its shape

    answer = Client().post(f"/c/{token}/answer", {"form_key": form_key, "right": "yes"})

    assert answer.status_code == 302
    day.lengthy.refresh_from_db()
    still_open = day.lengthy.promises.still_open().exists()
    assert still_open == (day.lengthy.closed_at is None)


def test_it_is_asked_whether_it_is_right_once_it_was_put_right(day):
    token = links.mint_link(day.bill.pk, now=NOW)
    assert "Is it right now, or do you want something more?" not in read(token)
    call = open_promise(day.bill, "I'll call")
    promises.keep_promise(promise_id=call.pk, at=NOW, evidence="Rang her.", by=day.laura, now=NOW)

    assert "Is it right now, or do you want something more?" in read(token)


def test_the_same_form_sent_twice_is_recorded_once(day):
    form_key = key(day.bin_token)
    for _ in range(2):
        sent = {"form_key": form_key, "words": "Please hurry."}
        assert Client().post(f"/c/{day.bin_token}/write", sent).status_code == 302

    assert Contact.objects.filter(note="Please hurry.").count() == 1


def test_words_are_promised_an_answer(day):
    answer = send(day.bin_token, "write", words="Please hurry.")

    after = text(Client().get(answer.headers["Location"]))
    assert "Laura Bennett has your words and answers by" in after
    assert "You wrote. Please hurry." in after


def test_words_that_are_too_long_or_missing_are_refused_in_a_sentence_and_kept(day):
    long = "y" * (WORDS_MAX + 1)

    missing = send(day.bin_token, "write", words=" \x00 ")
    too_long = send(day.bin_token, "write", words=long)

    assert missing.status_code == too_long.status_code == 422
    assert "Please write a few words first." in text(missing)
    assert "That is 4001 characters, and we can take 4000 at a time." in text(too_long)
    assert long in too_long.content.decode()
    assert not Reply.objects.exists()


def test_a_page_that_was_open_too_long_keeps_the_words(day):
    answer = Client().post(
        f"/c/{day.bin_token}/write", {"form_key": "old", "words": "Do not lose me."}
    )

    assert answer.status_code == 409
    assert "Do not lose me." in answer.content.decode()


def test_nobody_can_flood_the_owner(day):
    for number in range(PER_HOUR):
        send(day.bin_token, "write", words=f"Number {number}.")

    answer = send(day.bin_token, "write", words="One more.")

    assert answer.status_code == 409
    assert "We have all that you sent." in text(answer)
    assert "One more." in answer.content.decode()
    assert not Contact.objects.filter(note="One more.").exists()


def test_what_the_customer_wrote_stands_on_the_owners_desk(day):
    send(day.bin_token, "write", words="Please come before noon.")
    client = Client()
    client.force_login(day.laura)

    assert "Please come before noon." in text(client.get("/"))


def test_a_call_is_chosen_among_the_hours_of_the_office_in_the_customers_time(day):
    token = links.mint_link(day.bill.pk, now=NOW)
    page = Client().get(f"/c/{token}").content.decode()
    offered = re.findall(r'<option value="(\d+)"[^>]*>([^<]+)<', page)
    assert offered[0][1] == "15:00 to 16:00, today"  # 14:00 in London is 15:00 in Madrid

    answer = send(token, "call", opens=offered[0][0])

    after = text(Client().get(answer.headers["Location"]))
    assert (
        "You have our word for a call between 15:00 and 16:00 today, on the number ••• 789" in after
    )
    assert "900789" not in after
    call = open_promise(day.bill, "Laura Bennett calls you")
    assert (call.earliest_at, call.due_at) == (at(14), at(15))


def test_a_number_that_cannot_be_dialled_is_refused_and_kept(day):
    opens = int(at(14).timestamp())

    answer = send(day.bin_token, "call", opens=opens, phone="ring me")

    assert answer.status_code == 422
    assert "Please give a number that we can dial" in text(answer)
    assert 'value="ring me"' in answer.content.decode()


@pytest.mark.parametrize("opens", ["", "x", "0", "1" * 30, "-5", "99999999999", "١٢"])
def test_a_time_that_was_never_offered_is_refused(day, opens):
    answer = send(day.bin_token, "call", opens=opens)

    assert answer.status_code == 409
    assert "Please choose one of these times." in text(answer)


def test_a_call_that_is_no_longer_needed_is_released(day):
    send(day.bin_token, "call", opens=int(at(15).timestamp()))
    call = open_promise(day.bin, "Laura Bennett calls you")

    assert send(day.bin_token, "no-call", call=call.pk).status_code == 302

    call.refresh_from_db()
    assert call.outcome == Outcome.RELEASED


def test_another_time_that_is_offered_can_be_chosen_and_else_nothing_changes(day):
    choice = _offer(day)
    assert "If you choose nothing, it stays as it is." in read(day.bin_token)
    assert "The crew comes on Saturday." in read(day.bin_token)

    answer = send(day.bin_token, "choice", choice=choice.pk)

    after = text(Client().get(answer.headers["Location"]))
    assert "Thank you for choosing." in after
    assert open_promise(day.bin, "The crew comes on Saturday.").due_at == choice.due_at


def test_where_nothing_can_be_chosen_yet_that_is_said_and_a_wish_is_answered(day):
    assert "No other time can be chosen here yet." in read(day.bin_token)

    answer = send(day.bin_token, "wish", step=_visit(day).pk, wish="Saturday, please")

    assert answer.status_code == 302
    assert Reply.objects.get().about == _visit(day)
    assert _visit(day).outcome is None
    empty = send(day.bin_token, "wish", step=_visit(day).pk, wish=" ")
    assert empty.status_code == 422


def test_advice_stands_until_it_is_right(day):
    advice.advise(day.bin.pk, "Keep the bin inside.", by=day.laura, now=NOW)

    page = read(day.bin_token)

    assert "Until then Keep the bin inside." in page


def test_a_quiet_evening_is_said(day):
    token = links.mint_link(day.covered.pk, now=NOW)
    news = day.covered.promises.still_open().filter(kind="news")
    for record in news:
        promises.keep_promise(promise_id=record.pk, at=NOW, evidence="Told.", by=day.laura, now=NOW)

    assert "Nothing more is promised for today." in read(token)


def test_an_owner_who_is_away_is_covered_by_name(day):
    token = links.mint_link(day.covered.pk, now=NOW)

    page = read(token)

    assert "Tom is away until" in page
    assert "Laura Bennett looks after it until then." in page


def test_away_without_cover_is_said_without_inventing_one(day):
    staff.be_absent(day.laura, starts_at=at(9), ends_at=at(17) + TOMORROW)
    Staff.objects.filter(name="Tom Reed").update(cover=None)

    page = read(day.bin_token)

    assert "Laura is away until" in page
    assert "looks after it until then" not in page


def test_a_date_that_was_only_decided_is_not_said(day):
    token = links.mint_link(day.bill.pk, now=NOW)
    call = open_promise(day.bill, "I'll call")
    promises.decide_revision(
        promise_id=call.pk, due_at=at(16), cause="Staff ill", by=day.laura, now=NOW
    )

    page = read(token)

    assert "By 15:00 today" in page
    assert "Staff ill" not in page
    assert "Madrid time" in page
