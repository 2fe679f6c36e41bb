"""A call is a word that we keep: a message goes ahead of it, and a missed one is promised anew."""

from datetime import timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from clock import SimulatedClock
from letter_world import ADDRESS
from makegood.actions import callbacks, links, promises
from makegood.actions.callbacks import CallWish
from makegood.actions.replies import Sender
from makegood.clockwork import ticks
from makegood.queries import verify
from makegood.queries.case_promises import read_cards
from makegood.queries.customer_page import get_customer_page
from makegood.records.models import (
    Case,
    CaseLink,
    Duty,
    Escalation,
    Letter,
    Message,
    Mute,
    Promise,
    Staff,
    TimelineEntry,
)
from makegood.records.rosters import read_sharers
from makegood.rules.calendars import Window
from makegood.rules.callbacks import LONGEST
from makegood.rules.promises import Channel
from makegood.rules.severity import Function
from world import MONDAY, a_case, a_customer, a_person, a_word

pytestmark = pytest.mark.django_db

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
TEN = MONDAY + HOUR  # 11:00 in London
LONDON = ZoneInfo("Europe/London")
GIVEN = "+44 7700 900456"


@pytest.fixture(autouse=True)
def _texts_go_to_britain(settings):
    settings.SMS_COUNTRIES = ("+44",)


@pytest.fixture
def case() -> Case:
    return a_case(customer=a_customer(phone="+44 7700 900123", email=ADDRESS))


def a_sender(case: Case) -> Sender:
    links.mint_link(case.pk, now=MONDAY)
    link = CaseLink.objects.filter(case=case).latest("pk")
    return Sender(link=link.pk, case=case.pk, form=uuid4())


def a_call(case: Case, *, phone: str = "", now=MONDAY, opens=TEN) -> Promise:
    callbacks.ask_for_call(a_sender(case), CallWish(opens=opens, phone=phone), now=now)
    return the_call(case)


def the_call(case: Case) -> Promise:
    return case.promises.still_open().get(kind="callback")


def window(call: Promise) -> Window:
    assert call.earliest_at is not None
    return Window(opens=call.earliest_at, closes=call.due_at)


def two_who_are_away() -> tuple[Staff, Staff]:
    return a_person("Ann Away"), a_person("Bea Beyond")


def absent_with(cover: Staff, *staff: Staff) -> None:
    for one in staff:
        Duty.objects.create(
            staff=one, kind="absence", cover=cover,
            starts_at=MONDAY - HOUR, ends_at=MONDAY + 240 * HOUR,
        )  # fmt: skip


def a_called_case(owner: Staff, number: int) -> Case:
    phone = f"+44 7700 9{owner.pk % 100:02d}4{number:02d}"
    return a_case(owner=owner, customer=a_customer(phone=phone))


