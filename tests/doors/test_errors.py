"""What went wrong is said in words that help, to staff and to customers each in their own."""

import re

import pytest
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpResponseNotAllowed
from django.test import Client, RequestFactory

from makegood.doors.web import errors
from makegood.doors.web.errors import NoPageMiddleware

pytestmark = pytest.mark.django_db


BROWSER = {"Accept": "text/html,application/xhtml+xml"}


def client() -> Client:
    return Client(raise_request_exception=False)


def test_staff_who_are_lost_can_search():
    lost = client()
    lost.cookies[settings.SESSION_COOKIE_NAME] = "of somebody who has signed in"

    answer = lost.get("/nothing/here")

    assert answer.status_code == 404
    assert 'role="search"' in answer.content.decode()


@pytest.mark.parametrize("path", ["/nothing/here", "/reports/nothing", "/reporting"])
def test_strangers_who_are_lost_are_led_to_what_is_theirs_and_search_nothing(path):
    body = client().get(path).content.decode()

    assert 'role="search"' not in body
    assert 'href="/report"' in body
    assert 'href="/sign-in"' in body


@pytest.mark.parametrize("path", ["/c", "/c/", "/report/"])
def test_a_customer_whose_address_was_cut_off_is_told_so_in_their_words(path):
    body = client().get(path).content.decode()

    assert "What we promised you stays promised." in body


OURS = {"Sec-Fetch-Site": "same-origin"}


def test_words_sent_by_a_link_that_is_over_are_shown_back_and_outlive_asking_for_a_fresh_one():
    words = {"form_key": "old", "words": "The bin <b>still</b> stands here."}

    refused = client().post("/c/over/write", words, headers=OURS)
    asked = client().post("/c/over", {**words, "fresh": "1"}, headers=OURS)

    for answer in (refused, asked):
        assert answer.status_code == 404
        assert "The bin &lt;b&gt;still&lt;/b&gt; stands here." in answer.content.decode()
    assert 'name="fresh"' in refused.content.decode()
    assert "a fresh one goes to the address" in asked.content.decode()


def test_nobody_else_can_have_words_shown_as_if_the_reader_had_written_them():
    forged = client().post(
        "/c/over/write", {"words": "Ring 0900 1."}, headers={"Sec-Fetch-Site": "cross-site"}
    )

    assert "0900" not in forged.content.decode()


def test_words_that_met_a_failure_of_ours_can_be_sent_once_more_as_they_were(rf):
    sent = rf.post("/c/a-link/write", {"form_key": "k1", "words": "Still here."}, headers=OURS)

    body = errors.show_broken(sent).content.decode()

    assert re.search(r"<textarea[^>]*>Still here\.</textarea>", body)
    assert '<input type="hidden" name="form_key" value="k1">' in body
    assert "Send it once more" in body


def test_what_is_too_much_to_be_read_is_refused_without_breaking_the_page(rf, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    sent = rf.post("/c/a-link/write", {"words": "Far too much to be read."}, headers=OURS)

    answer = errors.show_bad_request(sent, SuspiciousOperation())

    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("path", "leads_to"),
    [("/c/a-link/write", "/c/a-link"), ("/cases/M-0000-0001/make", "/cases/M-0000-0001")],
)
def test_the_address_of_an_act_that_is_opened_leads_to_its_page(path, leads_to):
    request = RequestFactory().get(path, headers=BROWSER)
    leads = NoPageMiddleware(lambda _: HttpResponseNotAllowed(["POST"]))

    answer = leads(request)

    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert f'href="{leads_to}"' in answer.content.decode()


def test_programs_that_ask_wrongly_get_no_page():
    leads = NoPageMiddleware(lambda _: HttpResponseNotAllowed(["POST"]))

    assert leads(RequestFactory().get("/hooks/payments")).content == b""


def test_customers_are_told_what_stays_and_are_sent_to_no_desk():
    answer = client().get("/c/a/b/c")

    body = answer.content.decode()
    assert answer.status_code == 404
    assert "What we promised you stays promised." in body
    assert "My word" not in body
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "Content-Security-Policy" in answer.headers


@pytest.mark.parametrize(
    ("path", "words"),
    [("/cases", "That was our mistake"), ("/c/token", "Something went wrong on our side")],
)
def test_what_breaks_says_so_and_asks_the_database_nothing(monkeypatch, path, words):
    def broken(*_, **__):
        raise RuntimeError("secret inside")

    monkeypatch.setattr("makegood.doors.access.Staff", None)
    monkeypatch.setattr("makegood.doors.access._find_key", broken)
    monkeypatch.setattr("makegood.doors.access._ask_to_sign_in", broken)

    answer = client().get(path)

    body = answer.content.decode()
    assert answer.status_code == 500
    assert words in body
    assert "secret inside" not in body


@pytest.mark.parametrize(
    ("path", "words"),
    [("/cases", "We could not read that request"), ("/c/token", "Nothing was changed.")],
)
def test_what_cannot_be_read_says_that_nothing_was_changed(path, words, django_assert_num_queries):
    request = RequestFactory().get(path)

    with django_assert_num_queries(0):
        answer = errors.show_bad_request(request, SuspiciousOperation("x"))

    assert answer.status_code == 400
    assert words in answer.content.decode()


def test_a_page_that_grew_old_says_what_to_do():
    answer = Client(enforce_csrf_checks=True).post("/undo")

    assert answer.status_code == 403
    assert "The page had grown old" in answer.content.decode()
