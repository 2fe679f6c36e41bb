"""What a case taught: asked for when it closes, and it never keeps one open."""

from datetime import timedelta

import pytest

from honour_world import a_call
from learning_world import LATE_LORRY, a_closed_case, a_lead, a_lesson, closed
from makegood.actions import asking_why, canary, contacts, lessons, reopening
from makegood.actions.lessons import Finding
from makegood.clockwork.learning import sweep_learning
from makegood.records.models import Case, Cause, Lesson, TimelineEntry
from makegood.records.next_due import next_due
from makegood.rules.learning import (
    NAME_WITHIN,
    CauseMissingError,
    GapClosedError,
    GapMissingError,
    NothingDoneError,
    NotYoursToLearnError,
)
from world import MONDAY, a_case, a_person, a_team

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_a_case_that_closes_asks_its_owner_why_it_happened_and_is_closed_all_the_same():
    case = a_closed_case()

    lesson = Lesson.objects.get(case=case)

    assert case.closed_at is not None
    assert (lesson.asked, lesson.cause) == (case.owner, None)
    assert lesson.act_at == lesson.asked_at + NAME_WITHIN
    assert next_due(now=MONDAY) <= lesson.act_at


def test_nobody_names_it_so_the_lead_is_asked_then_the_head_and_then_nobody():
    team, case = a_team(), a_closed_case()
    seen = []

    for days in (1, 3, 5, 7, 9):
        sweep_learning(now=MONDAY + days * DAY)
        lesson = Lesson.objects.get(case=case)
        seen.append((lesson.asked, lesson.act_at is None))

    assert seen == [
        (case.owner, False),
        (team.lead, False),
        (team.head, False),
        (team.head, True),
        (team.head, True),
    ]
    assert TimelineEntry.objects.filter(case=case, kind="cause_asked_of").count() == 2


def test_a_cause_is_named_once_however_it_is_written_and_nobody_is_asked_any_more():
    first, second = a_closed_case(), a_closed_case()

    a_lesson(first)
    lesson = a_lesson(second, f"  {LATE_LORRY.upper()} ")

    assert Cause.objects.get().name == LATE_LORRY
    assert (lesson.act_at, lesson.named_by) == (None, a_person())


def test_a_gap_has_an_owner_until_somebody_writes_what_was_learned():
    tom = a_person("Tom Reed")
    lesson = a_lesson(a_closed_case(), gap="When the depot opens", owner=tom)

    with pytest.raises(NotYoursToLearnError):
        lessons.close_gap(lesson.pk, learned="It opens at six.", by=a_person("Otto"), now=MONDAY)
    with pytest.raises(NothingDoneError):
        lessons.close_gap(lesson.pk, learned=" ", by=tom, now=MONDAY)
    closed_gap = lessons.close_gap(lesson.pk, learned="It opens at six.", by=tom, now=MONDAY)

    assert (closed_gap.gap_owner, closed_gap.gap_closed_by) == (tom, tom)
    with pytest.raises(GapClosedError):
        lessons.close_gap(lesson.pk, learned="Again.", by=a_lead(), now=MONDAY)


def test_another_gap_is_open_again_and_the_same_one_stays_closed():
    case = a_closed_case()
    lesson = a_lesson(case, gap="When the depot opens")
    lessons.close_gap(lesson.pk, learned="It opens at six.", by=a_person(), now=MONDAY)

    same = a_lesson(case, gap="When the depot opens")
    assert same.learned == "It opens at six."

    other = a_lesson(case, gap="Who has the key")
    assert (other.learned, other.gap_closed_at) == ("", None)


@pytest.mark.parametrize(
    ("finding", "refusal"),
    [
        (Finding(cause="  ", gap=None), CauseMissingError),
        (Finding(cause="The lorry", gap=" "), GapMissingError),
    ],
)
def test_a_cause_has_words_and_so_has_a_gap(finding, refusal):
    with pytest.raises(refusal):
        lessons.name(a_closed_case().pk, finding, by=a_person(), now=MONDAY)


def test_an_open_case_asks_nobody_and_one_that_closes_again_asks_once_more():
    case = a_closed_case()
    later = MONDAY + DAY

    reopening.reopen_case(case_id=case.pk, answer=a_contact(case, later), now=later)
    assert Lesson.objects.get(case=case).act_at is None

    closed(Case.objects.get(pk=case.pk), now=later + DAY)
    assert Lesson.objects.get(case=case).act_at == later + DAY + NAME_WITHIN


def test_what_was_named_is_not_asked_for_again():
    case = a_closed_case()
    named = a_lesson(case)

    asking_why.ask(case, now=MONDAY + DAY)

    assert Lesson.objects.get(case=case) == named
    assert Lesson.objects.get(case=case).act_at is None


def test_the_canary_teaches_nothing():
    canary.ensure(now=MONDAY)
    case = Case.objects.get(is_canary=True)

    asking_why.ask(case, now=MONDAY)

    assert not Lesson.objects.exists()


def test_a_cause_may_be_known_while_the_case_is_open():
    case = a_case()

    lesson = a_lesson(case)
    closed(case, now=MONDAY + DAY)

    assert Lesson.objects.get() == lesson
    assert Lesson.objects.get().act_at is None


def a_contact(case: Case, now):
    return contacts.record_contact(case.pk, a_call("Not right.", now=now), now=now, is_answer=True)
