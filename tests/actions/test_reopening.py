"""A no reopens a case that is open only to be given something, and follows its incident."""

import pytest

from asking import a_call
from given_world import LATER, SAID, arrives, close, publish
from incident_world import HOUR, a_truth, an_outage, declare, subscribers
from makegood.actions import case_answers, incidents, reopening, replies, wants
from makegood.actions.cases import CaseOpenError
from makegood.actions.contacts import Touch
from makegood.clockwork.spreading import sweep_incidents
from makegood.queries import verify
from makegood.queries.case_page import get_case_page
from makegood.queries.metrics.facts import read_facts
from makegood.records.models import Case, Direction, Incident, Staff
from makegood.rules.promises import Channel
from visit_world import a_sender
from world import MONDAY, a_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _every_law_holds():
    yield
    assert verify.run() == []


@pytest.fixture
def incident() -> Incident:
    subscribers("EX4 4QJ", "EX4 4QK", "EX4 4QL", email="ann@example.org")
    found = declare()
    sweep_incidents(now=MONDAY)
    return found


def not_right_on_their_page(case: Case) -> None:
    replies.say_not_right(a_sender(case), "A line that works.", now=LATER)


def not_right_on_the_phone(case: Case) -> None:
    touch = Touch(channel=Channel.PHONE, direction=Direction.INBOUND, at=LATER, note="It is dead.")
    case_answers.is_not_right(case.pk, touch, now=LATER)


def a_want_on_the_phone(case: Case) -> None:
    touch = Touch(channel=Channel.PHONE, direction=Direction.INBOUND, at=LATER, note="And?")
    wants.take(case.pk, "A line that works.", touch=touch, now=LATER)


def can_reopen(case: Case) -> bool:
    return get_case_page(case.pk, reader=a_person(), now=LATER).can_reopen


@pytest.mark.parametrize(
    "say", [not_right_on_their_page, not_right_on_the_phone, a_want_on_the_phone]
)
def test_whose_case_is_open_to_be_given_something_reopens_it_by_saying_it_is_not_right(
    incident, say
):
    first = Case.objects.order_by("pk").first()
    owner = close(first).owner
    publish(incident)
    assert can_reopen(first)

    say(first)

    arrives(first)
    assert not can_reopen(first)
    [reopened] = first.timeline.filter(kind="case_reopened")
    assert (reopened.happened_at, first.closed_at, first.owner) == (LATER, None, owner)
    assert {one.kind for one in first.promises.still_open()} == {"news"}
    [closing] = read_facts([first.pk], as_of=LATER + 2 * HOUR)[0].closings
    assert (closing.reopened_at, closing.is_mistake) == (LATER, False)


def test_a_case_that_was_reopened_so_is_open_and_not_opened_once_more(incident):
    first = Case.objects.order_by("pk").first()
    close(first)
    publish(incident)
    not_right_on_their_page(first)

    with pytest.raises(CaseOpenError):
        not_right_on_the_phone(first)


def merge(part: Incident, whole: Incident, *, by: Staff) -> None:
    incidents.merge(part.pk, whole.pk, a_truth("It is one.", now=SAID), by=by, now=SAID)


def test_a_case_that_opens_again_belongs_to_the_whole_of_which_its_incident_became_a_part(incident):
    closed, told = Case.objects.order_by("pk")[:2]
    close(closed)
    middle, whole = declare(an_outage(area="EX5")), declare(an_outage(area="EX6"))
    sweep_incidents(now=SAID)
    merge(incident, middle, by=a_person())
    merge(middle, whole, by=a_person())  # before anybody of the first has heard
    sweep_incidents(now=SAID)

    answer = a_call(closed, "It is dead again.", now=SAID)
    reopening.reopen_case(case_id=closed.pk, answer=answer, now=SAID)

    for case in (closed, told):
        case.refresh_from_db()
        assert case.incident == whole
