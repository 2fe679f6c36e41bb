"""The case on one screen: true, complete, in the reader's time, with erased words said erased."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from busy_day import NOW, BusyDay, a_busy_day, at, many_promises, open_promise
from makegood.actions import cases, contacts, links, promises
from makegood.actions.contacts import Touch
from makegood.clockwork import ticks
from makegood.queries.case_page import CasePage, get_case_page
from makegood.queries.customer_page import get_customer_page
from makegood.records.models import Direction, Escalation, TimelineText
from makegood.rules.promises import Channel, Standing
from money_world import a_remedy, arrive
from world import a_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def day() -> BusyDay:
    return a_busy_day()


def _page(case, day, *, now=NOW, **more) -> CasePage:
    return get_case_page(case.pk, reader=day.laura, now=now, **more)


def test_the_top_says_what_for_whom_since_when_and_who_owns_it(day):
    page = _page(day.bin, day)

    assert (page.title, page.customer.name) == ("Food bin not collected on Friday", "David Taylor")
    assert (page.asset, page.place) == ("food bin", "12 Elm Road")
    assert page.since.words == "07:00 on Friday 29 May"
    assert (page.severity, page.reports) == (2, 2)
    assert "reported 2 times" in page.severity_because
    assert (page.owner, page.is_mine) == ("Laura Bennett", True)
    assert page.next is not None
    assert page.next.words == "I ring you before I go home."


def test_a_broken_promise_stays_visible_beside_the_open_ones(day):
    page = _page(day.bin, day)

    assert [card.standing for card in page.settled][-1] in {Standing.BROKEN, Standing.KEPT}
    broken = next(card for card in page.settled if card.standing is Standing.BROKEN)
    assert broken.words == "The crew will come by this morning."
    assert [card.due.words for card in page.open] == [
        "by 17:00 today",
        "between Wednesday 3 June and Friday 5 June",
    ]


def test_the_effort_account_adds_up_and_says_what_was_estimated(day):
    effort = _page(day.bin, day).effort

    assert (effort.contacts, effort.by_customer, effort.time) == (2, 2, "26 min")
    assert effort.is_estimated

    touch = Touch(
        channel=Channel.PHONE,
        direction=Direction.OUTBOUND,
        at=NOW,
        money_minor=1250,
        currency="GBP",
    )
    contacts.record_contact(day.bin.pk, touch, now=NOW)
    effort = _page(day.bin, day).effort
    assert (effort.contacts, effort.by_customer, effort.money) == (3, 2, ("£12.50",))
    assert (effort.came_back, effort.still_open) == ((), ("£12.50",))


@pytest.mark.parametrize(
    ("minor", "came_back", "still_open"),
    [(1_000, ("£10.00",), ("£2.50",)), (1_250, ("£12.50",), ()), (2_000, ("£20.00",), ())],
)
def test_what_arrived_settles_what_was_lost_until_nothing_is_open(
    day, minor, came_back, still_open
):
    touch = Touch(
        channel=Channel.PHONE, direction=Direction.INBOUND, at=NOW, money_minor=1250, currency="GBP"
    )  # fmt: skip
    contacts.record_contact(day.bin.pk, touch, now=NOW)
    remedy = a_remedy(minor, case=day.bin, by=day.laura, now=NOW)
    promised = _page(day.bin, day).effort

    arrive(remedy, at=NOW)

    effort = _page(day.bin, day).effort
    assert (promised.came_back, promised.still_open) == ((), ("£12.50",))
    assert (effort.contacts, effort.money) == (3, ("£12.50",))
    assert (effort.came_back, effort.still_open) == (came_back, still_open)


def test_the_timeline_tells_in_sentences_newest_first(day):
    sentences = [event.sentence for event in _page(day.alarm, day).events]

    assert sentences[-1] == "Case opened as P1 (security lost). Laura Bennett owns it."
    assert "Laura Bennett promised, by phone." in sentences
    assert "Broken." in sentences
    assert "The customer reached us by phone." in sentences
    assert sentences[0] == "Laura Bennett was told, as owner: it may break."


def test_who_is_told_for_want_of_anybody_on_duty_is_not_said_to_be_passed_over(day):
    told = Escalation.objects.filter(promise__case=day.alarm).latest("told_at")
    laura = {"role": "owner", "person": told.staff_id, "why": "Laura Bennett is off duty"}
    lead = {"role": "lead", "person": None, "why": "Grace Lind is off duty"}
    Escalation.objects.filter(pk=told.pk).update(skipped=[laura, lead])

    sentences = [event.sentence for event in _page(day.alarm, day).events]

    assert any(each.endswith("Passed over: Grace Lind is off duty.") for each in sentences)
    assert not any("Laura Bennett is off duty" in each for each in sentences)


def test_words_that_were_erased_are_said_erased(day):
    TimelineText.objects.filter(case=day.alarm).delete()

    events = _page(day.alarm, day).events

    opened = events[-1]
    assert (opened.is_erased, opened.quote) == (True, "")
    assert not any(event.is_erased for event in events if "Broken" in event.sentence)


def test_what_was_recorded_late_says_when(day):
    touch = Touch(channel=Channel.PHONE, direction=Direction.INBOUND, at=at(11), note="Rang.")
    contacts.record_contact(day.alarm.pk, touch, now=NOW)

    newest = _page(day.alarm, day).events[0]

    assert newest.at.words == "11:00 today"
    assert newest.recorded is not None
    assert newest.recorded.words == "13:38 today"


def test_a_revision_shows_old_and_new_until_it_is_told(day):
    call = open_promise(day.bill, "I'll call")
    revision = promises.decide_revision(
        promise_id=call.pk, due_at=at(16), cause="The bank is slow.", by=day.laura, now=NOW
    )
    card = next(card for card in _page(day.bill, day).open if card.id == call.pk)
    assert card.untold is not None
    assert (card.untold.old.words, card.untold.new.words) == ("by 14:00 today", "by 16:00 today")
    assert card.due.words == "by 14:00 today"

    promises.record_told(
        revision_id=revision.pk, at=NOW, channel=Channel.PHONE, evidence="She agreed.", now=NOW
    )

    card = next(card for card in _page(day.bill, day).open if card.id == call.pk)
    assert card.untold is None
    assert card.due.words == "by 16:00 today"
    assert card.first_due is not None
    assert card.first_due.words == "by 14:00 today"


def test_a_handover_shows_to_whom_and_whether_it_is_the_reader(day):
    page = _page(day.offered, day)

    assert page.handover is not None
    assert (page.handover.to_name, page.handover.is_for_reader) == ("Laura Bennett", True)
    assert page.customer.wall_time == "14:38"

    other = get_case_page(day.offered.pk, reader=a_person("Priya Shah"), now=NOW)
    assert other.handover is not None
    assert not other.handover.is_for_reader


def test_an_absent_owner_is_said_absent(day):
    page = _page(day.covered, day)

    assert page.owner_absent_until is not None
    assert page.owner_absent_until.words == "17:00 on Wednesday 3 June"


def test_live_links_are_counted_and_revoked_ones_are_not(day):
    links.mint_link(day.bin.pk, now=NOW)
    assert _page(day.bin, day).links == 2

    links.revoke_links(day.bin.pk, by=day.laura, now=NOW)
    assert _page(day.bin, day).links == 0


def test_a_closed_case_says_when(day):
    answer = contacts.record_contact(
        day.lengthy.pk,
        Touch(channel=Channel.PHONE, direction=Direction.INBOUND, at=NOW, note="It is right."),
        now=NOW,
    )
    cases.close_case(case_id=day.lengthy.pk, answer=answer, now=NOW)

    page = _page(day.lengthy, day)

    assert page.closed is not None
    assert (page.open, page.next) == ((), None)


def test_a_long_timeline_is_cut_and_can_be_shown_whole(day):
    for number in range(110):
        touch = Touch(
            channel=Channel.SMS, direction=Direction.OUTBOUND, at=NOW, note=f"Note {number}."
        )
        contacts.record_contact(day.bin.pk, touch, now=NOW)

    cut = _page(day.bin, day)
    whole = _page(day.bin, day, all_events=True)

    assert (len(cut.events), cut.has_older_events) == (20, True)
    assert (len(whole.events) > 110, whole.has_older_events) == (True, False)


def test_the_same_person_told_again_and_again_stands_once(day):
    for round_ in range(1, 30):
        ticks.tick(now=NOW + timedelta(minutes=30 * round_))

    events = _page(day.bill, day).events

    for one, other in pairwise(events):
        both_tell = one.icon == other.icon == "bell"
        assert not both_tell or one.sentence != other.sentence
    again = next(event for event in events if event.times > 1)
    assert again.first is not None
    assert again.first.iso < again.at.iso


def test_a_promise_for_a_day_broke_with_the_day_and_not_at_a_clock_time(day):
    ticks.tick(now=NOW + timedelta(days=6))

    page = _page(day.bin, day, now=NOW + timedelta(days=6))

    broken = next(
        event
        for event in page.events
        if event.sentence == "Broken." and event.about.startswith("Collected")
    )
    assert broken.at.words == "Friday 5 June"
    line = next(
        line
        for line in get_customer_page(day.bin.pk, now=NOW + timedelta(days=6)).lines
        if line.kind == "broken" and line.words.startswith("Collected")
    )
    assert line.at.words == "Friday 5 June"


def test_the_number_of_queries_does_not_grow_with_the_promises(day):
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            _page(day.bin, day)
        return len(captured)

    before = count()
    many_promises(day.bin, 20)
    ticks.tick(now=NOW + timedelta(hours=6))

    assert count() == before <= 20


def test_a_very_long_case_shows_what_one_can_look_over_until_all_is_asked_for(day):
    many_promises(day.bin, 20)
    for promise in day.bin.promises.still_open().filter(words__startswith="Promise "):
        promises.keep_promise(
            promise_id=promise.pk, at=NOW, evidence="Done.", by=day.laura, now=NOW
        )

    short = get_case_page(day.bin.pk, reader=day.laura, now=NOW)
    whole = get_case_page(day.bin.pk, reader=day.laura, now=NOW, all_events=True)

    assert len(short.settled) < len(whole.settled)
    assert short.has_older_events
    assert (short.open, short.steps) == (whole.open, whole.steps)
