"""The desk looks after a customer's page: advice, other times, fresh links, and who it is."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from busy_day import NOW, BusyDay, at, open_promise
from customer_client import read, send, text
from makegood.actions import choices, links
from makegood.actions.choices import OtherTime
from makegood.records.models import Case, Choice, KnownFailure, LinkRequest

pytestmark = pytest.mark.django_db


def page_of(day: BusyDay) -> str:
    return f"/cases/{day.bin.reference}/page"


def an_offer(day: BusyDay) -> Choice:
    visit = open_promise(day.bin, "Collected with")
    time = OtherTime(words="The crew comes on Saturday.", due_at=at(12) + timedelta(days=5))
    return choices.offer_choice(visit.pk, time, by=day.laura, now=NOW)


def test_advice_stands_on_the_customers_page_and_can_be_taken_back(day, laura):
    for words in ("Keep it inside.", ""):
        assert laura.post(f"{page_of(day)}/advice", {"words": words}).status_code == 302
        assert ("Keep it inside." in read(day.bin_token)) == bool(words)


def test_advice_that_is_too_long_comes_back_whole(day, laura):
    long = "x" * 501

    refused = laura.post(f"{page_of(day)}/advice", {"words": long})

    assert refused.status_code == 422
    assert long in refused.content.decode()


def test_another_time_is_offered_and_withdrawn(day, laura):
    visit = open_promise(day.bin, "Collected with")
    assert "Offer this time" in text(laura.get(f"{page_of(day)}?offer={visit.pk}"))
    fields = {"words": "We come on Saturday.", "due_on": "2026-06-06", "due_time": "12:00"}

    assert laura.post(f"/promises/{visit.pk}/choices", fields).status_code == 302
    again = laura.post(f"/promises/{visit.pk}/choices", fields)

    assert again.status_code == 409
    assert "This time is offered already." in text(again)
    assert "We come on Saturday." in read(day.bin_token)
    choice = Choice.objects.get()
    assert laura.post(f"/choices/{choice.pk}/withdraw").status_code == 302
    assert "We come on Saturday." not in read(day.bin_token)
    assert laura.post(f"/choices/{choice.pk}/withdraw").status_code == 409


def test_a_form_that_is_not_complete_comes_back_with_what_was_typed(day, laura):
    visit = open_promise(day.bin, "Collected with")

    refused = laura.post(f"/promises/{visit.pk}/choices", {"words": "Some day.", "due_on": ""})

    assert refused.status_code == 422
    assert "Some day." in refused.content.decode()
    assert not Choice.objects.exists()


@pytest.mark.parametrize("offer", ["0", "x", "999999", "1" * 30, "1" * 5_000, "²"])
def test_an_address_that_names_no_promise_of_this_case_opens_no_form(day, laura, offer):
    other = open_promise(day.covered, "The right part")
    for given in (offer, str(other.pk)):
        page = laura.get(f"{page_of(day)}?offer={given}")
        assert page.status_code == 200
        assert "Offer this time" not in text(page)


def test_what_they_sent_stands_there_with_the_number_to_call(day, laura):
    send(day.bin_token, "call", opens=int(at(15).timestamp()), phone="+44 20 7946 0100")
    send(day.bin_token, "write", words="Mind the dog.")

    page = text(laura.get(page_of(day)))

    assert "Asked for a call" in page
    assert "+442079460100 given on the page, not on record" in page
    assert "Mind the dog." in page


def test_a_fresh_link_that_was_asked_for_is_sent_once(day, laura):
    old = links.mint_link(day.bin.pk, now=NOW - timedelta(days=91))
    links.ask_for_fresh_link(old, now=NOW)
    assert "asked for a fresh one" in text(laura.get(page_of(day)))

    assert laura.post(f"{page_of(day)}/link-sent").status_code == 302

    assert LinkRequest.objects.get().answered_by == day.laura
    assert laura.post(f"{page_of(day)}/link-sent").status_code == 409


def test_a_link_in_place_of_the_others_ends_them(day, laura):
    answer = laura.post(f"/cases/{day.bin.reference}/links", {"renew": "1"})

    fresh = re.findall(r'value="[^"]+(/c/[^"]+)"', answer.content.decode())[0]
    assert "no-store" in answer.headers["Cache-Control"]
    assert Client().get(fresh).status_code == 200
    assert Client().get(f"/c/{day.bin_token}").status_code == 404


def test_a_stranger_is_recognised_and_their_district_told_or_not(day, laura):
    failure = KnownFailure.objects.create(what="function:hygiene", area="EX4")
    Case.objects.filter(pk=day.bin.pk).update(known_failure=failure)
    type(day.bin.customer).objects.filter(pk=day.bin.customer_id).update(is_verified=False)
    assert "Nobody has made sure yet who it is." in text(laura.get(page_of(day)))

    laura.post(f"{page_of(day)}/recognise")
    laura.post(f"{page_of(day)}/public", {"public": "yes"})

    page = text(laura.get(page_of(day)))
    assert "Nobody has made sure yet" not in page
    assert "1 open case of this service in EX4. Who reports it there is told so" in page
    laura.post(f"{page_of(day)}/public", {"public": "no"})
    assert "is not told of the others" in text(laura.get(page_of(day)))


def test_a_case_that_stands_alone_cannot_be_told_of(day, laura):
    refused = laura.post(f"{page_of(day)}/public", {"public": "yes"})

    assert refused.status_code == 409
    assert "no failure of a whole district" in text(refused)


def test_the_page_asks_the_database_no_more_when_there_is_more(day, laura):
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            laura.get(page_of(day))
        return len(captured)

    before = count()
    an_offer(day)
    for number in range(5):
        send(day.bin_token, "write", words=f"Number {number}.")

    assert count() == before


def test_each_of_these_acts_is_told_in_the_history(day, laura):
    an_offer(day)
    laura.post(f"{page_of(day)}/advice", {"words": "Keep it inside."})

    history = text(laura.get(f"/cases/{day.bin.reference}"))

    assert "Laura Bennett offered the customer another time." in history
    assert "Laura Bennett said what to do until it is right." in history
