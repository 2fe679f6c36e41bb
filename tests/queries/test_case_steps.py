"""The six steps follow from the records: nobody ticks them off, and nobody can forget to."""

from datetime import timedelta
from uuid import uuid4

import pytest

from incident_world import a_truth, an_outage, declare, subscribers
from makegood.actions import (
    case_answers,
    cases,
    contacts,
    corrections,
    incidents,
    links,
    promises,
    replies,
)
from makegood.actions.contacts import Touch
from makegood.actions.replies import Sender
from makegood.clockwork import ticks
from makegood.clockwork.spreading import sweep_incidents
from makegood.queries.case_page import get_case_page
from makegood.queries.case_steps import State, Step
from makegood.queries.case_steps import owing as owing_steps
from makegood.records.models import Case, CaseLink, Direction, Incident, PromiseKind
from makegood.rules.promises import Channel
from world import MONDAY, a_case, a_person, a_word

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def steps(case, *, now=MONDAY) -> dict[str, str]:
    page = get_case_page(case.pk, reader=a_person(), now=now)
    return {step.key: step.state.value for step in page.steps}


def a_visit(case, **more):
    word = a_word(kind=PromiseKind.VISIT, words="The crew comes by noon.", **more)
    return promises.make_promise(case.pk, word, now=MONDAY)


def keep(promise, *, now):
    return promises.keep_promise(
        promise_id=promise.pk, at=now, evidence="Seen.", by=a_person(), now=now
    )


def test_a_new_case_is_owned_and_the_rest_is_open():
    assert steps(a_case()) == {
        "owned": "done",
        "apologised": "open",
        "corrected": "open",
        "made_good": "open",
        "asked": "open",
        "closed": "open",
    }


@pytest.mark.parametrize(
    ("ends", "corrected"), [(incidents.end, "done"), (incidents.find_false, "open")]
)
def test_the_end_of_what_hit_many_corrects_each_unless_there_was_nothing(ends, corrected):
    subscribers("EX4 4QJ")
    incident = declare()
    sweep_incidents(now=MONDAY)
    case = Case.objects.get()
    assert steps(case)["corrected"] == "open"
    at = {"at": MONDAY + HOUR} if ends is incidents.end else {}

    ends(
        incident.pk, a_truth(now=MONDAY + HOUR), evidence="Seen.", by=a_person(),
        now=MONDAY + HOUR, **at,
    )  # fmt: skip

    assert steps(case, now=MONDAY + HOUR)["corrected"] == corrected


def one_of_many() -> tuple[Case, Incident]:
    subscribers("EX4 4QJ")
    incident = declare()
    sweep_incidents(now=MONDAY)
    return Case.objects.get(), incident


def over(incident: Incident) -> None:
    incidents.end(
        incident.pk, a_truth(now=MONDAY + HOUR), evidence="Seen.", by=a_person(),
        now=MONDAY + HOUR, at=MONDAY + HOUR,
    )  # fmt: skip
    sweep_incidents(now=MONDAY + HOUR)


def says(answer, case: Case, *, at) -> None:
    touch = Touch(channel=Channel.PHONE, direction=Direction.INBOUND, at=at)
    answer(case.pk, touch, now=at)


def test_whom_we_promised_a_visit_after_the_end_is_not_corrected_by_it_when_that_broke():
    case, incident = one_of_many()
    over(incident)
    a_visit(case, due_at=MONDAY + 3 * HOUR)

    ticks.tick(now=MONDAY + 5 * HOUR)

    assert steps(case, now=MONDAY + 5 * HOUR)["corrected"] == "open"


def test_whoever_says_after_the_end_that_it_is_not_right_is_not_corrected_by_it():
    case, incident = one_of_many()
    over(incident)
    says(case_answers.is_right, case, at=MONDAY + 2 * HOUR)
    assert steps(case, now=MONDAY + 2 * HOUR)["corrected"] == "done"

    says(case_answers.is_not_right, case, at=MONDAY + 3 * HOUR)

    assert steps(case, now=MONDAY + 3 * HOUR)["corrected"] == "open"


