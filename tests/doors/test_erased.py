"""Whoever was erased is named by one word, wherever they would have been named."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from api_world import a_token
from asking import a_call, a_case_put_right
from full_day import FullDay, Shown, a_full_day, the_addresses
from makegood.actions import cases, erasing
from makegood.queries.case_file import get_case_file
from makegood.records import personal
from makegood.records.models import Customer
from makegood.records.models.erasure import ErasedBecause
from makegood.rules import case_file
from makegood.rules.scopes import Scope
from standing_clock import StandingClock
from world import MONDAY

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
OF_OPEN_CASES = {"brief", "page", "person_leave"}
"""They show open cases alone, and nobody who has one can be erased."""
READ = ("cases", "cases/{reference}", "cases/{reference}/timeline", "promises", "customers/{uuid}")


@pytest.fixture
def full_day(monkeypatch) -> FullDay:
    """The full day, emptied as erasing does: though cases are open, so that each page has them."""
    monkeypatch.setattr("makegood.doors.moment.datetime", StandingClock)
    day = a_full_day()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # no guard asks about it
        for customer in Customer.objects.all():
            for one in personal.OF_A_PERSON:
                erasing._empty(one, customer)
        cursor.execute("SET LOCAL session_replication_role = origin")
    return day


def said(answer) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode("utf-8", "replace")


def shown_anywhere(full_day: FullDay) -> Iterator[tuple[str, str, str]]:
    for address in the_addresses():
        shown, place, client = full_day.look(address)
        if shown in {Shown.FACE, Shown.PART}:
            yield address.name, place, said(client.get(place))


def test_no_page_and_no_file_shows_a_dash_where_words_were_erased(full_day):
    dashes = {
        (name, place): [line.strip() for line in text.splitlines() if personal.GONE in line]
        for name, place, text in shown_anywhere(full_day)
        if personal.GONE in text.replace('value="—"', "")  # a box to write in keeps what is there
        and name not in OF_OPEN_CASES
    }
    assert dashes == {}


def test_other_systems_are_told_the_one_word(monkeypatch):
    monkeypatch.setattr("makegood.doors.moment.datetime", StandingClock)
    case = a_case_put_right()
    answer = a_call(case, "All is right.", now=MONDAY + HOUR)
    cases.close_case(case_id=case.pk, answer=answer, now=MONDAY + HOUR)
    erasing.erase(case.customer_id, because=ErasedBecause.ASKED, now=MONDAY + HOUR)
    client = Client(headers={"Authorization": f"Bearer {a_token(Scope.ADMIN)}"})

    for place in READ:
        filled = place.format(reference=case.reference, uuid=case.customer.uuid)
        answer = client.get(f"/api/v1/{filled}")
        assert answer.status_code == 200, place
        assert personal.GONE not in json.dumps(answer.json(), ensure_ascii=False), place

    assert client.get(f"/api/v1/cases/{case.reference}").json()["title"] == personal.SAID


def test_the_file_of_a_case_says_the_one_word_and_still_proves_itself():
    case = a_case_put_right()
    answer = a_call(case, "All is right.", now=MONDAY + HOUR)
    cases.close_case(case_id=case.pk, answer=answer, now=MONDAY + HOUR)
    erasing.erase(case.customer_id, because=ErasedBecause.ASKED, now=MONDAY + HOUR)

    document = get_case_file(case.pk, now=MONDAY + HOUR)

    assert document["case"]["what_was_wrong"] == personal.SAID
    assert personal.GONE not in case_file.text(document)
    assert case_file.faults(document) == []
