"""The apology that nobody has said within the hour goes by letter: once, and after nobody else."""

from datetime import timedelta

import pytest

from asking import HOUR
from clock import SimulatedClock
from incident_world import a_truth, declare, subscribers
from letter_world import ADDRESS, a_case_by_mail
from makegood.actions import apologies, contacts, incidents, promises
from makegood.clockwork import apologising, ticks
from makegood.queries import verify
from makegood.queries.customer_page import get_customer_page
from makegood.records.models import Case, Customer, Letter, Message, Promise, PromiseKind
from makegood.rules.promises import Channel, Precision
from round_world import a_food_bin, a_round
from story_world import post
from visit_world import a_visit
from world import MONDAY, a_case, a_customer, a_person, a_word

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _every_law_holds():
    yield
    assert verify.run() == []


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(MONDAY)


def promised(case: Case, *, hours: float = 2, **more) -> Promise:
    word = a_word(due_at=MONDAY + hours * HOUR, **more)
    return promises.make_promise(case.pk, word, now=MONDAY)


def sorry(case: Case) -> Message:
    return Message.objects.get(case=case, kind="apology")


def test_within_the_hour_the_letter_says_what_was_not_done_whose_fault_and_who_sees_to_it(clock):
    case = a_case_by_mail(phone="")
    promised(case)

    clock.wait(hours=3)
    [letter] = post(clock)

    assert letter.words == (
        "We were to call you by 12:00 on Monday 1 June 2026, and we did not.\n\nThat is our "
        "mistake, and we are sorry. Laura Bennett sees to it until it is right. You need do "
        "nothing."
    )
    assert letter.recipient == ADDRESS
    assert (sorry(case).said_at, sorry(case).said_by) == (clock.now, None)
    lines = get_customer_page(case.pk, now=clock.now).lines
    assert [one.words for one in lines if one.kind == "apology"] == [letter.words]


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("en", "Laura Bennett calls you between 13:00 and 14:00 on Monday 1 June 2026."),
        ("de", "Laura Bennett ruft Sie am Montag, 1. Juni 2026 zwischen 13:00 und 14:00 Uhr an."),
    ],
)
def test_of_a_call_it_says_when_the_next_one_comes_and_tells_that_promise(clock, language, says):
    case = a_case_by_mail(language=language)
    promised(case)

    clock.wait(hours=2, minutes=55)
    [letter] = [one for one in post(clock) if one.duty == sorry(case)]

    again = case.promises.still_open().get(kind="callback")
    assert letter.words.split("\n\n")[-1] == says
    assert (letter.promise, letter.told_due_at) == (again, again.due_at)


def test_an_hour_that_has_begun_is_not_said_any_more():
    case = a_case_by_mail()
    promised(case)
    ticks.tick(now=MONDAY + 2.5 * HOUR)
    again = case.promises.still_open().get(kind="callback")

    letter = apologies.write(sorry(case).pk, now=again.earliest_at)

    assert letter is not None
    assert letter.words.endswith("You need do nothing.")


@pytest.mark.parametrize("kind", [one for one in PromiseKind if one != PromiseKind.REDRESS])
@pytest.mark.parametrize("precision", list(Precision))
@pytest.mark.parametrize("language", ["en", "de"])
def test_of_every_kind_of_promise_it_may_be_said(clock, kind, precision, language):
    case = a_case_by_mail(language=language)
    promised(case, kind=kind, words="As we said.", precision=precision)

    clock.wait(hours=3)

    assert sum(letter.duty == sorry(case) for letter in post(clock)) == 1


def test_the_owner_has_the_first_word_and_then_no_machine_says_it(clock):
    case = a_case_by_mail(phone="")
    promised(case)
    clock.wait(hours=2, minutes=40)
    assert not Letter.objects.exists()
    contacts.record_said(
        message_id=sorry(case).pk, words="I am sorry. We did not call you.",
        channel=Channel.PHONE, at=clock.now, by=a_person(), now=clock.now,
    )  # fmt: skip

    clock.wait(hours=2)

    assert not Letter.objects.filter(duty=sorry(case)).exists()


def test_who_says_it_while_the_letter_waits_holds_it_back(clock, mailoutbox):
    case = a_case_by_mail(phone="")
    promised(case)
    clock.wait(hours=3)
    contacts.record_said(
        message_id=sorry(case).pk, words="I am sorry. We did not call you.",
        channel=Channel.PHONE, at=clock.now, by=a_person(), now=clock.now,
    )  # fmt: skip

    post(clock)

    assert mailoutbox == []
    assert Letter.objects.get().held_at == clock.now


