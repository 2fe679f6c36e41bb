"""What Makegood promises by itself is said in the customer's language, and stays as it was said."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection

from clock import SimulatedClock
from makegood.language import choice
from makegood.records.models import Promise, PromiseKind
from world import MONDAY, a_case, a_customer, a_person

pytestmark = pytest.mark.django_db


def test_a_case_opens_with_a_word_in_the_customers_language():
    case = a_case(customer=a_customer(language="de"))

    news = Promise.objects.get(case=case)
    assert news.words.startswith("Sie hören bis ")
    assert " Uhr von Laura Bennett, wie es weitergeht." in news.words


def test_after_a_break_the_clock_promises_in_each_customers_language(settings):
    owner = a_person()
    cases = [
        a_case(customer=a_customer(name=name, language=language), owner=owner)
        for name, language in (("Ann Clarke", "en-gb"), ("Jonas Weber", "de"), ("Zoe Hart", ""))
    ]
    settings.LANGUAGE_CODE = "de"

    SimulatedClock(now=MONDAY).wait(days=4)

    words = [
        Promise.objects.filter(case=case, kind=PromiseKind.NEWS).order_by("pk")[1].words
        for case in cases
    ]
    assert "with a new date" in words[0]
    assert "mit einem neuen Termin" in words[1]
    assert "mit einem neuen Termin" in words[2]


def test_the_reader_of_a_page_does_not_change_what_a_customer_is_told():
    with choice.speaking("de"):
        case = a_case(customer=a_customer(language="en-gb"), now=MONDAY + timedelta(hours=1))

    assert Promise.objects.get(case=case).words.startswith("You will hear from")


@pytest.mark.parametrize("language", ["DE", "de_DE", "german", "d", "de-"])
def test_a_customers_language_is_a_code(language):
    customer = a_customer()

    with (
        pytest.raises(IntegrityError, match="customer_language_is_a_code"),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "UPDATE records_customer SET language = %s WHERE id = %s", [language, customer.pk]
        )
