"""My word: everything promised, soonest first, in the groups that want something of the reader."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from busy_day import NOW, BusyDay, a_busy_day, at, many_promises, open_promise
from honour_world import a_doubt
from makegood.actions import cases, doubt_answers, escalation, promises, staff
from makegood.clockwork import ticks
from makegood.queries.promise_board import ROWS_SHOWN, get_board
from makegood.records.models import Doubt, Escalation, Handover, Message
from makegood.rules.doubts import Verdict
from makegood.rules.promises import Standing
from world import MONDAY, a_case, a_person, a_word

pytestmark = pytest.mark.django_db


@pytest.fixture
def day() -> BusyDay:
    return a_busy_day()


def _words(board, key):
    return [row.words for group in board.groups if group.key == key for row in group.rows]


def test_promises_stand_in_the_group_of_what_they_want_soonest_first(day):
    board = get_board(day.laura, now=NOW)

    assert [group.key for group in board.groups] == ["broken", "at_risk", "today", "later"]
    assert board.to_put_right == 1
    assert "A technician will ring you with a time." in _words(board, "broken")
    call, news = _words(board, "at_risk")
    assert call == "I'll call you by two."
    assert news.startswith("You will hear from Laura Bennett with a new date by 14:17")
    later_call, own = _words(board, "today")
    assert later_call.startswith("Laura Bennett calls you between 14:00 and 15:00")
    assert own == "I ring you before I go home."


def test_the_headline_counts_today_and_names_the_next(day):
    board = get_board(day.laura, now=NOW)

    assert board.today == 4
    assert board.next is not None
    assert (board.next.due.words, board.next.due.relative) == ("by 14:00 today", "in 22 min")


def test_a_due_time_on_another_clock_is_said_beside(day):
    board = get_board(day.laura, now=NOW)
    call = next(
        row for group in board.groups for row in group.rows if row.words == "I'll call you by two."
    )

    assert call.due.words == "by 14:00 today"
    assert call.due_elsewhere == "by 15:00 today, Madrid time"


def test_past_its_time_and_not_yet_judged_is_neither_on_track_nor_at_risk(day):
    board = get_board(day.laura, now=at(14, 5))

    assert _words(board, "overdue")[-1] == "I'll call you by two."
    overdue = next(group for group in board.groups if group.key == "overdue")
    assert {row.standing for row in overdue.rows} == {Standing.OVERDUE}


def test_cases_of_somebody_absent_stand_on_the_covers_board_and_are_marked(day):
    board = get_board(day.laura, now=NOW)
    covered = [row for group in board.groups for row in group.rows if row.covered_for]

    assert {row.reference for row in covered} == {day.covered.reference}
    assert {row.covered_for for row in covered} == {"Tom Reed"}
    assert [name for name, _until in board.covers] == ["Tom Reed"]


def test_cover_goes_down_the_chain_and_ends_with_the_absence(day):
    priya = a_person("Priya Shah")
    staff.be_absent(day.laura, starts_at=NOW, ends_at=NOW + timedelta(hours=1), cover=priya)

    during = get_board(priya, now=NOW)
    after = get_board(priya, now=NOW + timedelta(hours=1))

    assert {name for name, _until in during.covers} == {"Tom Reed", "Laura Bennett"}
    assert after.covers == ()


def test_a_cover_who_has_left_passes_it_on_and_an_endless_circle_covers_nobody(day):
    left = a_person("Lee Left", cover=day.laura, is_active=False)
    sick = a_person("Sick Sam")
    staff.be_absent(sick, starts_at=NOW, ends_at=at(20), cover=left)
    one, two = a_person("One"), a_person("Two")
    staff.be_absent(one, starts_at=NOW, ends_at=at(20), cover=two)
    staff.be_absent(two, starts_at=NOW, ends_at=at(20), cover=one)

    assert "Sick Sam" in {name for name, _until in get_board(day.laura, now=NOW).covers}
    assert get_board(one, now=NOW).covers == ()


def test_what_was_told_waits_until_it_is_acknowledged_or_settled(day):
    told = get_board(day.laura, now=NOW).waiting.told
    assert told[0].about.severity == 1

    for telling in told:
        escalation.acknowledge(escalation_id=telling.id, by=day.laura, now=NOW)

    assert get_board(day.laura, now=NOW).waiting.told == ()
    assert Escalation.objects.filter(staff=day.laura).exists()


def test_an_offer_waits_for_the_person_who_was_asked(day):
    (offer,) = get_board(day.laura, now=NOW).waiting.offers
    assert (offer.asked_by, offer.why) == ("Priya Shah", "You know the deposit office.")

    cases.answer_handover(
        handover_id=Handover.objects.get().pk, accepts=True, by=day.laura, now=NOW
    )

    board = get_board(day.laura, now=NOW)
    assert board.waiting.offers == ()
    assert day.offered.reference in {row.reference for g in board.groups for row in g.rows}


def test_an_apology_is_owed_until_it_is_said(day):
    (owed,) = get_board(day.laura, now=NOW).waiting.owed

    assert owed.words == "A technician will ring you with a time."
    assert owed.about.reference == day.alarm.reference


def test_of_many_apologies_those_owed_longest_stand_first_and_the_rest_when_asked_for():
    case = a_case()
    Message.objects.bulk_create(
        Message(case=case, kind="apology", about=f"apology:{n}", queued_at=NOW - timedelta(hours=n))
        for n in range(12)
    )

    first = get_board(case.owner, now=NOW).waiting
    every = get_board(case.owner, now=NOW, everything=True).waiting

    assert (len(first.owed), first.apologies) == (10, 12)
    assert every.owed[:10] == first.owed
    assert len(every.owed) == 12


def test_a_date_decided_but_untold_is_marked(day):
    call = open_promise(day.bill, "I'll call")
    promises.decide_revision(
        promise_id=call.pk, due_at=at(16), cause="The bank is slow.", by=day.laura, now=NOW
    )

    rows = [row for group in get_board(day.laura, now=NOW).groups for row in group.rows]

    assert [row.id for row in rows if row.untold] == [call.pk]


def test_an_empty_desk_says_so():
    board = get_board(a_person("Nora New"), now=NOW)

    assert board.is_empty
    assert (board.today, board.next) == (0, None)


def test_the_number_of_queries_does_not_grow_with_the_promises(day):
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            get_board(day.laura, now=NOW)
        return len(captured)

    before = count()
    many_promises(day.bill, 20)

    assert count() == before <= 13


@pytest.mark.parametrize("count", [30, 60])
def test_every_broken_promise_is_counted_also_where_fewer_stand_on_the_page(count):
    case, later = a_case(), MONDAY + timedelta(hours=3)
    for number in range(count):
        word = a_word(words=f"Promise {number}.", due_at=MONDAY + timedelta(hours=2))
        promises.make_promise(case.pk, word, now=MONDAY)
    ticks.tick(now=later)

    first = get_board(case.owner, now=later)
    every = get_board(case.owner, now=later, everything=True)

    assert (first.to_put_right, len(_words(first, "broken"))) == (count, ROWS_SHOWN)
    assert (every.to_put_right, len(_words(every, "broken"))) == (count, count)


def test_broken_promises_of_somebody_else_are_not_counted(day):
    before = get_board(day.laura, now=NOW).to_put_right
    other = a_case(owner=a_person("Nora New"))
    promises.make_promise(other.pk, a_word(due_at=MONDAY + timedelta(hours=1)), now=MONDAY)
    ticks.tick(now=NOW)
    many_promises(day.bill, 40)  # more open ones than stand on the page

    assert get_board(day.laura, now=NOW).to_put_right == before == 1


def test_every_apology_owed_is_counted_and_none_hides_what_is_new_of_a_visit():
    case = a_case()
    queued = [NOW - timedelta(hours=n) for n in range(70)]
    Message.objects.bulk_create(
        Message(case=case, kind="apology", about=f"apology:{n}", queued_at=at)
        for n, at in enumerate(queued)
    )
    Message.objects.create(case=case, kind="visit", about="visit:1", words="Later.", queued_at=NOW)

    first = get_board(case.owner, now=NOW).waiting
    every = get_board(case.owner, now=NOW, everything=True).waiting

    assert (len(first.owed), first.apologies) == (10, 70)
    assert (len(every.owed), every.apologies) == (70, 70)
    assert [tell.words for tell in first.visits] == ["Later."]
    assert first.tellings == 1


def test_what_is_new_of_a_visit_waits_on_my_word_until_it_was_told():
    case = a_case()
    Message.objects.create(
        case=case, kind="visit", about="visit:1:moved", queued_at=NOW, words="We come on Tuesday."
    )

    waiting = get_board(case.owner, now=NOW).waiting

    assert [(one.about.reference, one.words) for one in waiting.visits] == [
        (case.reference, "We come on Tuesday.")
    ]
    assert not waiting.owed


def test_whoever_answers_for_what_is_doubted_sees_both_sources_and_the_clock():
    doubt = a_doubt(a_case(), now=NOW)

    (card,) = get_board(doubt.asked, now=NOW).doubts

    assert (card.holds, card.says, card.words) == (doubt.holds, doubt.says, doubt.words)
    assert card.may_answer
    assert card.act is not None
    assert card.act.relative == "in 5 min"


def test_a_doubt_stays_before_its_owner_when_it_was_passed_on_until_somebody_answers():
    doubt = a_doubt(a_case(), now=NOW)
    owner, lead = doubt.asked, a_person("Lena Lead")
    Doubt.objects.filter(pk=doubt.pk).update(role="lead", asked=lead)

    assert [len(get_board(one, now=NOW).doubts) for one in (owner, lead)] == [1, 1]

    doubt_answers.answer(doubt.pk, Verdict.BOTH_TRUE, why="Both run.", by=owner, now=NOW)

    assert [get_board(one, now=NOW).doubts for one in (owner, lead)] == [(), ()]
    assert get_board(a_person("Nora New"), now=NOW).doubts == ()


def test_doubts_are_read_by_one_query_however_many():
    doubt = a_doubt(a_case(), now=NOW)
    get_board(doubt.asked, now=NOW)  # the first of a process also asks what it remembers after

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            get_board(doubt.asked, now=NOW)
        return len(captured)

    before = count()
    for _ in range(3):
        a_doubt(a_case(), now=NOW)

    assert count() == before
