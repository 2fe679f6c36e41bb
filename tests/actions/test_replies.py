"""What customers send from their page: once, at a human pace, answered by a promise."""

from datetime import timedelta
from uuid import uuid4

import pytest

from clock import SimulatedClock
from makegood.actions import callbacks, cases, contacts, links, payments, promises, replies
from makegood.actions.callbacks import (
    CALLS_A_DAY,
    CallWish,
    NoSuchCallError,
    NumberMissingError,
    WindowGoneError,
)
from makegood.actions.contacts import Touch
from makegood.actions.payments import Arrival
from makegood.actions.replies import PER_HOUR, Sender, TooManyRepliesError
from makegood.queries import verify
from makegood.records.models import (
    Case,
    CaseLink,
    Contact,
    Direction,
    Payment,
    PromiseKind,
    Reply,
)
from makegood.rules.phones import PhoneError
from makegood.rules.promises import Channel, ClosedCaseError, Outcome, ToldTooLateError
from money_world import a_remedy
from raw_sql import insert, refused_by
from world import MONDAY, a_case, a_customer, a_word

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
TEN = MONDAY + timedelta(hours=1)  # 11:00 in London


@pytest.fixture
def case() -> Case:
    return a_case(customer=a_customer(phone="07700 900123"))


def a_sender(case: Case) -> Sender:
    links.mint_link(case.pk, now=MONDAY)
    return Sender(
        link=CaseLink.objects.filter(case=case).latest("pk").pk, case=case.pk, form=uuid4()
    )


def open_calls(case: Case):
    return case.promises.still_open().filter(kind=PromiseKind.CALLBACK)


def close(case: Case, at=MONDAY) -> None:
    touch = Touch(channel=Channel.PHONE, direction=Direction.INBOUND, at=at, note="It is right.")
    answer = contacts.record_contact(case.pk, touch, now=at)
    cases.close_case(case_id=case.pk, answer=answer, now=at)


def test_an_answer_that_was_promised_by_mail_is_not_promised_twice_for_the_same_time(case):
    by_mail = replies.promise_an_answer(case, now=MONDAY)

    replies.say_not_right(a_sender(case), "A word from the manager.", now=MONDAY)

    assert Reply.objects.get().promise == by_mail
    assert case.promises.filter(words=by_mail.words).count() == 1


def test_words_reach_the_case_and_an_answer_is_promised(case):
    assert replies.send_words(a_sender(case), "Please come before noon.", now=MONDAY)

    reply = Reply.objects.get()
    assert reply.contact.note == "Please come before noon."
    assert reply.promise.words.startswith("Laura Bennett answers what you wrote by ")
    assert reply.promise.outcome is None
    assert reply.promise.trace


def test_the_same_form_twice_is_one_reply_and_one_promise(case):
    sender = a_sender(case)

    assert replies.send_words(sender, "Once.", now=MONDAY)
    assert not replies.send_words(sender, "Once.", now=MONDAY + MINUTE)
    assert replies.send_words(sender, "Something else.", now=MONDAY + MINUTE)

    notes = Contact.objects.filter(case=case).order_by("pk").values_list("note", flat=True)
    assert list(notes) == ["Once.", "Something else."]
    assert len({reply.promise_id for reply in Reply.objects.all()}) == 1


def test_a_reply_that_raced_past_the_look_is_stopped_by_the_database(case, monkeypatch):
    sender = a_sender(case)
    replies.send_words(sender, "Once.", now=MONDAY)
    before = Contact.objects.count(), case.promises.count(), case.timeline.count()
    monkeypatch.setattr(Reply.objects.filter().__class__, "exists", lambda _self: False)

    assert not replies.send_words(sender, "Once.", now=MONDAY)

    monkeypatch.undo()
    assert (Contact.objects.count(), case.promises.count(), case.timeline.count()) == before


