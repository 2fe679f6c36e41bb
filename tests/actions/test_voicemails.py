"""A voicemail is a call that we owe: taken once, with an owner and an hour."""

from datetime import timedelta

import pytest

from asking import a_case_put_right, ask
from makegood.actions import voicemails
from makegood.actions.callbacks import NumberMissingError
from makegood.actions.voicemails import Voicemail
from makegood.clockwork.ticks import tick
from makegood.queries import verify
from makegood.records.models import Case, Contact, Customer, Promise
from makegood.rules.phones import PhoneError
from makegood.rules.promises import NotYetHappenedError
from world import MONDAY, a_case, a_customer, a_person

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
NUMBER = "+44 20 7946 0100"


def left(**more) -> Voicemail:
    plain = {"phone": NUMBER, "at": MONDAY, "external_id": "1:7", "words": "Please call me."}
    return Voicemail(**plain | more)


def test_it_joins_the_open_case_of_whose_number_it_is_and_a_call_is_promised_within_an_hour():
    case = a_case(customer=a_customer(phone="+442079460100"))

    heard = voicemails.take(left(), now=MONDAY)

    assert heard.case == case
    call = heard.promise
    assert call is not None
    assert call.kind == "callback"
    assert call.earliest_at is not None
    assert call.due_at - call.earliest_at <= HOUR
    assert call.words.startswith("Laura Bennett calls you between")
    assert Contact.objects.get(case=case, direction="inbound").note == "Please call me."
    assert verify.run() == []


@pytest.mark.parametrize(
    ("kept", "calling", "is_theirs"),
    [
        ("+44 7700 900123", "07700 900123", True),
        ("07700 900123", "+447700900123", True),
        ("07700 900123", "0044 7700 900123", True),
        ("+44 7700 900123", "+1 7700 900123", False),
        ("+44 7700 900123", "900123", False),
        ("900123", "900123", True),
    ],
)
def test_a_number_with_and_without_its_country_is_the_same(kept, calling, is_theirs):
    case = a_case(customer=a_customer(phone=kept))

    heard = voicemails.take(left(phone=calling), now=MONDAY)

    assert (heard.case == case) is is_theirs


def test_who_was_asked_whether_it_is_right_and_speaks_to_the_machine_is_asked_no_longer():
    case = a_case_put_right(customer=a_customer(phone="+442079460100"))
    asking = ask(case, now=MONDAY + 2 * HOUR)
    at = MONDAY + 3 * HOUR

    voicemails.take(left(at=at, words="It is not right."), now=at)

    asking.refresh_from_db()
    assert (asking.ended_by, asking.promise.outcome) == ("heard", "released")
    assert verify.run() == []


def test_the_same_voicemail_twice_is_one_task():
    a_case(customer=a_customer(phone=NUMBER))

    first = voicemails.take(left(), now=MONDAY)
    again = voicemails.take(left(), now=MONDAY + HOUR)

    assert first.promise == again.promise
    assert Promise.objects.filter(kind="callback").count() == 1
    assert Contact.objects.count() == 1


def test_a_second_voicemail_does_not_promise_a_second_call_while_one_is_owed():
    a_case(customer=a_customer(phone=NUMBER))

    voicemails.take(left(), now=MONDAY)
    voicemails.take(left(external_id="1:8"), now=MONDAY)

    assert Promise.objects.filter(kind="callback").count() == 1
    assert Contact.objects.count() == 2


@pytest.mark.parametrize("known", [0, 2], ids=["nobody's number", "two people's number"])
def test_who_is_not_known_by_the_number_gets_a_case_and_a_call_all_the_same(known):
    a_person()
    for name in ("Ann", "Ben")[:known]:
        a_customer(name, phone=NUMBER)

    heard = voicemails.take(left(), now=MONDAY)

    customer = heard.case.customer
    assert (customer.is_verified, customer.phone) == (False, "+442079460100")
    assert heard.promise is not None
    assert Customer.objects.count() == known + 1


def test_a_call_that_was_missed_breaks_and_something_new_is_promised_at_once():
    a_person()
    heard = voicemails.take(left(), now=MONDAY)
    assert heard.promise is not None

    late = heard.promise.due_at + HOUR
    tick(now=late)

    heard.promise.refresh_from_db()
    assert heard.promise.outcome == "broken"
    case = Case.objects.get(pk=heard.case.pk)
    assert case.closed_at is None
    assert case.promises.still_open().filter(due_at__gt=late).exists()


def test_the_desk_writes_down_what_it_listened_to():
    case = a_case(customer=a_customer(phone=NUMBER))

    heard = voicemails.note(case.pk, "Call me.", at=MONDAY, by=a_person(), now=MONDAY)

    assert heard.promise is not None
    assert Contact.objects.get(case=case).staff == a_person()


def test_what_cannot_be_taken_is_refused_and_nothing_is_written():
    bare, known = a_case(), a_case(customer=a_customer("Ann", phone=NUMBER))

    with pytest.raises(PhoneError):
        voicemails.take(left(phone="call me"), now=MONDAY)
    with pytest.raises(NotYetHappenedError):
        voicemails.take(left(at=MONDAY + HOUR), now=MONDAY)
    with pytest.raises(NumberMissingError):
        voicemails.note(bare.pk, "Call me.", at=MONDAY, by=a_person(), now=MONDAY)
    with pytest.raises(NotYetHappenedError):
        voicemails.note(known.pk, "x", at=MONDAY + HOUR, by=a_person(), now=MONDAY)

    assert not Promise.objects.filter(kind="callback").exists()
