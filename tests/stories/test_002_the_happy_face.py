"""Story 002 with a good ending: the credit is offered before it is asked for, and given gladly."""

import json
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


def test_what_is_said_names_the_amount_and_the_day_gladly_and_without_a_but(michael):
    agent = a_person()
    may_give(agent, held=limits(5_000, 50_000))
    offer = offer_to(michael, agent)

    wish = a_wish(offer.terms.amount_minor, because=offer.terms.because)
    remedy = remedies.grant(michael.pk, wish, by=agent, now=MONDAY)

    said = remedy.promise.words
    found = {finding.rule for finding in check(said, context=Context(grant=True)).findings}
    assert offer.what in said
    assert f"{remedy.promise.due_at:%A}" in said
    assert not found & {"QUALIFIER", "GRUDGE", "LIMIT_TALK", "CANT"}
    assert said == offer.sentence, "what the card showed is what is promised"


def test_what_was_refused_and_then_given_is_counted_and_a_gift_at_once_is_not(michael):
    agent = a_person()
    may_give(agent, held=limits(9_000, 50_000))
    other = a_case(customer=a_customer("Ann"), title="The same, given at once")
    terms = offer_to(michael, agent).terms

    remedies.withhold(michael.pk, terms, why="Policy.", asked=True, by=agent, now=MONDAY)
    remedies.grant(michael.pk, a_wish(2_500), by=agent, now=MONDAY + timedelta(minutes=20))
    remedies.grant(other.pk, a_wish(2_500), by=agent, now=MONDAY)

    granted = TimelineEntry.objects.filter(kind="remedy_granted").order_by("case__pk", "pk")
    relented = [json.loads(entry.body)["facts"]["relented"] for entry in granted]
    assert relented == [True, False]


def test_his_time_is_counted_once_and_weighs_in_what_he_is_offered(michael):
    agent = a_person()
    may_give(agent, held=limits(50_000, 90_000))
    at_first = offer_to(michael, agent).terms.amount_minor

    hours = Touch(
        channel=Channel.PHONE, direction=Direction.INBOUND, at=MONDAY, hold_minutes=120,
        talk_minutes=60,
    )  # fmt: skip
    contacts.record_contact(michael.pk, hours, now=MONDAY)

    effort = read_effort(michael.pk)
    assert (effort.by_customer, effort.minutes) == (2, 190)
    assert offer_to(michael, agent).terms.amount_minor > at_first