def test_a_letter_that_was_held_has_said_nothing_and_another_one_is_written(clock):
    case = a_case_by_mail(phone="")
    promised(case)
    clock.wait(hours=2, minutes=50)
    Customer.objects.update(email="new@example.net")
    post(clock)
    assert Letter.objects.get().held_at == clock.now

    clock.wait(hours=1)

    written = Letter.objects.filter(duty=sorry(case), held_at=None)
    assert [letter.recipient for letter in written] == ["new@example.net"]
    post(clock)
    assert sorry(case).said_at is not None


def test_a_machine_says_sorry_once_in_a_case_however_often_nobody_acts(clock, mailoutbox):
    promised(a_case_by_mail())

    for _ in range(10):
        clock.wait(hours=4)
        post(clock)

    assert Promise.objects.filter(outcome="broken").count() > 2
    assert len(mailoutbox) == 1


def test_who_has_no_address_and_who_is_spoken_to_with_all_others_gets_none(clock):
    promised(a_case())
    subscribers("EX4 4QJ", email=ADDRESS)
    declare()
    ticks.tick(now=MONDAY)
    before = Letter.objects.count()

    clock.wait(hours=5)

    assert Letter.objects.count() == before


def test_what_one_customer_of_an_incident_was_promised_alone_is_apologised_for_to_them(clock):
    subscribers("EX4 4QJ", "EX4 4QK", email=ADDRESS, phone="")
    declare()
    ticks.tick(now=MONDAY)
    case = Case.objects.order_by("pk").first()
    call = promised(case, hours=1)

    clock.wait(hours=4)

    [letter] = Letter.objects.filter(duty__kind="apology")
    assert (letter.case, letter.duty.promise) == (case, call)
    assert letter.words.startswith("We were to call you by 11:00 on Monday 1 June 2026, and we did")


def test_whom_the_gate_keeps_from_it_keep_nobody_else_from_theirs(clock, monkeypatch):
    monkeypatch.setattr(apologising, "BATCH", 1)
    subscribers("EX4 4QJ", email=ADDRESS, phone="")
    incident = declare()
    ticks.tick(now=MONDAY)
    promised(Case.objects.get(), hours=1)
    other = a_case_by_mail(phone="")
    promised(other)
    clock.wait(minutes=85)
    sorry_for_all = a_truth("We are sorry for it.", now=clock.now)
    incidents.say(incident.pk, sorry_for_all, by=a_person(), now=clock.now)
    clock.wait(minutes=1)
    post(clock)  # all hear it between the break and its own letter

    for _minute in range(100):
        clock.wait(minutes=1)

    [letter] = Letter.objects.filter(duty__kind="apology")
    assert letter.case == other


def test_a_visit_that_was_missed_has_its_own_letter_and_no_second_one(clock):
    case = a_case_by_mail()
    visit = a_visit(case)

    clock.wait_until(visit.promise.due_at + 4 * HOUR)

    letters = Letter.objects.filter(case=case, queued_at__gt=visit.booked_at)
    assert [letter.duty.kind for letter in letters] == ["visit"]


def test_where_a_round_comes_anyway_it_is_promised_no_later_in_the_same_letter(clock):
    a_round()
    a_customer("Ann Exeter", postcode="EX4 4QJ", email=ADDRESS)
    bin_ = a_food_bin()
    case = a_case(customer=bin_.customer, asset=bin_)
    promised(case, kind=PromiseKind.VISIT, words="We collect it this noon.")

    clock.wait(hours=3)
    [letter] = post(clock)

    range_ = letter.promise
    assert range_.words == "We come to you with our next round at the latest: Food waste Friday."
    assert range_.precision == Precision.DATE
    assert range_.earliest_at < range_.due_at
    assert (range_.earliest_at + HOUR).day == 2
    assert range_.due_at.day == 5


def test_what_broke_long_ago_is_left_to_people(clock):
    case = a_case_by_mail(email="")
    call = promised(case)
    clock.wait(hours=3)
    Customer.objects.update(email=ADDRESS)

    ticks.tick(now=MONDAY + timedelta(days=3))

    assert not Letter.objects.filter(duty__promise=call).exists()
