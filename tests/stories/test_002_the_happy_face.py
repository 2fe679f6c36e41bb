"""Story 002 with a good ending: the credit is offered before it is asked for, and given gladly."""

from datetime import timedelta

import pytest

from clock import SimulatedClock
from makegood.actions import approvals, contacts, remedies
from makegood.actions.approvals import Answer
from makegood.actions.contacts import Touch
from makegood.queries import verify
from makegood.queries.case_effort import read_effort
from makegood.queries.remedies import find_offer
from makegood.records.models import Direction, Remedy, TimelineEntry
from makegood.rules.promises import Channel
from makegood.rules.remedies import CannotRefuseError
from makegood.rules.severity import Function
from makegood.rules.wording.check import check
from makegood.rules.wording.findings import Context
from money_world import a_wish, arrive, limits, may_give
from world import MONDAY, a_case, a_customer, a_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def michael():
    """A customer whom the carrier has wronged, on the phone."""
    case = a_case(
        customer=a_customer("Michael Hess"), title="Number was moved by mistake",
        function=Function.CONNECTION,
    )  # fmt: skip
    call = Touch(
        channel=Channel.PHONE, direction=Direction.INBOUND, at=MONDAY, hold_minutes=5,
        talk_minutes=5,
    )  # fmt: skip
    contacts.record_contact(case.pk, call, now=MONDAY)
    return case


def offer_to(case, agent):
    effort = read_effort(case.pk)
    return find_offer(case.pk, "goodwill", reader=agent, effort=effort, now=MONDAY)


def test_the_credit_is_offered_in_the_first_minutes_given_in_one_act_and_unqualified(michael):
    agent = a_person()
    may_give(agent, held=limits(5_000, 50_000))
    offer = offer_to(michael, agent)
    assert offer.may_give
    assert check(offer.sentence, context=Context(our_fault=True, grant=True)).findings == ()

    wish = a_wish(offer.terms.amount_minor, because=offer.terms.because)
    remedy = remedies.grant(michael.pk, wish, by=agent, now=MONDAY + timedelta(minutes=3))
    arrive(remedy, at=MONDAY + timedelta(minutes=5))

    assert Remedy.objects.get().outcome == "arrived"
    assert remedy.granted_at - michael.known_at <= timedelta(minutes=15)
    assert michael.contacts.count() == 1, "nobody had to call again"
    assert not TimelineEntry.objects.filter(kind="remedy_withheld").exists()
    assert verify.run() == []


def test_an_agent_who_may_give_it_cannot_say_that_it_cannot_be_given(michael):
    agent = a_person()
    may_give(agent, held=limits(5_000, 50_000))
    with pytest.raises(CannotRefuseError):
        remedies.check_refusal(michael.pk, offer_to(michael, agent).terms, by=agent, now=MONDAY)


def test_beyond_the_agents_authority_the_lead_decides_and_the_customer_never_asks(michael):
    agent, lead = a_person(), michael.team.lead
    may_give(agent, held=limits(500, 5_000))
    may_give(lead, held=limits(50_000, 90_000))
    clock = SimulatedClock(MONDAY)
    request = approvals.ask(michael.pk, a_wish(10_000), by=agent, now=clock.now)
    clock.wait(minutes=20)

    remedy = approvals.decide(request.pk, Answer(approve=True), by=lead, now=clock.now)

    for hidden in ("approv", "limit", "authority", lead.name):
        assert hidden not in remedy.promise.words
    assert michael.contacts.count() == 1
    assert verify.run() == []
