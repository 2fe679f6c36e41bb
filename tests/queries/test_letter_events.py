"""The timeline tells who wrote, and how each letter stands now."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from letter_world import a_case_by_mail, a_letter
from makegood.actions import letter_news, letters
from makegood.language import choice
from makegood.queries.case_timeline import read_events
from makegood.records.models import Letter
from world import MONDAY, a_person

pytestmark = pytest.mark.django_db

UTC = ZoneInfo("UTC")
LATER = MONDAY + timedelta(minutes=5)


def told(case, *, now=LATER) -> str:
    events = read_events(case.pk, now=now, zone=UTC).events
    return " ".join(event.sentence for event in events)


def test_each_letter_stands_as_it_does_now():
    case = a_case_by_mail()
    letter = a_letter(case)
    assert "Laura Bennett wrote to the customer by e-mail. It waits to be sent." in told(case)
    letters.take(now=MONDAY)
    letters.leaving(letter.pk, now=MONDAY)
    assert "It is being sent." in told(case, now=MONDAY)
    assert "Nobody knows whether it left" in told(case)
    letters.send_again(letter.pk, by=a_person(), now=LATER)
    assert "Laura Bennett let the letter be sent again." in told(case)
    letters.leaving(letter.pk, now=LATER)
    letters.left(letter.pk, provider_id="", now=LATER)
    assert "Sent; no receipt has come yet." in told(case)
    letter_news.delivered(letter.pk, at=LATER, now=LATER)
    assert "Delivered." in told(case)
    letter_news.bounced(letter.pk, why="no such person", at=LATER, now=LATER)
    assert "It came back: no such person" in told(case)
    assert "A letter came back" in told(case)


def test_a_german_reader_learns_in_german_why_a_letter_was_stopped():
    case = a_case_by_mail()
    promise = case.promises.get()
    a_letter(case, by=None, tells=promise)
    Letter.objects.filter(promise=promise).update(told_due_at=LATER)
    letters.take(now=MONDAY)

    with choice.speaking("de"):
        said = told(case)

    assert "Er wurde angehalten: Was dieser Brief zusagt, hat sich" in said


def test_letters_given_up_or_stopped_say_why():
    case = a_case_by_mail()
    letter = a_letter(case)
    letters.not_taken(letter.pk, error="550 no such person", final=True, now=MONDAY)
    assert "It could not be sent: 550 no such person" in told(case)
    promise = case.promises.get()
    a_letter(case, by=None, tells=promise)
    Letter.objects.filter(promise=promise).update(told_due_at=LATER)
    letters.take(now=MONDAY)
    assert "Makegood wrote to the customer by e-mail. It was stopped: What this letter" in told(
        case
    )


def test_many_letters_cost_one_question_and_none_cost_none():
    case = a_case_by_mail()
    counts = []
    for letters_more in (0, 1, 9):
        for _ in range(letters_more):
            a_letter(case)
        with CaptureQueriesContext(connection) as asked:
            told(case)
        counts.append(len(asked))
    assert counts[1] == counts[2] <= counts[0] + 2