class TestMissed:
    """Nobody rang: it is broken, and promised once more in an hour of its own."""

    def test_it_is_promised_once_more_in_an_hour_of_its_own(self, case):
        missed = a_call(case)

        SimulatedClock(MONDAY).wait_until(missed.due_at + 20 * MINUTE)

        missed.refresh_from_db()
        again = the_call(case)
        assert missed.outcome == "broken"
        assert again.follows == missed
        assert window(again).opens >= missed.due_at
        assert window(again).closes - window(again).opens <= LONGEST
        assert again.words.startswith("Laura Bennett calls you between 13:00 and 14:00 on Monday")
        assert Message.objects.get(promise=missed).kind == "apology"
        assert Escalation.objects.get(broken=missed).promise == again
        assert verify.run() == []

    def test_who_was_called_too_late_is_not_promised_the_call_once_more(self, case):
        late = a_call(case)
        at = late.due_at + 10 * MINUTE

        promises.keep_promise(
            promise_id=late.pk, at=at, evidence="Rang and spoke.", by=a_person(), now=at
        )

        late.refresh_from_db()
        [news] = case.promises.still_open().filter(said_at=at)
        assert (late.outcome, news.kind, news.follows) == ("broken", "news", late)
        assert not case.promises.still_open().filter(kind="callback").exists()
        assert verify.run() == []

    def test_calls_missed_at_once_are_spread_over_what_one_person_can_do(self, case):
        cases = [case, *(a_case(customer=a_customer(phone=f"+44 7700 90020{n}")) for n in range(9))]
        severe = a_case(function=Function.SAFETY, customer=a_customer(phone="+44 7700 900300"))
        for one in (*cases, severe):
            promises.make_promise(one.pk, a_word(due_at=TEN), now=MONDAY)

        ticks.tick(now=TEN + HOUR)

        hours = [window(the_call(one)).opens for one in cases]
        assert hours == sorted(hours)  # as long overdue as each other: the oldest first
        assert [hours.count(at) for at in sorted(set(hours))] == [3, 4, 3]
        assert window(the_call(severe)).opens == hours[0]

    def test_what_is_severe_finds_room_in_hours_that_are_full_for_others(self, case):
        for n in range(4):
            one = a_case(customer=a_customer(phone=f"+44 7700 90020{n}"))
            promises.make_promise(one.pk, a_word(due_at=TEN), now=MONDAY)
        ticks.tick(now=TEN + HOUR)
        severe = a_case(function=Function.SAFETY, customer=a_customer(phone="+44 7700 900300"))
        for one in (case, severe):
            promises.make_promise(one.pk, a_word(due_at=TEN + HOUR / 2), now=MONDAY)

        ticks.tick(now=TEN + HOUR)

        assert window(the_call(severe)).opens < window(the_call(case)).opens

    def test_who_is_away_is_called_for_by_their_cover_and_the_message_says_so(self, case):
        carl = a_person("Carl Cover")
        Duty.objects.create(
            staff=case.owner, kind="absence", cover=carl,
            starts_at=TEN, ends_at=TEN + 24 * HOUR,
        )  # fmt: skip
        promises.make_promise(case.pk, a_word(due_at=TEN), now=MONDAY)
        late = SimulatedClock(MONDAY).wait_until(TEN + 20 * MINUTE)

        again = the_call(case)
        SimulatedClock(late).wait_until(window(again).opens)

        assert again.words.startswith("Carl Cover calls you between 12:")
        assert Letter.objects.get(promise=again, channel="sms").words == again.words

    @pytest.mark.parametrize("at_once", [True, False], ids=["in one sweep", "one after another"])
    def test_who_covers_for_two_is_promised_no_more_than_one_person_can_do(self, at_once):
        covered, carl = two_who_are_away(), a_person("Carl Cover")
        absent_with(carl, *covered)
        cases = [a_called_case(owner, n) for n in range(4) for owner in covered]
        for n, one in enumerate(cases):
            due = TEN if at_once else TEN + n * MINUTE
            promises.make_promise(one.pk, a_word(due_at=due), now=MONDAY)

        for n in range(len(cases)):
            ticks.tick(now=TEN + HOUR / 2 if at_once else TEN + (n + 15) * MINUTE)
        ticks.tick(now=TEN + HOUR / 2)

        hours = [window(the_call(one)).opens for one in cases]
        assert [hours.count(at) for at in sorted(set(hours))] == [4, 4]

    def test_a_voicemail_reads_the_calls_of_those_who_share_its_callers(self):
        (owner, other), carl = two_who_are_away(), a_person("Carl Cover")
        absent_with(carl, owner, other)
        stranger, *theirs = [a_called_case(a_person("Sam Stranger"), 9)] + [
            a_called_case(one, n) for n in range(2) for one in (other, carl)
        ]
        mine = a_called_case(owner, 8)
        for one in (stranger, *theirs):
            promises.make_promise(one.pk, a_word(due_at=TEN + HOUR / 2), now=MONDAY)

        call = callbacks.promise_next(mine, mine.customer.phone, now=MONDAY)

        assert call is not None
        assert read_sharers(frozenset({owner.pk}), now=MONDAY) == {owner.pk, other.pk, carl.pk}
        assert window(call).opens > TEN  # four calls are Carl's by then

    def test_where_nobody_is_there_or_everything_is_full_a_call_is_not_given_up(self, case):
        Duty.objects.create(
            staff=case.owner, kind="absence", starts_at=TEN, ends_at=TEN + 1_000 * HOUR
        )
        promises.make_promise(case.pk, a_word(due_at=TEN), now=MONDAY)

        ticks.tick(now=TEN + HOUR)

        assert the_call(case).words.startswith("Laura Bennett calls you")

    def test_it_is_the_news_unless_news_would_come_sooner(self):
        urgent = a_case(function=Function.SAFETY, customer=a_customer(phone="+44 20 7946 0100"))
        last = MONDAY + 6 * HOUR  # 16:00 to 17:00 in London, when the office closes
        missed = a_call(urgent, opens=last)

        SimulatedClock(MONDAY).wait_until(missed.due_at + 20 * MINUTE)

        kinds = {row.kind: row for row in urgent.promises.filter(said_at__gte=missed.due_at)}
        assert kinds.keys() == {"news", "callback"}
        assert kinds["news"].due_at < window(kinds["callback"]).opens
        assert Escalation.objects.get(broken=missed).promise == kinds["news"]
        assert Promise.objects.get(follows=missed) == kinds["news"]
        assert verify.run() == []

    def test_it_never_ends_by_itself_however_often_nobody_rings(self, case):
        a_call(case)

        SimulatedClock(MONDAY).wait(days=1, hours=6)

        case.refresh_from_db()
        calls = case.promises.filter(kind="callback").order_by("pk")
        assert case.closed_at is None
        assert calls.count() > 5
        assert [call.outcome for call in calls] == ["broken"] * (calls.count() - 1) + [None]
        assert all(window(call).closes - window(call).opens <= LONGEST for call in calls)
        assert case.messages.filter(kind="apology").count() >= calls.count() - 1
        assert verify.run() == []

    def test_the_number_that_they_gave_is_kept_and_they_may_still_do_without(self, case):
        missed = a_call(case, phone=GIVEN)
        late = SimulatedClock(MONDAY).wait_until(missed.due_at + 20 * MINUTE)

        again = the_call(case)
        page = get_customer_page(case.pk, now=late)
        [card] = [one for one in _cards(case, now=late) if one.id == again.pk]

        assert page.call is not None
        assert (page.call.id, page.call.number[-3:]) == (again.pk, "456")
        assert card.phone == "+447700900456"
        callbacks.cancel_call(a_sender(case), again.pk, now=late)
        again.refresh_from_db()
        assert again.outcome == "released"

    def test_what_somebody_said_on_the_phone_is_promised_once_more_as_well(self, case):
        said = promises.make_promise(case.pk, a_word(due_at=TEN), now=MONDAY)

        SimulatedClock(MONDAY).wait(hours=2)

        assert the_call(case).follows == said

    def test_one_call_is_promised_at_a_time(self, case):
        for hours in (1, 1, 5):
            word = a_word(due_at=MONDAY + hours * HOUR)
            promises.make_promise(case.pk, word, now=MONDAY)

        ticks.tick(now=MONDAY + 2 * HOUR)

        [standing] = case.promises.still_open().filter(kind="callback")
        assert standing.due_at == MONDAY + 5 * HOUR
        ticks.tick(now=MONDAY + 6 * HOUR)
        assert the_call(case).follows == standing

    def test_whoever_has_no_number_is_promised_news(self):
        bare = a_case()
        said = promises.make_promise(bare.pk, a_word(due_at=TEN), now=MONDAY)

        ticks.tick(now=TEN + HOUR)

        assert Promise.objects.get(follows=said).kind == "news"

    def test_where_the_calendar_ends_news_is_promised(self, case):
        missed = a_call(case)
        calendar = case.team.calendar
        calendar.known_until = MONDAY.date()
        calendar.save()
        said = promises.make_promise(case.pk, a_word(due_at=missed.due_at + 5 * MINUTE), now=MONDAY)
        tonight = MONDAY + 9 * HOUR

        ticks.tick(now=tonight)

        assert said.policy != missed.policy
        assert {row.kind for row in Promise.objects.filter(follows=said)} == {"news"}


