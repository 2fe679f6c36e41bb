"""The question by letter: sent to whoever has an address; it counts when it is there."""

from datetime import timedelta

import pytest

from asking import HOUR, a_call, a_case_put_right, the_question
from asking import ask as ask_by_phone
from letter_world import ADDRESS, quiet
from makegood.actions import letter_news
from makegood.clockwork import letters_out, ticks
from makegood.queries import verify
from makegood.records.models import Asking, Case, Letter, Promise
from world import MONDAY, a_customer

pytestmark = pytest.mark.django_db

NOON = MONDAY + 3 * HOUR


def put_right(**more) -> Case:
    return a_case_put_right(customer=a_customer(**{"email": ADDRESS} | more))


def the_letter() -> Letter:
    return Letter.objects.exclude(duty=None).latest("pk")


def arrives(letter: Letter, *, now) -> None:
    letters_out.send_waiting(quiet(), now=now)
    letter_news.delivered(letter.pk, at=now, now=now)


def test_it_leaves_by_itself_once_and_quotes_nothing_that_was_reported(mailoutbox):
    case = put_right()

    for _ in range(2):
        ticks.tick(now=NOON)
        letters_out.send_waiting(quiet(), now=NOON)

    [mail] = mailoutbox
    assert mail.to == [ADDRESS]
    assert "Is it right now, or do you want something more?" in mail.body
    assert "/c/" in mail.body
    assert case.title not in mail.body
    assert the_question(case).said_at is None


def test_it_counts_when_it_is_there_and_promises_what_follows():
    case = put_right()
    ticks.tick(now=NOON)

    arrives(the_letter(), now=NOON)

    asking = Asking.objects.get(case=case)
    message = asking.message
    assert (asking.asked_at, message.said_by, message.channel) == (NOON, None, "email")
    assert asking.act_at > NOON
    assert "asks once more by" in Promise.objects.get(asking=asking).words
    assert verify.run() == []


def test_the_second_question_goes_by_letter_too_and_silence_after_it_closes():
    case = put_right()
    now = NOON
    ticks.tick(now=now)
    arrives(the_letter(), now=now)
    for _ in range(20):
        now += timedelta(days=1)
        ticks.tick(now=now)
        letters_out.send_waiting(quiet(), now=now)
        for letter in Letter.objects.filter(delivered_at=None).exclude(duty=None):
            letter_news.delivered(letter.pk, at=now, now=now)

    case.refresh_from_db()
    assert [asking.number for asking in Asking.objects.filter(case=case).order_by("pk")] == [1, 2]
    assert "we take it that all is well" in the_letter().words
    assert case.closed_by_asking is not None
    assert verify.run() == []


def test_whoever_has_spoken_meanwhile_gets_no_letter(mailoutbox):
    case = put_right()
    ticks.tick(now=NOON)
    a_call(case, "All is well, thank you.", now=NOON)

    letters_out.send_waiting(quiet(), now=NOON)

    assert mailoutbox == []
    assert the_letter().held_at == NOON


def test_whoever_was_asked_by_phone_meanwhile_is_not_asked_by_letter_too(mailoutbox):
    case = put_right()
    ticks.tick(now=NOON)
    ask_by_phone(case, now=NOON)

    letters_out.send_waiting(quiet(), now=NOON)

    assert mailoutbox == []


def test_who_has_no_address_is_asked_by_people():
    case = put_right(email="")

    ticks.tick(now=NOON)

    assert not Letter.objects.exists()
    assert the_question(case).said_at is None


def test_it_is_asked_in_the_customers_language():
    put_right(language="de")

    ticks.tick(now=NOON)

    assert "Ist es jetzt in Ordnung" in the_letter().words
