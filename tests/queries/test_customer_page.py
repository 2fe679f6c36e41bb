"""The customer's page: the same truth as the desk, in the customer's time, nothing internal."""

from dataclasses import asdict
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import gesture_world
from busy_day import NOW, BusyDay, a_busy_day, at, many_promises, open_promise
from makegood.actions import cases, contacts, links, promises, replies
from makegood.actions.contacts import Touch
from makegood.actions.replies import Sender
from makegood.queries.case_page import get_case_page
from makegood.queries.customer_lines import LINES_SHOWN
from makegood.queries.customer_page import get_customer_page
from makegood.records.models import CaseLink, Direction, Handover, PromiseKind
from makegood.rules.promises import Channel
from world import a_word

pytestmark = pytest.mark.django_db


@pytest.fixture
def day() -> BusyDay:
    return a_busy_day()


def test_it_says_what_happened_what_comes_next_and_who_owns_it(day):
    page = get_customer_page(day.bin.pk, now=NOW)

    assert (page.thing, page.place) == ("food bin", "12 Elm Road")
    assert page.since.words == "07:00 on Friday 29 May"
    assert page.next is not None
    assert page.next.words == "I ring you before I go home."
    assert page.next.due.words == "by 17:00 today"
    assert [step.due.words for step in page.more] == ["between Wednesday 3 June and Friday 5 June"]
    assert (page.owner, page.owner_first) == ("Laura Bennett", "Laura")


def test_a_gesture_is_a_surprise_that_the_page_does_not_tell():
    case = gesture_world.put_right()
    gesture_world.a_budget(case)
    given = gesture_world.gesture(case)

    page = get_customer_page(case.pk, now=given.given_at + timedelta(days=1))

    assert given.what == "A box of tea"
    assert "box of tea" not in str(asdict(page))


@pytest.mark.parametrize(
    ("kind", "still"),
    [(PromiseKind.VISIT, False), (PromiseKind.NEWS, True), (PromiseKind.REDRESS, True)],
)
def test_who_has_said_right_is_asked_again_for_a_new_promise_but_not_for_news_or_a_gift(
    day, kind, still
):
    case = day.bin
    links.mint_link(case.pk, now=NOW)
    link = CaseLink.objects.filter(case=case).latest("pk")
    replies.say_right(Sender(link=link.pk, case=case.pk, form=uuid4()), now=NOW)

    said = get_customer_page(case.pk, now=NOW)
    later = NOW + timedelta(minutes=5)
    promises.make_promise(case.pk, a_word(now=later, kind=kind), now=later)
    asked = get_customer_page(case.pk, now=later)

    assert (said.has_said_right, said.asks) == (True, False)
    assert asked.has_said_right is still


@pytest.mark.parametrize(("case", "asks"), [("alarm", True), ("bill", False)])
def test_another_day_is_offered_for_a_repair_and_not_for_a_corrected_bill(day, case, asks):
    word = a_word(now=NOW, words="Put right.", kind=PromiseKind.REPAIR, due_at=at(18))
    chosen = getattr(day, case)
    promises.make_promise(chosen.pk, word, now=NOW)

    page = get_customer_page(chosen.pk, now=NOW)

    steps = [step for step in (page.next, *page.more) if step and step.words == "Put right."]
    assert [step.is_at_their_time for step in steps] == [asks]


def test_times_are_the_customers_own_with_the_zone_named(day):
    page = get_customer_page(day.bill.pk, now=NOW)

    assert page.zone == "Madrid time"
    assert page.next is not None
    assert page.next.due.words == "by 15:00 today"


def test_what_was_broken_and_what_was_said_for_it_stay_visible(day):
    lines = get_customer_page(day.bin.pk, now=NOW).lines
    kinds = [line.kind for line in lines]

    assert kinds.index("broken") < kinds.index("apology")
    broken = next(line for line in lines if line.kind == "broken")
    assert broken.words == "The crew will come by this morning."
    apology = next(line for line in lines if line.kind == "apology")
    assert apology.words.startswith("I am sorry.")


def test_a_date_counts_here_only_once_the_customer_was_told(day):
    call = open_promise(day.bill, "I'll call")
    revision = promises.decide_revision(
        promise_id=call.pk, due_at=at(16), cause="Staff are ill.", by=day.laura, now=NOW
    )
    before = get_customer_page(day.bill.pk, now=NOW)
    assert before.next is not None
    assert before.next.due.words == "by 15:00 today"
    assert "moved" not in [line.kind for line in before.lines]

    promises.record_told(
        revision_id=revision.pk, at=NOW, channel=Channel.PHONE, evidence="Agreed.", now=NOW
    )

    after = get_customer_page(day.bill.pk, now=NOW)
    assert after.next is not None
    assert after.next.due.words == "by 17:00 today"
    assert "moved" in [line.kind for line in after.lines]


def test_a_promise_past_its_time_is_not_called_coming(day):
    page = get_customer_page(day.bill.pk, now=at(14, 5))

    assert page.next is not None
    assert page.next.is_overdue


def test_a_new_owner_is_named_once_they_accepted(day):
    offer = Handover.objects.get()
    assert get_customer_page(day.offered.pk, now=NOW).owner == "Priya Shah"

    cases.answer_handover(handover_id=offer.pk, accepts=True, by=day.laura, now=NOW)

    page = get_customer_page(day.offered.pk, now=NOW)
    assert page.owner == "Laura Bennett"
    assert page.lines[-1].kind == "taken_over"


def test_nothing_internal_is_on_it(day):
    for case in (day.alarm, day.bin, day.bill, day.offered):
        text = str(asdict(get_customer_page(case.pk, now=NOW)))
        for internal in ("P1", "severity", "escalat", "executive", "deposit office", "Makegood"):
            assert internal not in text


def test_the_desk_and_the_page_agree_on_what_is_open_and_when(day):
    for case in (day.alarm, day.bin, day.lengthy):
        desk = get_case_page(case.pk, reader=day.laura, now=NOW)
        page = get_customer_page(case.pk, now=NOW)

        steps = [page.next, *page.more]
        assert [(card.words, card.due) for card in desk.open] == [
            (step.words, step.due) for step in steps if step
        ]


def test_the_number_of_queries_does_not_grow_with_the_promises(day):
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            get_customer_page(day.bin.pk, now=NOW)
        return len(captured)

    before = count()
    many_promises(day.bin, 20)

    assert count() == before <= 12


def test_the_newest_lines_stand_there_and_the_others_when_they_are_asked_for(day):
    for minutes in range(30):
        moment = NOW - timedelta(minutes=minutes)
        touch = Touch(channel=Channel.SMS, direction=Direction.OUTBOUND, at=moment)
        contacts.record_contact(day.bin.pk, touch, now=NOW)

    short = get_customer_page(day.bin.pk, now=NOW)
    whole = get_customer_page(day.bin.pk, now=NOW, everything=True)

    assert (len(short.lines), short.has_older_lines) == (LINES_SHOWN, True)
    assert whole.lines[-LINES_SHOWN:] == short.lines
    assert len(whole.lines) > 30
    assert not whole.has_older_lines
