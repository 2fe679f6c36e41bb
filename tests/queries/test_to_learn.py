"""What is to be learned stands on My word of whoever has it, and goes when they have seen to it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from honour_world import a_call, a_doubt, a_keeper
from learning_world import LATE_LORRY, a_closed_case, a_lead, a_lesson
from makegood.actions import contacts, doubt_answers, lessons, reopening, repeats
from makegood.queries.promise_board import get_board
from makegood.queries.to_learn import ToLearn, Wants
from makegood.records.models import Case, Doubt, Lesson, Repeat, Staff
from makegood.rules.doubts import Verdict
from world import MONDAY, a_bin, a_case, a_customer, a_person

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
LATER = MONDAY + 2 * HOUR


def to_learn(reader: Staff, *, now=LATER) -> tuple[ToLearn, ...]:
    return get_board(reader, now=now).waiting.lessons


def a_card() -> Repeat:
    bin_ = a_bin(a_customer())
    pair = [a_case(customer=bin_.customer, asset=bin_) for _ in range(2)]
    repeats.look([case.pk for case in pair], now=MONDAY)
    return Repeat.objects.get()


def test_whoever_is_asked_why_sees_the_closed_case_and_by_when_until_it_is_said():
    case = a_closed_case()
    asked = Lesson.objects.get().asked

    (one,) = to_learn(asked)
    assert (one.wants, one.reference, one.is_late) == (Wants.CAUSE, case.reference, False)
    assert one.due is not None
    (late,) = to_learn(asked, now=Lesson.objects.get().due_at)
    assert late.is_late

    a_lesson(case, now=LATER)
    assert to_learn(asked) == ()


def test_a_case_that_was_opened_again_is_asked_about_when_it_closes_again():
    case = a_closed_case()
    asked = Lesson.objects.get().asked

    no = contacts.record_contact(case.pk, a_call("It leaks.", now=LATER), now=LATER)
    reopening.reopen_case(case_id=case.pk, answer=no, now=LATER)

    assert to_learn(asked) == ()


def test_whoever_sees_to_a_gap_has_it_before_them_until_it_is_closed():
    owner = a_lead()
    lesson = a_lesson(a_closed_case(), gap="When the depot opens", owner=owner, now=LATER)

    (one,) = to_learn(owner)
    assert (one.wants, one.id, one.words) == (Wants.GAP, lesson.pk, "When the depot opens")
    assert one.due is None
    assert to_learn(a_person("Somebody Else")) == ()

    lessons.close_gap(lesson.pk, learned="It opens at six.", by=owner, now=LATER)
    assert to_learn(owner) == ()


def test_what_was_said_wrongly_stands_before_whoever_sees_that_it_is_not_said_again():
    doubt = a_doubt(a_case(), now=MONDAY)
    doubt_answers.answer(
        doubt.pk, Verdict.ARTICLE_WRONG, why="The leaflet is old.", by=a_keeper(), now=LATER
    )
    owner = Doubt.objects.get().gap_owner
    assert owner is not None

    (one,) = to_learn(owner)

    assert (one.wants, one.article, one.words) == (Wants.ARTICLE, doubt.article_id, doubt.figure)


def test_what_came_again_stands_before_whoever_has_it_with_its_name_and_its_latest_case():
    card = a_card()

    (one,) = to_learn(card.owner)

    assert (one.wants, one.id) == (Wants.AGAIN, card.pk)
    assert (one.words, one.title) == ("food bin", Case.objects.latest("pk").title)


def test_a_cause_that_came_again_is_called_by_its_name():
    three = [a_closed_case(customer=a_customer(f"No {number}")) for number in range(3)]
    for case in three:
        a_lesson(case, now=LATER)
    repeats.look([case.pk for case in three], now=LATER)
    card = Repeat.objects.get(kind="cause")

    found = [one.words for one in to_learn(card.owner) if one.wants is Wants.AGAIN]

    assert found == [LATE_LORRY]


def test_however_much_is_to_be_learned_it_takes_one_question_and_none_if_there_is_nothing():
    reader = a_person()
    counts = []
    for closed in (0, 1, 3):
        for number in range(closed):
            a_closed_case(customer=a_customer(f"No {closed}.{number}"), owner=reader)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            get_board(reader, now=LATER)
        counts.append(len(asked))

    assert counts[1] == counts[0] + 1
    assert counts[2] == counts[1]
