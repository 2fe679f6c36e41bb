"""Several promises that break on one case in the same moment share one word of what comes now."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from gesture_world import say_sorry
from makegood.actions import promises
from makegood.clockwork import ticks
from makegood.queries import verify
from makegood.queries.case_timeline import TELLING, read_events
from makegood.queries.promise_board import get_board
from makegood.records.models import Case, Escalation, Message, Promise, PromiseKind
from makegood.rules.severity import Severity
from world import MONDAY, a_case, a_customer, a_word

pytestmark = pytest.mark.django_db

LONDON = ZoneInfo("Europe/London")
DUE = MONDAY + timedelta(hours=8)
AFTER = DUE + timedelta(hours=1)
CALLBACK, OTHER = PromiseKind.CALLBACK, PromiseKind.OTHER


@pytest.fixture
def case():
    return a_case()


@pytest.fixture
def broken(case) -> list[Promise]:
    """Two words for the same moment, neither of which was kept."""
    both = [
        promises.make_promise(case.pk, a_word(words=words, due_at=DUE), now=MONDAY)
        for words in ("We collect it by five.", "We bring a new bin by five.")
    ]
    ticks.tick(now=AFTER)
    return both


def news_after(case) -> list[Promise]:
    return list(case.promises.still_open().filter(kind=PromiseKind.NEWS, said_at=AFTER))


def test_the_customer_hears_of_both_by_one_promise_of_news(case, broken):
    assert [news.follows for news in news_after(case)] == [broken[0]]
    assert verify.run() == []


@pytest.mark.usefixtures("broken")
def test_each_is_owned_up_to_and_told_and_the_last_telling_speaks_again(case, broken):
    told = Escalation.objects.filter(promise=news_after(case)[0]).order_by("number")

    assert list(Message.objects.order_by("promise").values_list("promise", flat=True)) == [
        promise.pk for promise in broken
    ]
    assert [(row.number, row.broken) for row in told] == [(1, broken[0]), (2, broken[1])]
    assert [row.speak_again_at is None for row in told] == [True, False]


def test_the_history_says_which_was_told(case, broken):
    events = read_events(case.pk, now=AFTER, zone=LONDON).events

    told = [event.about for event in events if event.icon == TELLING]
    assert sorted(told[:2]) == sorted(promise.words for promise in broken)


def test_both_stand_on_the_owners_board_until_the_news_was_given(case, broken):
    say_sorry(case, now=AFTER)

    groups = get_board(case.owner, now=AFTER).groups
    rows = [row.words for group in groups if group.key == "broken" for row in group.rows]
    assert sorted(rows) == sorted(promise.words for promise in broken)


def test_a_call_and_a_word_are_followed_by_one_promise_of_news_and_one_call():
    case = a_case(customer=a_customer(phone="+44 7700 900123"))
    Case.objects.filter(pk=case.pk).update(severity=Severity.P1)  # news sooner than any call
    early = DUE - timedelta(minutes=1)
    word = promises.make_promise(case.pk, a_word(kind=OTHER, due_at=early), now=MONDAY)
    call = promises.make_promise(case.pk, a_word(kind=CALLBACK, due_at=DUE), now=MONDAY)

    ticks.tick(now=AFTER)

    (news,) = news_after(case)
    again = case.promises.still_open().get(kind=CALLBACK)
    assert (news.follows, again.follows) == (word, call)
    assert news.due_at < again.due_at
    told = Escalation.objects.filter(broken__in=[word, call])
    assert {row.promise for row in told} == {news}
    assert verify.run() == []


def test_the_highest_who_was_told_speaks_again():
    case = a_case()
    promises.make_promise(case.pk, a_word(kind=OTHER, due_at=DUE), now=MONDAY)
    for minutes in (60, 30, 10, 1):
        ticks.tick(now=DUE - timedelta(minutes=minutes))
    late, later = DUE - timedelta(minutes=1), DUE + timedelta(minutes=30)
    promises.make_promise(case.pk, a_word(kind=OTHER, now=late, due_at=later), now=late)

    ticks.tick(now=AFTER)

    told = Escalation.objects.filter(promise=news_after(case)[0]).order_by("number")
    assert [row.role for row in told] == ["head", "lead"]
    assert [row.speak_again_at is None for row in told] == [False, True]