def test_the_database_refuses_a_reply_that_makes_no_sense(case):
    sender = a_sender(case)
    replies.send_words(sender, "Once.", now=MONDAY)
    row = Reply.objects.values().get() | {"id": 999, "about_id": None}

    with refused_by("reply_once"):
        insert("records_reply", **row)
    with refused_by("reply_kind_is_known"):
        insert("records_reply", **row | {"key": uuid4(), "kind": "gossip"})
    with refused_by("reply_for_a_call_has_a_promise_and_a_number"):
        insert("records_reply", **row | {"key": uuid4(), "kind": "call"})


def test_a_page_keeps_no_promise_of_news_by_its_own_answer(case):
    news = case.promises.get()

    replies.send_words(a_sender(case), "Hello?", now=MONDAY + MINUTE)

    news.refresh_from_db()
    assert news.outcome is None


def test_words_on_a_closed_case_are_heard_without_a_promise(case):
    close(case)

    replies.send_words(a_sender(case), "Thank you!", now=MONDAY + MINUTE)

    assert Reply.objects.get().promise is None


def test_nobody_floods_the_owner_through_one_link(case):
    for number in range(PER_HOUR):
        replies.send_words(a_sender_of(case), f"Number {number}.", now=MONDAY)

    with pytest.raises(TooManyRepliesError):
        replies.send_words(a_sender_of(case), "One more.", now=MONDAY + 59 * MINUTE)

    assert not Contact.objects.filter(note="One more.").exists()
    assert replies.send_words(a_sender_of(case), "Later.", now=MONDAY + 61 * MINUTE)


def a_sender_of(case: Case) -> Sender:
    """Another form of the same link."""
    link = CaseLink.objects.filter(case=case).first()
    return Sender(link=link.pk, case=case.pk, form=uuid4()) if link else a_sender(case)


def test_right_closes_the_case_and_not_right_opens_it_with_what_is_wanted(case):
    replies.say_right(a_sender(case), now=MONDAY + MINUTE)
    case.refresh_from_db()
    assert case.closed_at == MONDAY + MINUTE

    replies.say_not_right(a_sender(case), "A new bin.", now=MONDAY + 2 * MINUTE)

    case.refresh_from_db()
    assert case.closed_at is None
    assert case.wanted == "A new bin."
    assert Reply.objects.get(kind="not_right").promise.outcome is None


def test_right_closes_nothing_while_something_is_promised(case):
    promises.make_promise(case.pk, a_word(), now=MONDAY)

    replies.say_right(a_sender(case), now=MONDAY + MINUTE)

    case.refresh_from_db()
    assert case.closed_at is None


class TestRightWhileMoneyIsOnItsWay:
    """They have said so: when it has come, nobody has to say it again."""

    @pytest.fixture
    def remedy(self, case):
        remedy = a_remedy(1_000, case=case)
        replies.say_right(a_sender(case), now=MONDAY + MINUTE)
        return remedy

    def test_the_case_closes_by_their_answer_when_it_has_arrived(self, case, remedy):
        assert an_open_case(case)
        arrive(remedy, now=MONDAY + 2 * MINUTE)

        case.refresh_from_db()
        assert Reply.objects.get(contact=case.closed_by_contact).kind == "right"
        assert verify.run() == []

    def test_it_stays_open_if_they_said_since_that_it_is_not(self, case, remedy):
        replies.say_not_right(a_sender(case), "", now=MONDAY + 2 * MINUTE)
        arrive(remedy, now=MONDAY + 3 * MINUTE)
        assert an_open_case(case)

    def test_it_stays_open_if_it_came_late(self, case, remedy):
        clock = SimulatedClock(MONDAY)
        clock.wait(days=5)
        arrive(remedy, now=clock.now)
        assert an_open_case(case)

    def test_it_stays_open_while_anything_else_is_on_its_way(self, case, remedy):
        a_remedy(500, case=case, key="another")
        arrive(remedy, now=MONDAY + 2 * MINUTE)
        assert an_open_case(case)


def an_open_case(case) -> bool:
    case.refresh_from_db()
    return case.closed_at is None


def arrive(remedy, *, now):
    payment = Payment.objects.get(remedy=remedy)
    payments.record_arrival(Arrival(key=payment.key, at=now, evidence="The bank."), now=now)


