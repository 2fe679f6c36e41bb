"""A case that was closed wrongly opens again: at once or within a month, and nothing is erased."""

from datetime import timedelta

import pytest

from asking import HOUR, a_call, a_case_put_right
from makegood.actions import cases, corrections
from makegood.actions.cases import CaseOpenError
from makegood.queries import verify
from makegood.rules.undoing import REOPEN_FOR, TooLateToUndoError
from world import MONDAY, a_person

pytestmark = pytest.mark.django_db

DONE = MONDAY + HOUR


@pytest.fixture
def closed():
    case = a_case_put_right()
    yes = a_call(case, "It is right.", now=DONE, is_answer=True)
    return cases.close_case(case_id=case.pk, answer=yes, now=DONE)


def take_back(case, *, now):
    return corrections.take_back_closing(
        case_id=case.pk, why="That was Ms Ortiz.", by=a_person(), now=now
    )


def test_a_slip_takes_the_answer_back_that_was_written_with_it(closed):
    answer = closed.closed_by_contact
    opened = take_back(closed, now=DONE + timedelta(minutes=5))

    answer.refresh_from_db()
    assert answer.withdrawn_at is not None
    assert (opened.closed_at, opened.owner) == (None, a_person())
    assert opened.promises.still_open().count() == 1
    assert verify.run() == []


def test_later_the_contact_stands_and_the_case_opens(closed):
    answer = closed.closed_by_contact
    opened = take_back(closed, now=DONE + timedelta(days=3))

    answer.refresh_from_db()
    assert (opened.closed_at, answer.withdrawn_at) == (None, None)
    assert opened.timeline.filter(kind="closing_taken_back").exists()


def test_after_a_month_only_the_customer_opens_it(closed):
    with pytest.raises(TooLateToUndoError):
        take_back(closed, now=DONE + REOPEN_FOR + timedelta(seconds=1))
    closed.refresh_from_db()
    assert closed.closed_at is not None


def test_what_is_open_was_not_closed_wrongly(closed):
    take_back(closed, now=DONE + HOUR)
    with pytest.raises(CaseOpenError):
        take_back(closed, now=DONE + HOUR)