def _cards(case: Case, *, now):
    return read_cards(case.pk, now=now, zone=LONDON).cards


class TestMessageAhead:
    """Shortly before the window opens the customer hears who rings, so that they answer."""

    def test_it_leaves_once_by_text_shortly_before_the_window_opens(self, case):
        call = a_call(case)

        ticks.tick(now=TEN - 11 * MINUTE)
        assert not Letter.objects.exists()
        for minutes in (10, 9, 0):
            ticks.tick(now=TEN - minutes * MINUTE)

        letter = Letter.objects.get()
        assert (letter.channel, letter.promise, letter.is_automatic) == ("sms", call, True)
        assert letter.words == call.words
        assert verify.run() == []

    @pytest.mark.parametrize(
        ("known", "way"),
        [
            ({"phone": "+49 30 901820", "email": ADDRESS}, "email"),
            ({"phone": "+44 7700 900123", "email": ADDRESS, "reach_by": "email"}, "email"),
            ({"phone": "+44 7700 900123", "email": ADDRESS, "reach_by": "phone"}, "sms"),
        ],
        ids=["no texts to that country", "rather by mail", "rather by phone"],
    )
    def test_it_goes_the_way_that_reaches_them(self, known, way):
        case = a_case(customer=a_customer(**known))
        a_call(case)

        ticks.tick(now=TEN - 5 * MINUTE)

        assert Letter.objects.get().channel == way

    def test_where_no_way_is_known_the_case_says_so_and_the_call_stands(self):
        case = a_case(customer=a_customer(phone="+44 7700 900123"))
        Mute.objects.create(number="+447700900123", asked_at=MONDAY)
        call = a_call(case)

        ticks.tick(now=TEN - 5 * MINUTE)

        assert not Letter.objects.exists()
        assert TimelineEntry.objects.filter(case=case, kind="letter_not_written").count() == 1
        call.refresh_from_db()
        assert call.outcome is None

    def test_no_message_goes_ahead_of_a_call_that_is_not_needed(self, case):
        call = a_call(case)
        callbacks.cancel_call(a_sender(case), call.pk, now=MONDAY + MINUTE)

        ticks.tick(now=TEN - 5 * MINUTE)

        assert not Letter.objects.exists()

    def test_after_a_long_silence_of_the_clock_no_message_speaks_of_the_past(self, case):
        a_call(case)

        ticks.tick(now=TEN + 5 * HOUR)

        assert not Letter.objects.filter(told_due_at__lte=TEN + 5 * HOUR).exists()

    def test_a_call_that_moved_is_announced_before_its_new_hour(self, case):
        call = a_call(case)
        new = TEN + 3 * HOUR
        revision = promises.decide_revision(
            promise_id=call.pk,
            earliest_at=new,
            due_at=new + HOUR,
            cause="The owner is in a meeting.",
            by=case.owner,
            now=MONDAY,
        )
        promises.record_told(
            revision_id=revision.pk, at=MONDAY, channel=Channel.PHONE, evidence="Told her.",
            now=MONDAY,
        )  # fmt: skip

        ticks.tick(now=TEN)
        assert not Letter.objects.exists()
        ticks.tick(now=new - 5 * MINUTE)

        assert "between 14:00 and 15:00" in Letter.objects.get().words