def test_whoever_writes_on_their_page_that_it_is_not_right_is_not_corrected_by_the_end():
    case, incident = one_of_many()
    over(incident)
    links.mint_link(case.pk, now=MONDAY)
    link = CaseLink.objects.get(case=case)
    sender = Sender(link=link.pk, case=case.pk, form=uuid4())

    replies.say_not_right(sender, "", now=MONDAY + 2 * HOUR)

    assert steps(case, now=MONDAY + 2 * HOUR)["corrected"] == "open"


def test_that_a_failure_is_part_of_a_larger_one_corrects_nobody():
    subscribers("EX4 4QJ", "EX4 4QK", "EX2 1AA", email="ann@example.org")
    street, town = declare(), declare(an_outage("EX2"))
    sweep_incidents(now=MONDAY)
    still_open, closed = Case.objects.filter(incident=street).order_by("pk")
    says(case_answers.is_right, closed, at=MONDAY + HOUR)

    truth = a_truth("It is the whole town.", now=MONDAY + HOUR)
    incidents.merge(street.pk, town.pk, truth, by=a_person(), now=MONDAY + HOUR)

    for case in (still_open, closed):
        assert steps(case, now=MONDAY + HOUR)["corrected"] == "open"


def test_a_broken_promise_owes_an_apology_until_it_was_said():
    case = a_case()
    a_visit(case, due_at=MONDAY + HOUR)
    ticks.tick(now=MONDAY + 3 * HOUR)
    assert steps(case, now=MONDAY + 3 * HOUR)["apologised"] == "owed"

    contacts.record_said(
        message_id=case.messages.get().pk,
        words="I am sorry.",
        channel=Channel.PHONE,
        at=MONDAY + 3 * HOUR,
        by=a_person(),
        now=MONDAY + 3 * HOUR,
    )

    assert steps(case, now=MONDAY + 3 * HOUR)["apologised"] == "done"


def test_a_deed_is_promised_then_done_and_not_done_if_that_was_a_slip():
    case = a_case()
    visit = a_visit(case)
    assert steps(case)["corrected"] == "promised"

    keep(visit, now=MONDAY + HOUR)
    assert steps(case, now=MONDAY + HOUR)["corrected"] == "done"

    corrections.take_back_kept(promise_id=visit.pk, by=a_person(), now=MONDAY + HOUR)
    assert steps(case, now=MONDAY + HOUR)["corrected"] == "promised"


def test_a_call_corrects_nothing_and_a_redress_makes_good():
    case = a_case()
    keep(promises.make_promise(case.pk, a_word(), now=MONDAY), now=MONDAY + HOUR)
    word = a_word(kind=PromiseKind.REDRESS, words="Five pounds on your bill.")
    keep(promises.make_promise(case.pk, word, now=MONDAY), now=MONDAY + HOUR)

    now = steps(case, now=MONDAY + HOUR)

    assert (now["corrected"], now["made_good"]) == ("open", "done")


def test_the_customers_answer_closes_it():
    case = a_case()
    touch = Touch(channel=Channel.PHONE, direction=Direction.INBOUND, at=MONDAY + HOUR)
    answer = contacts.record_contact(case.pk, touch, now=MONDAY + HOUR)
    cases.close_case(case_id=case.pk, answer=answer, now=MONDAY + HOUR)

    now = steps(case, now=MONDAY + HOUR)

    assert (now["asked"], now["closed"]) == ("done", "done")


def test_what_is_owed_is_not_made_good_by_what_arrived_or_by_something_else_on_its_way():
    def owing(state: State) -> str:
        [step] = owing_steps((Step(key="made_good", state=state),))
        return step.state.value

    assert owing(State.DONE) == owing(State.OPEN) == owing(State.PROMISED) == "owed"
