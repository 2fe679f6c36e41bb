"""An honest end without a yes: after the whole ladder, by its top, with where to turn."""

import pytest

from asking import FAREWELL, HOUR, a_call, a_case_put_right, a_visit, climb
from makegood.actions import corrections, escalation, partings, reopening
from makegood.actions.cases import CaseClosedError, StillPromisedError
from makegood.actions.partings import EverybodyKnowsError
from makegood.queries import verify
from makegood.records.models import Escalation, Message, Parting
from makegood.rules.askings import NotAfterTheLadderError
from world import MONDAY, a_person

pytestmark = pytest.mark.django_db

DONE = MONDAY + HOUR


@pytest.fixture
def case():
    return a_case_put_right()


def the_executive(case):
    return case.team.executive


def test_each_rung_hears_that_the_customer_is_not_satisfied(case):
    told = []
    for _rung in range(3):
        heard = partings.take_up(case.pk, by=case.owner, now=DONE)
        escalation.acknowledge(escalation_id=heard.pk, by=heard.staff, now=DONE)
        told.append((heard.role, heard.reason))

    assert told == [(role, "unsatisfied") for role in ("lead", "head", "executive")]
    with pytest.raises(EverybodyKnowsError):
        partings.take_up(case.pk, by=case.owner, now=DONE)


def test_the_top_of_the_ladder_ends_it_and_says_where_to_turn(case):
    climb(case, now=DONE)
    parting = partings.part(case.pk, FAREWELL, by=the_executive(case), now=DONE + HOUR)

    case.refresh_from_db()
    assert case.closed_by_parting == parting
    assert Message.objects.get(kind="parting").words == FAREWELL.words
    assert "ombudsman" in parting.route
    assert verify.run() == []


def test_nobody_ends_it_before_everybody_has_tried(case):
    with pytest.raises(NotAfterTheLadderError):
        partings.part(case.pk, FAREWELL, by=the_executive(case), now=DONE)

    for _rung in range(2):
        told = partings.take_up(case.pk, by=case.owner, now=DONE)
        escalation.acknowledge(escalation_id=told.pk, by=told.staff, now=DONE)
    with pytest.raises(NotAfterTheLadderError):
        partings.part(case.pk, FAREWELL, by=the_executive(case), now=DONE)
    assert not Parting.objects.exists()


def test_being_told_is_not_enough_they_must_have_heard_it(case):
    for _rung in range(3):
        partings.take_up(case.pk, by=case.owner, now=DONE)
    assert Escalation.objects.count() == 3

    with pytest.raises(NotAfterTheLadderError):
        partings.part(case.pk, FAREWELL, by=the_executive(case), now=DONE)


@pytest.mark.parametrize("who", ["lead", "head"])
def test_nobody_below_the_top_ends_it(case, who):
    climb(case, now=DONE)
    with pytest.raises(NotAfterTheLadderError):
        partings.part(case.pk, FAREWELL, by=getattr(case.team, who), now=DONE)


def test_a_promise_is_kept_before_anybody_parts(case):
    climb(case, now=DONE)
    a_visit(case, now=DONE)
    with pytest.raises(StillPromisedError):
        partings.part(case.pk, FAREWELL, by=the_executive(case), now=DONE)


def test_it_opens_again_by_the_customers_word_and_ends_once(case):
    climb(case, now=DONE)
    partings.part(case.pk, FAREWELL, by=the_executive(case), now=DONE)
    with pytest.raises(CaseClosedError):
        partings.part(case.pk, FAREWELL, by=the_executive(case), now=DONE)
    with pytest.raises(CaseClosedError):
        partings.take_up(case.pk, by=case.owner, now=DONE)

    no = a_call(case, "This is not over.", now=DONE + HOUR, is_answer=True)
    opened = reopening.reopen_case(case_id=case.pk, answer=no, now=DONE + HOUR)
    assert opened.closed_by_parting is None
    assert verify.run() == []


def test_a_parting_by_mistake_is_taken_back(case):
    climb(case, now=DONE)
    partings.part(case.pk, FAREWELL, by=the_executive(case), now=DONE)

    corrections.take_back_closing(case_id=case.pk, why="Wrong case.", by=a_person(), now=DONE)

    case.refresh_from_db()
    assert (case.closed_at, case.promises.still_open().count()) == (None, 1)
    assert Parting.objects.count() == 1, "it stays on record"
