"""A due time that is not typed is taken from the words, and one that is typed is held against them.

What was read is shown before it counts: beside the words as one types, or as the form comes back.
"""

import re

import pytest
from django.test import Client

from makegood.records.models import Case, Promise
from makegood.rules.promises import Precision
from world import MONDAY, a_case, a_person

pytestmark = pytest.mark.django_db
READ = r'name="read" value="([^"]*)"'


@pytest.fixture(autouse=True)
def _on_monday(time_machine):
    time_machine.move_to(MONDAY, tick=False)


@pytest.fixture
def laura(client) -> Client:
    client.force_login(a_person())
    return client


@pytest.fixture
def case() -> Case:
    return a_case()


def form(words: str, **more: str) -> dict[str, str]:
    due = {"due_on": "", "due_time": "", "from_on": "", "from_time": ""}
    return {"words": words, "kind": "callback", "channel": "phone", **due, **more}


def typed(client: Client, case: Case, words: str, **more: str) -> str:
    answer = client.post(f"/cases/{case.reference}/word", form(words, **more))
    assert answer.status_code == 200
    return answer.content.decode()


def made(case: Case, words: str) -> Promise | None:
    return Promise.objects.filter(case=case, words=words).first()


HALF_AN_HOUR = "I will call you within half an hour."


def test_as_one_types_the_time_in_the_words_is_shown_and_one_key_fills_it_in(laura, case):
    body = typed(laura, case, HALF_AN_HOUR)

    assert re.search(r"As the words say, it is promised\s+<b>by \d\d:\d\d today</b>", body)
    assert 'data-due="due_on=2026-06-01;due_time=' in body
    assert "This may be said." in body


def test_what_was_shown_counts_as_it_is_sent(laura, case):
    [read] = re.findall(READ, typed(laura, case, HALF_AN_HOUR))

    answer = laura.post(f"/cases/{case.reference}/promises", form(HALF_AN_HOUR, read=read))

    assert answer.status_code == 302
    promise = made(case, HALF_AN_HOUR)
    assert promise is not None
    assert promise.precision == Precision.INSTANT
    assert (promise.due_at - MONDAY).total_seconds() == 30 * 60


@pytest.mark.parametrize("more", [{}, {"due_on": "2026-06-01"}])
def test_what_was_not_shown_comes_back_filled_in_and_counts_when_sent_once_more(laura, case, more):
    words = "We will call you between 14:00 and 15:00 today."
    answer = laura.post(f"/cases/{case.reference}/promises", form(words, **more))

    assert answer.status_code == 422
    body = answer.content.decode()
    assert "So the words say: between 14:00 and 15:00 today." in body
    assert made(case, words) is None
    shown = {name: _value(body, name) for name in ("due_on", "due_time", "from_on", "from_time")}
    assert shown == {
        "due_on": "2026-06-01", "due_time": "15:00", "from_on": "2026-06-01", "from_time": "14:00",
    }  # fmt: skip
    laura.post(f"/cases/{case.reference}/promises", form(words, **shown))
    promise = made(case, words)
    assert promise is not None
    assert (promise.due_at.hour, promise.earliest_at and promise.earliest_at.hour) == (14, 13)


def test_what_is_typed_and_what_the_words_say_must_be_the_same(laura, case):
    words = "I will call you by 17:00 today."
    later = {"due_on": "2026-06-01", "due_time": "18:00"}

    body = typed(laura, case, words, **later)
    answer = laura.post(f"/cases/{case.reference}/promises", form(words, **later))

    says = "The words say by 17:00 today, and here stands by 18:00 today. Make them the same."
    assert says in body
    assert "This cannot be said" in body
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert made(case, words) is None


def test_words_that_name_no_time_are_asked_for_one(laura, case):
    answer = laura.post(f"/cases/{case.reference}/promises", form("I will see to it myself."))

    assert answer.status_code == 422
    assert "Say by when: here, or in the words." in answer.content.decode()


def test_a_time_alone_is_todays(laura, case):
    words = "I will see to it myself."
    laura.post(f"/cases/{case.reference}/promises", form(words, due_time="17:00"))

    promise = made(case, words)
    assert promise is not None
    assert promise.due_at == MONDAY.replace(hour=16, minute=0, second=0, microsecond=0)


def _value(body: str, name: str) -> str:
    field = re.search(rf'<input[^>]*name="{name}"[^>]*>', body)
    value = re.search(r'value="([^"]*)"', field[0]) if field else None
    return value[1] if value else ""