def test_a_call_is_a_promise_in_the_chosen_window_by_the_clock(case):
    callbacks.ask_for_call(a_sender(case), CallWish(opens=TEN, note="After ten."), now=MONDAY)

    call = open_calls(case).get()
    assert (call.earliest_at, call.due_at) == (TEN, TEN + timedelta(hours=1))
    assert call.words == "Laura Bennett calls you between 11:00 and 12:00 on Monday 1 June 2026."
    reply = Reply.objects.get()
    assert reply.phone == "07700 900123"
    assert reply.contact.note == "The customer asks for a call. After ten."


def test_a_missed_call_is_broken_and_news_is_promised_anew(case):
    callbacks.ask_for_call(a_sender(case), CallWish(opens=TEN), now=MONDAY)
    call = open_calls(case).get()

    SimulatedClock(MONDAY).wait(hours=3)

    call.refresh_from_db()
    assert call.outcome == Outcome.BROKEN
    assert call.settled_at == TEN + timedelta(hours=1)
    assert case.promises.still_open().filter(follows=call).exists()
    assert case.messages.filter(promise=call).exists()


def test_another_window_replaces_the_first_one(case):
    callbacks.ask_for_call(a_sender(case), CallWish(opens=TEN), now=MONDAY)
    first = open_calls(case).get()

    later = TEN + timedelta(hours=2)
    callbacks.ask_for_call(
        a_sender(case), CallWish(opens=later, phone="+44 20 7946 0100"), now=MONDAY + MINUTE
    )

    first.refresh_from_db()
    assert first.outcome == Outcome.REPLACED
    assert open_calls(case).get().earliest_at == later
    assert Reply.objects.latest("pk").phone == "+442079460100"


def test_a_call_that_is_not_needed_is_released_by_the_customer_alone(case):
    callbacks.ask_for_call(a_sender(case), CallWish(opens=TEN), now=MONDAY)
    call = open_calls(case).get()
    other = a_case(customer=a_customer("Bob"))

    with pytest.raises(NoSuchCallError):
        callbacks.cancel_call(a_sender(other), call.pk, now=MONDAY + MINUTE)
    assert callbacks.cancel_call(a_sender(case), call.pk, now=MONDAY + MINUTE)

    call.refresh_from_db()
    assert call.outcome == Outcome.RELEASED


def test_a_call_whose_time_has_passed_cannot_be_wished_away(case):
    callbacks.ask_for_call(a_sender(case), CallWish(opens=TEN), now=MONDAY)
    call = open_calls(case).get()

    with pytest.raises(ToldTooLateError):
        callbacks.cancel_call(a_sender(case), call.pk, now=call.due_at + MINUTE)


def test_only_a_window_that_is_offered_can_be_chosen(case):
    for opens in (MONDAY, TEN + MINUTE, MONDAY + timedelta(hours=20), MONDAY - timedelta(days=1)):
        with pytest.raises(WindowGoneError):
            callbacks.ask_for_call(a_sender(case), CallWish(opens=opens), now=MONDAY)
    assert not Reply.objects.exists()


def test_a_call_needs_a_number_that_can_be_dialled():
    case = a_case()

    with pytest.raises(NumberMissingError):
        callbacks.ask_for_call(a_sender(case), CallWish(opens=TEN), now=MONDAY)
    with pytest.raises(PhoneError):
        callbacks.ask_for_call(a_sender(case), CallWish(opens=TEN, phone="call me"), now=MONDAY)


def test_no_call_is_promised_on_a_closed_case(case):
    close(case)

    with pytest.raises(ClosedCaseError):
        callbacks.ask_for_call(a_sender(case), CallWish(opens=TEN), now=MONDAY + MINUTE)


def test_attack_49_a_link_cannot_have_one_number_after_another_called(case):
    sender = a_sender(case)
    for number in range(CALLS_A_DAY):
        wish = CallWish(opens=TEN, phone=f"0770090000{number}")
        callbacks.ask_for_call(sender, wish, now=MONDAY)

    with pytest.raises(TooManyRepliesError):
        callbacks.ask_for_call(sender, CallWish(opens=TEN, phone="07700900999"), now=MONDAY)

    assert open_calls(case).count() == 1
