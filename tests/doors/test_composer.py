"""The gate beside the words: what is not true as one types, what would be, and one key for it."""

import pytest
from django.test import Client

from busy_day import NOW, a_busy_day
from makegood.records.models import GatePass, Promise
from makegood.rules.promises import Speaker
from standing_clock import StandingClock

pytestmark = pytest.mark.django_db


@pytest.fixture
def day(monkeypatch):
    monkeypatch.setattr("makegood.doors.moment.datetime", StandingClock)
    return a_busy_day()


def weigh(client: Client, case, words: str, **more) -> str:
    answer = client.post(f"/cases/{case.reference}/word", {"words": words, **more})
    assert answer.status_code == 200
    return answer.content.decode()


def test_what_is_not_true_is_shown_with_what_would_be(day, laura):
    body = weigh(laura, day.alarm, "Your engineer is on the way.")
    assert "This cannot be said" in body
    assert "Nothing on record says that it stands so." in body
    assert 'data-instead="' in body
    assert 'data-number="1"' in body


def test_what_is_true_may_be_said_and_nothing_is_written(day, laura):
    before = (Promise.objects.count(), GatePass.objects.count())
    assert "This may be said." in weigh(laura, day.alarm, "We are sorry. We sent the wrong part.")
    assert (Promise.objects.count(), GatePass.objects.count()) == before


def test_no_words_get_no_remarks(day, laura):
    assert weigh(laura, day.alarm, "  \n") == ""


def test_a_new_promise_is_a_card_and_one_press_puts_it_on_record(day, laura):
    words = "I am sorry. Our engineer will visit you tomorrow by 17:00."
    body = weigh(laura, day.bill, words, channel="phone")
    assert "You promise something <b>by 17:00 tomorrow</b>" in body

    place = words.index("Our engineer")
    answer = laura.post(
        f"/cases/{day.bill.reference}/word/promise",
        {"words": words, "channel": "phone", "place": str(place)},
    )

    assert "This may be said." in answer.content.decode()
    made = Promise.objects.latest("pk")
    assert (made.words, made.speaker) == (words[place:-1], Speaker.PERSON.value)
    assert made.said_by_id == day.laura.pk
    again = laura.post(
        f"/cases/{day.bill.reference}/word/promise",
        {"words": words, "channel": "phone", "place": str(place)},
    )
    assert "promise nothing any more" in again.content.decode()
    assert Promise.objects.latest("pk") == made


@pytest.mark.parametrize("place", ["", "x", "-1", "99999999999", "7"])
def test_a_place_without_a_promise_puts_nothing_on_record(day, laura, place):
    before = Promise.objects.count()
    laura.post(
        f"/cases/{day.bill.reference}/word/promise",
        {"words": "We come on Friday by 17:00.", "place": place},
    )
    assert Promise.objects.count() == before


def test_the_words_of_a_promise_are_held_against_its_own_time(day, laura):
    due = {"due_on": f"{NOW:%Y-%m-%d}", "due_time": "23:00", "kind": "callback", "channel": "phone"}
    assert "This may be said." in weigh(laura, day.bill, "I will call you by 23:00.", **due)
    assert "This cannot be said" in weigh(laura, day.bill, "I will call you by 22:00.", **due)


def test_a_form_with_a_false_word_comes_back_with_what_would_be_true(day, laura):
    answer = laura.post(
        f"/cases/{day.bill.reference}/promises",
        {
            "words": "I will call you by 22:00.",
            "due_on": f"{NOW:%Y-%m-%d}", "due_time": "23:00", "kind": "callback",
            "channel": "phone",
        },
    )  # fmt: skip
    assert answer.status_code == 422
    body = answer.content.decode()
    assert "The words say by 22:00 today, and here stands by 23:00 today." in body
    assert "I will call you by 22:00." in body


@pytest.mark.parametrize("words", ["\U0001f600" * 50 + " It has been fixed.", "x" * 30_000, "\0"])
def test_strange_words_are_answered(day, laura, words):
    weigh(laura, day.alarm, words)


def test_what_somebody_types_is_shown_as_text(day, laura):
    body = weigh(laura, day.alarm, "<script>alert(1)</script> is on the way.")
    assert "<script>" not in body
