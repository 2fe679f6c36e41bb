"""The language of a page: one's own, the customer's, the browser's, or the company's."""

import re

import pytest
from django.test import Client

from customer_client import key, read, send
from makegood.records.models import Customer

pytestmark = pytest.mark.django_db
GERMAN = {"accept-language": "de-AT,de;q=0.9,en;q=0.5"}
ENGLISH = {"accept-language": "en-US"}


def _spoken(page) -> str:
    """The language that a page says it is in; the header says the same."""
    marked = re.findall(r'<html lang="([^"]+)"', page.content.decode())[0]
    assert page.headers["Content-Language"] == marked
    return marked


@pytest.mark.parametrize(
    ("headers", "language"),
    [(GERMAN, "de"), (ENGLISH, "en-gb"), ({"accept-language": "fr"}, "en-gb")],
)
def test_a_stranger_is_answered_in_the_language_of_the_browser(headers, language):
    page = Client().get("/sign-in", headers=headers)

    assert _spoken(page) == language
    assert "Accept-Language" in page.headers["Vary"]


def test_where_the_browser_asks_for_nothing_we_know_it_is_the_companys(settings):
    settings.LANGUAGE_CODE = "de"

    assert _spoken(Client().get("/sign-in", headers={"accept-language": "fr"})) == "de"
    assert _spoken(Client().get("/sign-in", headers=ENGLISH)) == "en-gb"


def test_a_customer_is_spoken_to_in_their_own_language(day):
    Customer.objects.filter(pk=day.bin.customer_id).update(language="de")

    page = Client().get(f"/c/{day.bin_token}", headers=ENGLISH)

    assert _spoken(page) == "de"
    assert "Das war unser Fehler. Es tut uns leid." in read(day.bin_token)


def test_a_customer_of_unknown_language_is_asked_by_their_browser(day):
    assert _spoken(Client().get(f"/c/{day.bin_token}", headers=GERMAN)) == "de"


def test_a_customer_can_read_in_another_language_and_nothing_changes(day):
    page = Client().get(f"/c/{day.bin_token}?language=de")

    assert _spoken(page) == "de"
    assert Customer.objects.get(pk=day.bin.customer_id).language == ""
    assert _spoken(Client().get(f"/c/{day.bin_token}")) == "en-gb"


def test_the_other_language_stays_while_the_customer_writes(day):
    page = Client().get(f"/c/{day.bin_token}?language=de").content.decode()
    forms = re.findall(r'<form[^>]*action="([^"]+)"', page)
    sent = Client().post(
        f"/c/{day.bin_token}/write?language=de", {"form_key": key(day.bin_token), "words": "Danke!"}
    )

    assert forms
    assert all(action.endswith("?language=de") for action in forms)
    assert sent.url == f"/c/{day.bin_token}?language=de&thanks=words"


def test_words_that_were_said_in_another_language_are_marked_as_such(day):
    Customer.objects.filter(pk=day.bin.customer_id).update(language="en-gb")

    german = Client().get(f"/c/{day.bin_token}?language=de").content.decode()
    english = Client().get(f"/c/{day.bin_token}").content.decode()

    assert '<q lang="en-gb">' in german
    assert "<q lang" not in english


def test_a_language_that_we_do_not_speak_is_not_spoken(day):
    page = Client().get(f"/c/{day.bin_token}?language=tlh")

    assert _spoken(page) == "en-gb"
    assert "tlh" not in page.content.decode()


def test_a_dead_link_is_explained_in_the_language_of_the_browser():
    page = Client().get("/c/nothing", headers=GERMAN)

    assert (page.status_code, _spoken(page)) == (404, "de")


def test_an_answer_is_promised_to_a_customer_in_their_language(day):
    Customer.objects.filter(pk=day.bin.customer_id).update(language="de")

    send(day.bin_token, "write", words="Wann kommen Sie?")

    news = day.bin.promises.filter(replies__isnull=False).latest("pk")
    assert news.words.startswith("Laura Bennett antwortet Ihnen bis ")
    assert news.words.endswith(" auf Ihre Nachricht.")
